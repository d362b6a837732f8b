"""How does a burst of events get into the store: staged without the store's lock, then added in one transaction."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb
import msgspec
import pyarrow as pa

from errcli import columns
from errcli.event import Event
from errcli.position import Position
from errcli.store import mining, positions, row_groups
from errcli.store.burst import Burst, Keeping, Loaded, Reached, Suspicion
from errcli.store.connection import Store, translated
from errcli.store.regressions import note_regressions
from errcli.store.rules import statement_of
from errcli.store.shapes import add_shapes, find_shapes, find_twins
from errcli.store.sql import execute, statement

# So many lines are looked at for secrets as they are; of more, first one of those that are alike.
_FEW = 20_000

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Worker:
    """Takes events in bursts, each in one transaction, on a connection of its own.

    Events are staged in the connection's table `arriving`; `prepare` looks at them, and `commit` adds them to the
    store. Work that is given to `later` is done in a thread, one after the other; the methods may as well be called
    while there is none.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        keeping: Keeping,
        open_store: Callable[..., AbstractContextManager[Store]],
    ) -> None:
        self._given = connection
        self._path = path
        self._keeping = keeping
        self._open_store = open_store
        self._thread = ThreadPoolExecutor(1)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """The connection, made ready once there is work: a small load has none for a second worker."""
        self._given.execute("SET TimeZone = 'UTC'")
        execute(self._given, statement("load_macros"))
        execute(self._given, statement("load_arriving"))
        mining.prepare(self._given)
        return self._given

    def later(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
        """Have something done in this worker's thread, after what was given to it before."""
        return self._thread.submit(work, *args, **kwargs)

    def close(self) -> None:
        """Wait for the end of what is being done; what waits is not begun."""
        self._thread.shutdown(cancel_futures=True)
        self._given.close()

    def known_positions(self) -> list[Position]:
        """Return how far the store's files are read. Raises as `reading` does, but for a store that does not exist."""
        if not self._path.exists():
            return []
        with translated(self._path), self._open_store(read_only=True) as store:
            return positions.read(store)

    def discard(self) -> None:
        """Forget what was staged."""
        execute(self._connection, statement("load_arriving"))
        mining.forget(self._connection)

    def stage_lines(self, lines: pa.Table, suspicion: Suspicion, *, zone_is_utc: bool) -> list[int]:
        """Read native lines, (`seq`, `line`), and put their events aside; return the `seq` of those not read.

        These need the format's own code. `suspicion` says what may be a secret.
        Raises StoreIOError where there is no room.
        """
        with translated(self._path):
            self._connection.register("lines", lines)
            sql = f"INSERT INTO arriving BY NAME {statement('load_native')}"
            execute(self._connection, sql, {"zone_is_utc": zone_is_utc}).fetchall()
            self._connection.unregister("lines")
            refused = self._connection.execute("DELETE FROM arriving WHERE NOT plain RETURNING seq").fetchall()
            refused += self._without_suspects(lines, suspicion)
        return sorted(seq for (seq,) in refused)

    def _without_suspects(self, lines: pa.Table, suspicion: Suspicion) -> list[tuple[int]]:
        """Take out again what the engine read and needs a closer look; return the `seq`."""
        if not lines.num_rows:
            return []
        first = {"first": lines["seq"][0].as_py()}
        if lines.num_rows <= _FEW:
            execute(self._connection, statement("load_look_at_all"), first).fetchall()
        else:
            find_twins(self._connection, "arriving", self._keeping.names)
            execute(self._connection, statement("load_alike"), first).fetchall()
            if not self._suspects(suspicion.traces.whatever_digits, suspicion.marks.whatever_digits):
                return []
            execute(self._connection, statement("load_alike_suspects"), first).fetchall()
        suspects = self._suspects(suspicion.traces.exact, suspicion.marks.exact)
        if suspects:
            execute(self._connection, statement("load_without_suspects")).fetchall()
        return suspects

    def _suspects(self, *patterns: str) -> list[tuple[int]]:
        """Return which of the events that are looked at match all patterns, and make a table of them."""
        suspects: list[tuple[int]] = []
        for pattern in patterns:
            if suspects:
                self._connection.execute("CREATE OR REPLACE TEMP TABLE looked_at AS FROM suspects")
            given = {"pattern": f"{pattern}|" if pattern else ""}
            execute(self._connection, statement("load_suspects"), given).fetchall()
            suspects = self._connection.execute("FROM suspects").fetchall()
            if not suspects:
                break
        return suspects

    def stage(self, events: list[tuple[int, Event]]) -> None:
        """Put events aside, each with its number in the file. Raises StoreIOError where there is no room for them."""
        if not events:
            return
        with translated(self._path):
            numbers = columns.of_integers(number for number, _ in events)
            lines = columns.of_texts([msgspec.json.encode(event) for _, event in events])
            self._connection.register("batch", columns.in_batches(pa.table({"seq": numbers, "line": lines})))
            execute(self._connection, statement("load_read")).fetchall()
            self._connection.unregister("batch")

    def prepare(self) -> None:
        """Do with what was staged all that needs no store, so that `commit` has little left. Raises StoreIOError."""
        with translated(self._path):
            self._put_in_order()
            execute(self._connection, *statement_of(self._keeping.rules, "dropped", "temp.arriving")).fetchall()
            find_shapes(self._connection, "arriving", self._keeping.names)

    def commit(self, burst: Burst, now: datetime, reached: Reached | None = None) -> Loaded:
        """Add what was prepared, what became of the lines, and how far the file is read: all or nothing.

        Raises StoreBusyError, StoreIOError, NotAStoreError, DamagedStoreError.
        """
        with translated(self._path):
            size = row_groups.size_for(burst.lines, burst.bytes)
            with self._open_store(size) as store:
                file_bytes = self._path.stat().st_size if self._path.exists() else 0
                with store.transaction():
                    loaded = self._add(store, burst, now, reached)
                are_small = row_groups.are_small(size, burst.lines, burst.bytes, loaded.events, file_bytes)
                if are_small and not row_groups.are_too_long(self._connection, row_groups.REJECTED):
                    row_groups.put_together(self._connection)
                else:
                    row_groups.leave_apart(self._connection)
            self.discard()
        return loaded

    def _add(self, store: Store, burst: Burst, now: datetime, reached: Reached | None) -> Loaded:
        staged = store.scalar("SELECT count(*) FROM temp.arriving")
        events = store.scalar("SELECT count(*) FROM user_errors")
        loaded = Loaded(0, 0, 0, burst.dropped, events)
        if staged:
            loaded = self._add_events(store, burst, now, events)
        self._record(store, burst, loaded, now)
        if reached is not None:
            positions.move(store, reached.position, reached.previous, burst.file, now)
        return loaded

    def _add_events(self, store: Store, burst: Burst, now: datetime, events: int) -> Loaded:
        store.run(statement("load_known"))
        add_shapes(store.connection)
        store.run(statement("load_new_events"))
        self._fold(store)
        ((stored, duplicates, folded),) = store.run(statement("load_counts"))
        drops = Counter(burst.dropped) + Counter(dict(store.run(statement("load_drops"))))
        store.run(statement("load_traces"), {"keep": self._keeping.traces})
        store.run(statement("load_events"), {"now": now})
        store.run(statement("load_changed_days"))
        return Loaded(stored, duplicates, folded, dict(drops), events, note_regressions(store, "new_events"))

    def _fold(self, store: Store) -> None:
        store.run(statement("load_folded"))
        fold = self._keeping.fold
        if fold is not None:
            store.run(statement("load_fold"), {"keep": fold.keep, "per": fold.per})
            store.run(statement("load_fold_stored"))

    def _put_in_order(self) -> None:
        """Put what arrives into the order of time, unless it lies so by and large: to sort takes long."""
        ((is_ordered,),) = execute(self._connection, statement("load_is_ordered")).fetchall()
        self._connection.execute(f"SET preserve_insertion_order = {not is_ordered}")
        if not is_ordered:
            execute(self._connection, statement("load_sort")).fetchall()

    def _record(self, store: Store, burst: Burst, loaded: Loaded, now: datetime) -> None:
        for rule, count in loaded.dropped.items():
            store.run(
                "INSERT INTO dropped_counts VALUES ($file, $rule, $count, $now)",
                {"file": burst.file, "rule": rule, "count": count, "now": now},
            )
        if burst.rejected:
            numbers, reasons, texts = zip(*burst.rejected, strict=True)
            rejected = {
                "line_number": columns.of_integers(numbers),
                "reason": columns.of_texts([reason.encode() for reason in reasons]),
                "text": columns.of_texts([text.encode() for text in texts]),
            }
            store.connection.register("rejected", pa.table(rejected))
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
