"""How is a file written so that nobody ever reads half of it?"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from errcli.errors import OutputError


def write_whole(name: str, data: bytes) -> None:
    """Write a file beside its place and then put it there; its mode is what the umask makes it. Raises OutputError.

    A link stays, and so does what is no file, a pipe or a device: that is written to.
    """
    try:
        path = Path(name).resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        raise OutputError(error.strerror or str(error), name, "give -o another file") from error


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
