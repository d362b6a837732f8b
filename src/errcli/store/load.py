"""Who takes events in: workers around one engine, each of which stages and commits a burst at a time."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import duckdb
import msgspec

from errcli.store import row_groups
from errcli.store.burst import USUAL, Keeping
from errcli.store.connection import Store, StoreOptions, attached, create, reading, scratch
from errcli.store.schema import migrate
from errcli.store.sql import quoted, statement
from errcli.store.worker import Worker

# What the engine may use where the settings leave it open; more would not make a load faster.
_MEMORY = "512MB"
# One stages while another commits; each holds a burst in memory.
_WORKERS = 2
# Seconds; the interpreter's own 0.005 for each of a burst's statements would be a tenth of its time.
_TURN = 0.0005


@contextmanager
def workers(
    options: StoreOptions,
    keeping: Keeping = USUAL,
    *,
    dry_run: bool = False,
    connect: Callable[[], duckdb.DuckDBPyConnection] = duckdb.connect,
) -> Iterator[list[Worker]]:
    """Open what takes events in; the store is made where there is none, and locked only while a burst is added.

    With `dry_run` everything happens to a stand-in in memory that knows the store's ids.
    """
    if options.memory_limit is None:
        options = msgspec.structs.replace(options, memory_limit=_MEMORY)
    stop = threading.Event()
    with scratch(options, connect) as engine:
        # rows are numbered, so that the engine's threads need not wait for each other
        engine.execute("SET preserve_insertion_order = false")
        # never as small as dict_fsst, which does both and is tried as well
        engine.execute("SET disabled_compression_methods = 'fsst,dictionary'")
        if dry_run:
            crew = [_rehearsing(engine.cursor(), options, keeping)]
        else:
            crew = [_worker(engine.cursor(), options, keeping, stop) for _ in range(_share_threads(engine))]
        try:
            with _soon_at_turn():
                yield crew
            if not dry_run and not options.path.exists():
                create(engine, options.path)
        finally:
            stop.set()
            for worker in crew:
                worker.close()


@contextmanager
def _soon_at_turn() -> Iterator[None]:
    """Let threads have the interpreter soon: a worker needs it between two statements, while another thread reads."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _share_threads(engine: duckdb.DuckDBPyConnection) -> int:
    """Return how many workers there are, and leave each its share of the engine's threads.

    A burst that one thread stages is laid out in one piece; those of many threads would be copied together.
    """
    threads: int = engine.execute("SELECT CAST(current_setting('threads') AS INTEGER)").fetchall()[0][0]
    count = min(_WORKERS, threads)
    engine.execute("SET threads = $threads", {"threads": threads // count})
    return count


def _worker(
    connection: duckdb.DuckDBPyConnection, options: StoreOptions, keeping: Keeping, stop: threading.Event
) -> Worker:
    return Worker(
        connection,
        options.path,
        keeping,
        lambda row_group_size=row_groups.MOST, *, read_only=False: attached(
            connection, msgspec.structs.replace(options, row_group_size=row_group_size), stop, read_only=read_only
        ),
    )


def _rehearsing(connection: duckdb.DuckDBPyConnection, options: StoreOptions, keeping: Keeping) -> Worker:
    """Return a worker whose store is a stand-in in memory that knows what the real one has, and how far it has read."""
    stand_in = Store(options.path, connection)
    worker = Worker(connection, options.path, keeping, lambda *_, **__: nullcontext(stand_in))
    connection.execute("ATTACH ':memory:' AS rehearsal")
    connection.execute("USE rehearsal")
    migrate.upgrade(connection, options.path)
    if options.path.exists():
        with reading(options) as store:
            horizon = store.prune_horizon()
            before = {
                "user_errors": store.connection.sql(statement("load_rehearsal_ids")).to_arrow_table(),
                "shapes": store.connection.sql("FROM shapes").to_arrow_table(),
                "file_positions": store.connection.sql("FROM file_positions").to_arrow_table(),
                "resolutions": store.connection.sql("FROM resolutions").to_arrow_table(),
            }
        for table, rows in before.items():
            connection.register("stored_before", rows)
            connection.execute(f"INSERT INTO {quoted(table)} BY NAME FROM stored_before").fetchall()
            connection.unregister("stored_before")
        if horizon is not None:
            connection.execute("INSERT INTO prunes VALUES ($horizon, 0, $horizon)", {"horizon": horizon})
    return worker
