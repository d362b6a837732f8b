"""Where does an event wait that could not be stored at once: a file of lines beside the store, shared by processes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from errcli.errors import StoreIOError
from errcli.event import Event


def path_of(store: Path) -> Path:
    """Return the file in which events for a store wait."""
    return store.with_name(f"{store.name}.spool")


def put_aside(spool: Path, event: Event) -> None:
    """Add an event as a native line, which is on disk when this returns. Raises StoreIOError."""
    line = msgspec.json.encode(event) + b"\n"
    try:
        descriptor = os.open(spool, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreIOError(error.strerror or str(error), str(spool), "check disk space and permissions") from error


@contextmanager
def emptied(spool: Path) -> Iterator[bool]:
    """Give the block the spool alone, and empty it once the block has stored what is there; False where nothing is.

    Ended by force before that, the lines stay and are duplicates the next time.
    """
    try:
        descriptor = os.open(spool, os.O_RDWR)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        has_lines = os.fstat(descriptor).st_size > 0
        yield has_lines
        if has_lines:
            os.ftruncate(descriptor, 0)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
