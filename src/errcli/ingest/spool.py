"""Where does an event wait that could not be stored at once: a file of lines beside the store, shared by processes."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import msgspec

from errcli.errors import StoreIOError
from errcli.event import Event
from errcli.ingest.portions import portions

_PIECE = 1 << 20


def path_of(store: Path) -> Path:
    """Return the file in which events for a store wait."""
    return store.with_name(f"{store.name}.spool")


def put_aside(spool: Path, events: Iterable[Event]) -> None:
    """Add events as native lines, all of which are on disk when this returns, or none. Raises StoreIOError."""
    lines = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
    try:
        descriptor = os.open(spool, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _append(descriptor, [lines])
            _sync_folder(spool.parent)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreIOError(error.strerror or str(error), str(spool), "check disk space and permissions") from error


def _append(descriptor: int, pieces: Iterable[bytes]) -> None:
    """Write all pieces of whole lines or nothing, after the end of whatever an ended process left."""
    size = os.fstat(descriptor).st_size
    torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
    try:
        for piece in chain([b"\n"] if torn else [], pieces):
            rest = piece
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _sync_folder(folder: Path) -> None:
    """Have the names of new files on disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def waits(spool: Path) -> bool:
    """Whether any event waits."""
    return _taken(spool).exists() or (spool.exists() and spool.stat().st_size > 0)


def _taken(spool: Path) -> Path:
    """Return the file in which events are while they are taken in."""
    return spool.with_name(f"{spool.name}.taken")


@contextmanager
def emptied(spool: Path) -> Iterator[Iterator[list[Event | bytes]]]:
    """Give the block the events that wait, portion by portion; they are forgotten once it has stored all of them.

    While it does so they are in a file of their own, so that nobody who puts an event aside has to wait. A line that is
    no event, left by a process that ended in the middle of it, is given as it is. Ended by force the events stay, and
    are duplicates the next time.
    """
    if not waits(spool):
        yield iter(())
        return
    taken = _taken(spool)
    descriptor = _opened_alone(taken)
    try:
        if spool.exists():
            _move(spool, descriptor)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            file.seek(0)
            lines = filter(None, map(bytes.strip, file))
            yield ([_event_of(line) for line in portion] for portion in portions(lines, len))
        taken.unlink()
    finally:
        os.close(descriptor)


def _opened_alone(path: Path) -> int:
    """Open a file that whoever had it before may have deleted while this process waited for it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _move(spool: Path, to: int) -> None:
    """Move what waits to the end of another file; a kill in between leaves it in both."""
    descriptor = os.open(spool, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_size:
            _append(to, _pieces(descriptor))
            _sync_folder(spool.parent)
            os.ftruncate(descriptor, 0)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pieces(descriptor: int) -> Iterator[bytes]:
    """Yield what a file holds: it may be more than memory, or than one call of the system reads."""
    offset = 0
    while piece := os.pread(descriptor, _PIECE, offset):
        offset += len(piece)
        yield piece


def _event_of(line: bytes) -> Event | bytes:
    try:
        return msgspec.json.decode(line, type=Event)
    except msgspec.DecodeError:
        return line
