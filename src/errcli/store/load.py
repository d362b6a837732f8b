"""How do a file's events get into the store: staged without its lock, then added in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

import duckdb
import msgspec
import pyarrow as pa

from errcli.config import Condition
from errcli.event import Event
from errcli.position import Position
from errcli.store import positions
from errcli.store.connection import Store, StoreOptions, attached, create, reading, scratch, translated
from errcli.store.dropping import statement_of
from errcli.store.schema import migrate
from errcli.store.sql import statement

_ARROW_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    UUID: pa.string(),
    bool: pa.bool_(),
    int: pa.int32(),
    datetime: pa.timestamp("us", tz="UTC"),
    list: pa.list_(pa.string()),
}
# What the engine may use where the settings leave it open; more would not make a load faster.
_MEMORY = "512MB"


class Burst(msgspec.Struct, kw_only=True):
    """What became of some lines of a file before the store saw them; `rejected` is (line number, reason, text)."""

    file: str
    format: str
    bytes: int = 0
    lines: int = 0
    blank: int = 0
    dropped: dict[str, int] = {}
    rejected: list[tuple[int, str, str]] = []


class Reached(msgspec.Struct, frozen=True):
    """How far a file is read now, and how far it was."""

    position: Position
    previous: Position | None


class Fold(msgspec.Struct, frozen=True):
    """How many events that are alike are stored per stretch of time, in microseconds."""

    keep: int
    per: int


class Keeping(msgspec.Struct, frozen=True):
    """What of the events is worth keeping.

    Not what `rules` drop; `traces` stack traces of a pattern; of events that are alike those that `fold` says.
    """

    rules: dict[str, list[Condition]] = {}
    traces: int = 5
    fold: Fold | None = None


USUAL = Keeping()
"""What is kept where nothing is set, but for the rules."""


class Loaded(msgspec.Struct, frozen=True):
    """What became of a burst: `dropped` counts by rule, those that the store itself drops included."""

    stored: int
    duplicates: int
    folded: int
    dropped: dict[str, int]


class Loader:
    """Takes events in bursts, each in one transaction.

    Events are staged on one connection, in the table `staged`; what is to be committed becomes `arriving`, which
    another connection adds to the store, so that meanwhile the next events can be staged.
    """

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        other: duckdb.DuckDBPyConnection,
        options: StoreOptions,
        keeping: Keeping,
        open_store: Callable[[], AbstractContextManager[Store]],
    ) -> None:
        self._engine = engine
        self._other = other
        self._options = options
        self._keeping = keeping
        self._open_store = open_store
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[Loaded] | None = None
        engine.execute(statement("load_macros"))
        engine.execute(statement("load_staged"))

    def discard(self) -> None:
        """Forget what was staged."""
        self._engine.execute("TRUNCATE staged")

    def close(self) -> None:
        """Wait for the end of a commit."""
        self._thread.shutdown()

    def stage_lines(self, lines: pa.Table, traces: str | None, *, zone_is_utc: bool) -> list[int]:
        """Read native lines, (`seq`, `line`), and put their events aside; return the `seq` of those not read.

        These need the format's own code. `traces` is a pattern of what may be a secret, None finds none.
        Raises StoreIOError where there is no room.
        """
        with translated(self._options.path):
            self._engine.register("lines", lines)
            sql = f"INSERT INTO staged BY NAME {statement('load_native')}"
            self._engine.execute(sql, {"traces": f"{traces}|" if traces else "", "zone_is_utc": zone_is_utc}).fetchall()
            self._engine.unregister("lines")
            refused = self._engine.execute("SELECT seq FROM staged WHERE NOT plain ORDER BY seq").fetchall()
            if refused:
                self._engine.execute("DELETE FROM staged WHERE NOT plain").fetchall()
        return [seq for (seq,) in refused]

    def stage(self, events: list[tuple[int, Event]]) -> None:
        """Put events aside, each with its number in the file. Raises StoreIOError where there is no room for them."""
        if not events:
            return
        with translated(self._options.path):
            self._engine.register("batch", _arrow(events))
            self._engine.execute("INSERT INTO staged BY NAME SELECT *, true AS plain FROM batch").fetchall()
            self._engine.unregister("batch")

    def commit(self, burst: Burst, now: datetime, reached: Reached | None = None) -> Loaded:
        """Add what was staged, what became of the lines, and how far the file is read: all or nothing.

        Raises StoreBusyError, StoreIOError, NotAStoreError, DamagedStoreError.
        """
        self._make_arrive()
        return self._commit(burst, now, reached)

    def commit_meanwhile(self, burst: Burst, now: datetime, reached: Reached | None = None) -> "Future[Loaded]":
        """Do what `commit` does in a thread, after what runs there; what is staged from now on is of another burst."""
        self._make_arrive()
        self._running = self._thread.submit(self._commit, burst, now, reached)
        return self._running

    def _make_arrive(self) -> None:
        if self._running is not None:
            wait([self._running])
        self._engine.execute("DROP TABLE IF EXISTS arriving")
        self._engine.execute("ALTER TABLE staged RENAME TO arriving")
        self._engine.execute(statement("load_staged"))

    def _commit(self, burst: Burst, now: datetime, reached: Reached | None) -> Loaded:
        with translated(self._options.path):
            self._put_in_order()
            self._other.execute(*statement_of(self._keeping.rules)).fetchall()
            with self._open_store() as store, store.transaction():
                return self._add(store, burst, now, reached)

    def _add(self, store: Store, burst: Burst, now: datetime, reached: Reached | None) -> Loaded:
        staged = store.scalar("SELECT count(*) FROM memory.arriving")
        loaded = self._add_events(store, burst, now) if staged else Loaded(0, 0, 0, burst.dropped)
        self._record(store, burst, loaded, now)
        if reached is not None:
            positions.move(store, reached.position, reached.previous, burst.file, now)
        return loaded

    def _add_events(self, store: Store, burst: Burst, now: datetime) -> Loaded:
        store.run(statement("load_known"))
        store.run(statement("load_patterns"))
        self._fold(store)
        ((stored, duplicates, folded),) = store.run(statement("load_counts"))
        drops = Counter(burst.dropped) + Counter(dict(store.run(statement("load_drops"))))
        store.run(statement("load_traces"), {"keep": self._keeping.traces})
        store.run(statement("load_events"), {"now": now})
        store.run(statement("load_changed_days"))
        return Loaded(stored, duplicates, folded, dict(drops))

    def _fold(self, store: Store) -> None:
        store.run(statement("load_folded"))
        fold = self._keeping.fold
        if fold is not None:
            store.run(statement("load_fold"), {"keep": fold.keep, "per": fold.per})
            store.run(statement("load_fold_stored"))

    def _put_in_order(self) -> None:
        """Put what arrives into the order of time, unless it lies so by and large: to sort takes long."""
        ((is_ordered,),) = self._other.execute(statement("load_is_ordered")).fetchall()
        self._other.execute(f"SET preserve_insertion_order = {not is_ordered}")
        if not is_ordered:
            self._other.execute(statement("load_sort")).fetchall()

    def _record(self, store: Store, burst: Burst, loaded: Loaded, now: datetime) -> None:
        for rule, count in loaded.dropped.items():
            store.run(
                "INSERT INTO dropped_counts VALUES ($file, $rule, $count, $now)",
                {"file": burst.file, "rule": rule, "count": count, "now": now},
            )
        if burst.rejected:
            numbers, reasons, texts = (list(column) for column in zip(*burst.rejected, strict=True))
            store.connection.register("rejected", pa.table({"line_number": numbers, "reason": reasons, "text": texts}))
            store.run(statement("load_rejected"), {"file": burst.file, "now": now})
        store.run(
            statement("load_ledger"),
            {
                "file": burst.file,
                "format": burst.format,
                "bytes": burst.bytes,
                "lines": burst.lines,
                "stored": loaded.stored,
                "duplicates": loaded.duplicates,
                "folded": loaded.folded,
                "dropped": sum(loaded.dropped.values()),
                "rejected": len(burst.rejected),
                "blank": burst.blank,
                "now": now,
            },
        )


@contextmanager
def loader(options: StoreOptions, keeping: Keeping = USUAL, *, dry_run: bool = False) -> Iterator[Loader]:
    """Open what takes events in; the store is made where there is none, and locked only while a burst is added.

    With `dry_run` everything happens to a stand-in in memory that knows the store's ids.
    """
    if options.memory_limit is None:
        options = msgspec.structs.replace(options, memory_limit=_MEMORY)
    with scratch(options) as engine:
        # rows are numbered, so that the engine's threads need not wait for each other
        engine.execute("SET preserve_insertion_order = false")
        other = engine.cursor()
        other.execute("SET TimeZone = 'UTC'")
        if dry_run:
            rehearsal = _rehearsal(other, options)
            load = Loader(engine, other, options, keeping, lambda: nullcontext(rehearsal))
        else:
            load = Loader(engine, other, options, keeping, lambda: attached(other, options))
        try:
            yield load
            if not dry_run and not options.path.exists():
                create(options.path)
        finally:
            load.close()
            other.close()


def known_positions(options: StoreOptions) -> list[Position]:
    """Return how far files are read. Raises as `reading` does, but for a store that does not exist."""
    if not options.path.exists():
        return []
    with reading(options) as store:
        return positions.read(store)


def _rehearsal(engine: duckdb.DuckDBPyConnection, options: StoreOptions) -> Store:
    engine.execute("ATTACH ':memory:' AS rehearsal")
    engine.execute("USE rehearsal")
    migrate.upgrade(engine, options.path)
    if options.path.exists():
        with reading(options) as store:
            ids = store.connection.sql(statement("load_rehearsal_ids")).to_arrow_table()
            horizon = store.prune_horizon()
        engine.register("stored_before", ids)
        engine.execute("INSERT INTO user_errors BY NAME SELECT * FROM stored_before").fetchall()
        engine.unregister("stored_before")
        if horizon is not None:
            engine.execute("INSERT INTO prunes VALUES ($horizon, 0, $horizon)", {"horizon": horizon})
    return Store(options.path, engine)


def _arrow(events: list[tuple[int, Event]]) -> pa.Table:
    """Return the events as columns, with `seq`, their number in the file, before them."""
    columns: dict[str, pa.Array] = {"seq": pa.array([seq for seq, _ in events], pa.int64())}
    for name, annotation in Event.__annotations__.items():
        values = [getattr(event, name) for _, event in events]
        columns[name] = pa.array(msgspec.to_builtins(values) if name == "id" else values, _arrow_type(annotation))
    return pa.table(columns)


def _arrow_type(annotation: Any) -> pa.DataType:
    if get_origin(annotation) is UnionType:
        annotation = next(member for member in get_args(annotation) if member is not NoneType)
    return _ARROW_TYPES[get_origin(annotation) or annotation]
