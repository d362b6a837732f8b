"""How is a store opened: what the path holds, who has the lock, which schema; and how duckdb's errors are told."""

import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import msgspec

from errcli.errors import DamagedStoreError, ErrcliError, NoStoreError, NotAStoreError, StoreBusyError, StoreIOError
from errcli.store import row_groups, spill
from errcli.store.interrupts import Rows, interruptible
from errcli.store.schema import migrate
from errcli.store.sql import execute, quoted

_T = TypeVar("_T")
_MAGIC_OFFSET = 8
_MAGIC = b"DUCK"
# What a message of duckdb's or the system's means, wherever in it these words stand.
_SIGNS: tuple[tuple[str, type[ErrcliError], str, str], ...] = (
    (
        "No space left on device",
        StoreIOError,
        "the disk is full",
        "free some space and run it again: nothing is stored twice",
    ),
    (
        "not a valid DuckDB database file",
        NotAStoreError,
        "not a DuckDB file",
        "--db names another file; this one was left as it is",
    ),
)
_INTERRUPTED = "Query interrupted"
# The engine imports Python's zoneinfo when it first gives out a time.
_INTERRUPTED_IMPORT = re.compile(
    r"(?s)Invalid Input Error: Required module .* failed to import.*\nKeyboardInterrupt:\s*"
)
_READING_MEMORY = "1700MB"
_HOLDER = re.compile(r"\(PID \d+\)")
# Of the threads of this process one has the store at a time: duckdb does not open a file in two ways at once, and
# closing any descriptor of it, as looking at its head does, would give up the process's lock for the others.
_ALONE = threading.RLock()


class StoreOptions(msgspec.Struct, frozen=True):
    """Which file, how many seconds to wait for its lock, what the engine may use, and how large row groups may be."""

    path: Path
    wait: float = 10.0
    memory_limit: str | None = None
    threads: int | None = None
    row_group_size: int = row_groups.MOST


class Store:
    """An open store. Reading needs `connection`; `path` is for messages.

    Nobody can change one that is open `read_only`, so what was found out of it holds: `knows_patterns`.
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, *, read_only: bool = False) -> None:
        self.path = path
        self.connection = connection
        self.read_only = read_only
        self.knows_patterns = False

    def scalar(self, sql: str, params: dict[str, Any] | None = None) -> Any:
        """Run a statement and return the first value of its first row; None without rows."""
        row = execute(self.connection, sql, params).fetchone()
        self.connection.complete()
        return row[0] if row else None

    def run(self, sql: str, params: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run a statement and return all of its rows."""
        return execute(self.connection, sql, params).fetchall()

    def first_rows(self, sql: str, params: dict[str, Any], limit: int) -> tuple[Rows, int]:
        """Run a question, which has no limit of its own; return as `fetch` does.

        The engine reads the text once, where it would read that of a relation two or three times.
        """
        text = f"{sql}\nLIMIT {limit + 1}" if limit else sql
        count = f"SELECT count(*) FROM (\n{sql}\n) AS rows_of_all"  # noqa: S608 - a question's own SQL
        return self._cut(lambda: self.run(text, params), lambda: self.run(count, params), limit)

    def fetch(self, relation: duckdb.DuckDBPyRelation, limit: int) -> tuple[Rows, int]:
        """Fetch the first `limit` rows, all with 0; return them and the number of rows without a limit."""
        limited = relation.limit(limit + 1) if limit else relation
        return self._cut(limited.fetchall, lambda: relation.count("*").fetchall(), limit)

    def _cut(self, fetch: Callable[[], Rows], count: Callable[[], Rows], limit: int) -> tuple[Rows, int]:
        """Fetch, one row more than the limit where there are so many, and count only if there are."""
        rows = interruptible(fetch, self.connection)
        if limit == 0 or len(rows) <= limit:
            return rows, len(rows)
        ((total,),) = interruptible(count, self.connection)
        return rows[:limit], total

    def interrupt(self) -> None:
        """End what the engine is at, from another thread; who asked sees KeyboardInterrupt."""
        self.connection.interrupt()

    def newest_event(self) -> datetime | None:
        """Return the time of the newest event, a folded one's, too; None in an empty store."""
        newest: datetime | None = self.scalar("SELECT greatest(max(timestamp), max(folded_until)) FROM user_errors")
        return newest

    def prune_horizon(self) -> datetime | None:
        """Return the time up to which events were pruned, None where none were."""
        horizon: datetime | None = self.scalar("SELECT max(horizon) FROM prunes")
        return horizon

    def is_anything_ignored(self) -> bool:
        """Whether somebody has ever ignored a pattern."""
        return bool(self.scalar("SELECT count(*) FROM resolutions WHERE decision = 'ignored'"))

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """All of it or nothing: commit at the end, roll back on an exception, or where nothing is to be kept."""
        self.connection.begin()
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        if keep:
            self.connection.commit()
        else:
            self.connection.rollback()


