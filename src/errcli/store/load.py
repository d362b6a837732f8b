"""How do a file's events get into the store: staged without its lock, then added in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

import duckdb
import msgspec
import pyarrow as pa

from errcli.event import Event
from errcli.store.connection import Store, StoreOptions, attached, reading, scratch, translated
from errcli.store.schema import migrate
from errcli.store.sql import statement

PRUNED = "pruned"
"""The rule that drops events at or before the prune horizon: what was deleted does not come back."""

_ARROW_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    UUID: pa.string(),
    bool: pa.bool_(),
    int: pa.int32(),
    datetime: pa.timestamp("us", tz="UTC"),
    list: pa.list_(pa.string()),
}


class FileReport(msgspec.Struct, kw_only=True):
    """What became of one file's lines before the store saw them; `rejected` is (line number, reason, text)."""

    file: str
    format: str
    bytes: int
    lines: int
    blank: int
    dropped: dict[str, int]
    rejected: list[tuple[int, str, str]]


class Loaded(msgspec.Struct, frozen=True):
    """What became of a file: `dropped` counts by rule, those that the store itself drops included."""

    stored: int
    duplicates: int
    dropped: dict[str, int]


class Loader:
    """Takes the events of one file after another, each file in one transaction."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        options: StoreOptions,
        open_store: Callable[[], AbstractContextManager[Store]],
    ) -> None:
        self._engine = engine
        self._options = options
        self._open_store = open_store
        self._staged = 0
        self.discard()

    def discard(self) -> None:
        """Forget what was staged of the present file."""
        self._staged = 0
        self._engine.register("batch", _arrow([], 0))
        self._engine.execute("CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM batch")

    def stage(self, events: list[Event]) -> None:
        """Put events of the present file aside. Raises StoreIOError where there is no room for them."""
        with translated(self._options.path):
            self._engine.register("batch", _arrow(events, self._staged))
            self._engine.execute("INSERT INTO staged SELECT * FROM batch")
        self._staged += len(events)

    def finish_file(self, report: FileReport, now: datetime) -> Loaded:
        """Add what was staged and the file's ledger row, all or nothing; then begin the next file.

        Raises StoreBusyError, StoreIOError, NotAStoreError, DamagedStoreError.
        """
        with translated(self._options.path), self._open_store() as store, store.transaction():
            store.run(statement("load_fresh"))
            stored, pruned = store.run(statement("load_counts"))[0]
            store.run(statement("load_events"), {"now": now})
            store.run(statement("load_changed_days"))
            dropped = report.dropped | ({PRUNED: pruned} if pruned else {})
            loaded = Loaded(stored, self._staged - stored - pruned, dropped)
            self._record(store, report, loaded, now)
        self.discard()
        return loaded

    def _record(self, store: Store, report: FileReport, loaded: Loaded, now: datetime) -> None:
        for rule, count in loaded.dropped.items():
            store.run(
                "INSERT INTO dropped_counts VALUES ($file, $rule, $count, $now)",
                {"file": report.file, "rule": rule, "count": count, "now": now},
            )
        if report.rejected:
            numbers, reasons, texts = (list(column) for column in zip(*report.rejected, strict=True))
            self._engine.register("rejected", pa.table({"line_number": numbers, "reason": reasons, "text": texts}))
            store.run(statement("load_rejected"), {"file": report.file, "now": now})
        store.run(
            statement("load_ledger"),
            {
                "file": report.file,
                "format": report.format,
                "bytes": report.bytes,
                "lines": report.lines,
                "stored": loaded.stored,
                "duplicates": loaded.duplicates,
                "dropped": sum(loaded.dropped.values()),
                "rejected": len(report.rejected),
                "blank": report.blank,
                "now": now,
            },
        )


@contextmanager
def loader(options: StoreOptions, *, dry_run: bool = False) -> Iterator[Loader]:
    """Open what takes events in; the store is made where there is none, and locked only while a file is added.

    With `dry_run` everything happens to a stand-in in memory that knows the store's ids.
    """
    with scratch(options) as engine:
        if dry_run:
            rehearsal = _rehearsal(engine, options)
            yield Loader(engine, options, lambda: nullcontext(rehearsal))
        else:
            yield Loader(engine, options, lambda: attached(engine, options))


def _rehearsal(engine: duckdb.DuckDBPyConnection, options: StoreOptions) -> Store:
    engine.execute("ATTACH ':memory:' AS rehearsal")
    engine.execute("USE rehearsal")
    migrate.upgrade(engine, options.path)
    if options.path.exists():
        with reading(options) as store:
            ids = store.connection.sql(statement("load_rehearsal_ids")).to_arrow_table()
            horizon = store.prune_horizon()
        engine.register("known", ids)
        engine.execute("INSERT INTO user_errors BY NAME SELECT * FROM known")
        if horizon is not None:
            engine.execute("INSERT INTO prunes VALUES ($horizon, 0, $horizon)", {"horizon": horizon})
    return Store(options.path, engine)


def _arrow(events: list[Event], first_seq: int) -> pa.Table:
    """Return the events as columns, with `seq`, their place in the file, before them."""
    columns: dict[str, pa.Array] = {"seq": pa.array(range(first_seq, first_seq + len(events)), pa.int64())}
    for name, annotation in Event.__annotations__.items():
        values = [getattr(event, name) for event in events]
        columns[name] = pa.array(msgspec.to_builtins(values) if name == "id" else values, _arrow_type(annotation))
    return pa.table(columns)


def _arrow_type(annotation: Any) -> pa.DataType:
    if get_origin(annotation) is UnionType:
        annotation = next(member for member in get_args(annotation) if member is not NoneType)
    return _ARROW_TYPES[get_origin(annotation) or annotation]
