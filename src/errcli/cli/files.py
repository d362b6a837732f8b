"""How is an answer written: to stdout, or as a file of which nobody ever reads half?"""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import typer

from errcli.errors import OutputError

STDOUT = "-"


def write_stdout(data: bytes) -> None:
    """Write bytes to stdout. Raises OutputError; a closed pipe ends the command quietly."""
    if sys.stdout is None:
        raise OutputError("closed", "stdout", "-o FILE writes the answer to a file")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # whoever read has enough; keep the interpreter from failing once more when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        raise OutputError(error.strerror or str(error), "stdout", "check disk space") from error


def write_whole(name: str, data: bytes) -> None:
    """Write a file beside its place and then put it there; a file that was there leaves it its mode.

    A link stays, and so does what is no file, a pipe or a device: that is written to, and so is a file in a folder in
    which no other can be made; one that may not be written is not replaced. Raises OutputError.
    """
    try:
        path = Path(name).resolve()
        if path.exists() and not (path.is_file() and all(os.access(each, os.W_OK) for each in (path, path.parent))):
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        raise OutputError(error.strerror or str(error), name, "give -o another file") from error


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            fresh.chmod(stat.S_IMODE(path.stat().st_mode))
        fresh.replace(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