@contextmanager
def reading(options: StoreOptions) -> Iterator[Store]:
    """Open a store read-only.

    Raises NoStoreError, NotAStoreError, StoreBusyError, DamagedStoreError, StoreIOError.
    """
    path = options.path
    if not path.exists():
        raise NoStoreError("there is no store", str(path), "errcli ingest FILE makes one, --db names another")
    with alone(options) as patient, _connected(patient, read_only=True) as store:
        migrate.require_current(store.connection, path)
        yield store


@contextmanager
def reading_alone(options: StoreOptions) -> Iterator[Store]:
    """Open a store that no other thread and no other process knows of. Raises as `reading` does."""
    with _connected(options, read_only=True) as store:
        migrate.require_current(store.connection, options.path)
        yield store


@contextmanager
def writing(options: StoreOptions) -> Iterator[Store]:
    """Open a store to write, bring its schema up to date.

    Raises as `reading` does.
    """
    path = options.path
    if not path.exists():
        raise NoStoreError("there is no store", str(path), "errcli ingest FILE makes one, --db names another")
    with alone(options) as patient, _connected(patient, read_only=False) as store:
        migrate.upgrade(store.connection, path)
        yield store


@contextmanager
def scratch(
    options: StoreOptions, connect: Callable[[], duckdb.DuckDBPyConnection] = duckdb.connect
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine with no store: room to prepare rows without holding anybody's lock; spills beside the store."""
    with translated(options.path):
        connection = connect()
        try:
            _configure(connection, options)
            connection.execute("SET temp_directory = $folder", {"folder": f"{options.path}.tmp"})
            yield connection
        finally:
            connection.close()


@contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, options: StoreOptions, stop: threading.Event, *, read_only: bool = False
) -> Iterator[Store]:
    """Attach the store to a scratch engine and use it as the default; to write, make it or upgrade its schema.

    The lock is held only inside this block; nobody waits for it once `stop` is set. Raises as `reading` does.
    """
    with alone(options) as patient:
        if not read_only and not options.path.exists():
            create(connection, options.path)
        attach(connection, patient, "store", read_only=read_only, stop=stop)
        try:
            connection.execute("USE store")
            (migrate.require_current if read_only else migrate.upgrade)(connection, options.path)
            yield Store(options.path, connection, read_only=read_only)
        finally:
            connection.execute("USE memory")
            _detach(connection, patient)


def _detach(connection: duckdb.DuckDBPyConnection, options: StoreOptions) -> None:
    """Write a checkpoint and let go of the store; what is committed and not in it stays in the log beside the file."""
    try:
        connection.execute("DETACH store")
    except duckdb.IOException:
        # row groups of long texts may not fit in memory together
        row_groups.leave_apart(connection)
        attach(connection, options, "store")
        connection.execute("DETACH store")


