"""How is a store read at leisure while others write? From a copy of its file, made without keeping anybody out.

Who has a store open to read keeps writers out for as long as a question takes. A copy takes no lock: it counts where no
process was writing before it or after it, and the file is the same. A writer changes the store's headers, or the log
beside it, with every commit, and never a block that these headers lead to.
"""

import fcntl
import glob
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from errcli.errors import ErrcliError, NoStoreError, StoreBusyError, StoreIOError
from errcli.store.connection import Store, StoreOptions, alone, reading_alone, require_duckdb_file

_HEADERS = 3 * 4096
"""Bytes at the start of a DuckDB file: its header, and two that take turns, each with a count that grows."""

_LONGEST_PAUSE = 0.05

_T = TypeVar("_T")


class Mark(msgspec.Struct, frozen=True):
    """What tells the content of a store from every other: its headers; inode, size and time of each of its files."""

    headers: bytes
    files: dict[str, tuple[int, int, int]]


@contextmanager
def snapshot(options: StoreOptions) -> Iterator[tuple[Store, Mark]]:
    """Copy a store to where the system keeps temporary files and open the copy to read; yield it with its mark.

    The file goes once it is open, so that a kill leaves an empty folder and no data. Waits for at most `options.wait`
    seconds for a moment in which nobody writes. Raises as `reading` does; StoreIOError where there is no room.
    """
    with tempfile.TemporaryDirectory(prefix="errcli-") as folder:
        copy = Path(folder) / options.path.name
        mark = _when_nobody_writes(options, lambda options: _copied(options, copy.parent))
        with _named(options.path, copy), reading_alone(msgspec.structs.replace(options, path=copy)) as store:
            for name in mark.files:
                copy.with_name(name).unlink()
            yield store, mark


def mark_of(options: StoreOptions) -> Mark:
    """Return the mark of a store as it is. Raises as `snapshot` does."""
    return _when_nobody_writes(options, _mark)


def _when_nobody_writes(options: StoreOptions, attempt: Callable[[StoreOptions], _T]) -> _T:
    deadline = time.monotonic() + options.wait
    while True:
        try:
            return attempt(options)
        except StoreBusyError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_LONGEST_PAUSE * random.uniform(0.5, 1.0))  # noqa: S311


def _copied(options: StoreOptions, folder: Path) -> Mark:
    path, mark = options.path, _mark(options)
    try:
        for name in mark.files:
            shutil.copyfile(path.with_name(name), folder / name)
    except FileNotFoundError:
        pass  # the mark has changed
    except OSError as error:
        what_next = "free some space, or set TMPDIR to where there is room for a copy of the store"
        raise StoreIOError(error.strerror or str(error), str(folder), what_next) from error
    if _mark(options) != mark:
        raise StoreBusyError("another process has written to the store", str(path), "try again")
    return mark


def _mark(options: StoreOptions) -> Mark:
    """Look at a store. The lock is held for as long as this takes, some microseconds, so that no writer begins."""
    path = options.path
    if not path.exists():
        raise NoStoreError("there is no store", str(path), "errcli ingest FILE makes one, --db names another")
    try:
        with alone(options):
            require_duckdb_file(path)
            with path.open("rb") as file:
                fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                headers = file.read(_HEADERS)
                # a log is there where a writer was killed
                logs = sorted(path.parent.glob(f"{glob.escape(path.name)}.wal*"))
                files = {each.name: each.stat() for each in (path, *logs)}
    except (BlockingIOError, PermissionError, FileNotFoundError) as error:
        raise StoreBusyError("another process holds the store", str(path), "try again") from error
    return Mark(headers, {name: (each.st_ino, each.st_size, each.st_mtime_ns) for name, each in files.items()})


@contextmanager
def _named(path: Path, copy: Path) -> Iterator[None]:
    """Have errors speak of the store, not of its copy."""
    try:
        yield
    except ErrcliError as error:
        if error.where == str(copy):
            error.where = str(path)
        raise