def attach(
    connection: duckdb.DuckDBPyConnection,
    options: StoreOptions,
    alias: str,
    *,
    read_only: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Attach a file to an engine, waiting for its lock. Raises as `reading` does."""
    if options.path.exists():
        require_duckdb_file(options.path)
    with translated(options.path):
        _retrying(lambda: connection.execute(_attaching(options, alias, read_only=read_only)), options, stop)


def _attaching(options: StoreOptions, alias: str, *, read_only: bool = False) -> str:
    file = str(options.path).replace("'", "''")  # ATTACH takes no parameter
    how = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {options.row_group_size}"
    return f"ATTACH '{file}' AS {quoted(alias)} ({how})"


def create(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make, with a scratch engine, an empty store beside its place and put it there: a kill leaves no half of a file.

    Where another process is quicker, its store stays. Raises StoreIOError.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder, translated(path):
            fresh = Path(folder) / path.name
            connection.execute(_attaching(StoreOptions(fresh), "fresh"))
            try:
                connection.execute("USE fresh")
                migrate.upgrade(connection, path)
            finally:
                connection.execute("USE memory")
                connection.execute("DETACH fresh")
            _put_in_place(fresh, path)
    except OSError as error:
        raise StoreIOError(error.strerror or str(error), str(path), "check the folder and its permissions") from error


def _put_in_place(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            fresh.replace(path)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell duckdb's errors in this project's words; Ctrl-C while the engine works is Ctrl-C."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
    except duckdb.Error as error:
        if _INTERRUPTED_IMPORT.fullmatch(str(error)):
            raise KeyboardInterrupt from error
        raise _translate(error, path) from error


@contextmanager
def alone(options: StoreOptions) -> Iterator[StoreOptions]:
    """Keep the other threads of this process from the store; yields the options with what is left of the wait."""
    began = time.monotonic()
    if not _ALONE.acquire(timeout=options.wait):
        raise StoreBusyError("this process is at another question", str(options.path), "try again, or --wait longer")
    try:
        waited = time.monotonic() - began
        yield msgspec.structs.replace(options, wait=max(0.0, options.wait - waited))
    finally:
        _ALONE.release()


@contextmanager
def _connected(options: StoreOptions, *, read_only: bool) -> Iterator[Store]:
    path = options.path
    require_duckdb_file(path)
    with translated(path), ExitStack() as stack:
        connection = _retrying(lambda: duckdb.connect(str(path), read_only=read_only), options)
        try:
            _configure(connection, options)
            if read_only:
                _configure_reader(connection, options, stack.enter_context(spill.folder_of(path)))
            else:
                spill.clear_away(path)
            yield Store(path, connection, read_only=read_only)
        finally:
            connection.close()


def _configure(connection: duckdb.DuckDBPyConnection, options: StoreOptions) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    row_groups.leave_apart(connection)
    if options.memory_limit is not None:
        connection.execute("SET memory_limit = $limit", {"limit": options.memory_limit})
    if options.threads is not None:
        connection.execute("SET threads = $threads", {"threads": options.threads})


def _configure_reader(connection: duckdb.DuckDBPyConnection, options: StoreOptions, folder: Path) -> None:
    # its temporary tables are not worth the time that it takes to compress them
    connection.execute("SET checkpoint_threshold = '1TB'")
    if options.memory_limit is None:
        connection.execute("SET memory_limit = $limit", {"limit": _READING_MEMORY})
    connection.execute("SET temp_directory = $folder", {"folder": str(folder)})


def _retrying(attempt: Callable[[], _T], options: StoreOptions, stop: threading.Event | None = None) -> _T:
    """Try until the lock is free, with jittered back-off, for at most `options.wait` seconds or until `stop` is set."""
    stop = stop or threading.Event()
    deadline = time.monotonic() + options.wait
    delay = 0.01
    while True:
        try:
            return attempt()
        except duckdb.IOException as error:
            if not _is_lock_conflict(error) or time.monotonic() >= deadline or stop.is_set():
                raise
        stop.wait(min(delay * random.uniform(0.5, 1.5), max(0.0, deadline - time.monotonic())))  # noqa: S311
        delay = min(delay * 2, 0.25)


def _is_lock_conflict(error: duckdb.Error) -> bool:
    return "Could not set lock" in str(error)


def require_duckdb_file(path: Path) -> None:
    """Look before duckdb does: it would try to download an extension for an SQLite file.

    Reading the head is safe only while this process has no connection to the file, for closing any descriptor
    of it gives up the process's POSIX locks.
    """
    if path.is_dir():
        raise NotAStoreError("a directory, not a store", str(path), "--db names a file")
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_OFFSET + len(_MAGIC))
    except OSError as error:
        raise StoreIOError(error.strerror or str(error), str(path), "check its permissions") from error
    if not head:
        raise NotAStoreError("an empty file, not a store", str(path), "remove it: errcli ingest makes its own")
    if head[_MAGIC_OFFSET:] != _MAGIC:
        raise NotAStoreError("not a DuckDB file", str(path), "--db names another file; this one was left as it is")


def _translate(error: duckdb.Error, path: Path) -> ErrcliError:
    message = str(error).splitlines()[0]
    where = str(path)
    if _is_lock_conflict(error):
        holder = _HOLDER.search(message)
        who = f" {holder.group()}" if holder else ""
        return StoreBusyError(f"another process{who} holds the store", where, "try again, or --wait longer")
    for sign, kind, what, what_next in _SIGNS:
        if sign in str(error):
            return kind(what, where, what_next)
    if isinstance(error, duckdb.IOException) and "Could not read enough bytes" not in message:
        return StoreIOError(message.removeprefix("IO Error: "), where, "check disk space and permissions")
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreIOError(message, where, "raise [store] memory_limit, or free disk space for spilling")
    if type(error) is duckdb.Error or isinstance(
        error, duckdb.IOException | duckdb.FatalException | duckdb.InternalException
    ):
        return DamagedStoreError(
            f"the store is damaged: {message}", where, "restore it from a backup, or ingest the logs anew"
        )
    return StoreIOError(message, where)
