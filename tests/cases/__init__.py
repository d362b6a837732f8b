"""What does a case file say, and how is it run: its events through the real ingest, its question to the real store?

A case is `<analysis>/<promise>.toml`: events in, rows out. Its keys are the fields of `Case`; an unknown key is an
error. In `rows` the text "NULL" is a null, and only the columns named there are compared.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from errcli import catalog, runner
from errcli.analysis import Result
from errcli.ingest.redact import Redactor
from errcli.intake import How, Intake, Taken
from errcli.render.values import plain
from errcli.store.burst import Keeping
from errcli.store.connection import Store, StoreOptions, create, reading, scratch, writing
from errcli.store.load import workers
from errcli.store.resolve import DecisionName, decide, find_target
from errcli.store.rollup import roll_up
from tests import oracle
from tests.support import Event, write_log

HERE = Path(__file__).parent
NULL = "NULL"
LOADED_AT = datetime(2026, 3, 2, tzinfo=UTC)
KEEP_ALL = Keeping(traces=2**31)
"""No rule drops an event, and all of them keep their stack trace."""

Covers = Literal["window boundary", "tie", "null", "empty"]


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """A resolution of the event called `id`, of the place (type, page, action) or of the pattern with this text."""

    at: datetime
    id: str | None = None
    place: tuple[str, str, str] | None = None
    pattern: str | None = None
    release: str | None = None
    reopen: bool = False

    def target(self, hashes: Mapping[str, str]) -> str:
        """Return what `errcli resolve` is given."""
        if self.id is not None:
            return self.id
        if self.pattern is not None:
            return hashes[self.pattern]
        assert self.place is not None
        error_type, page, action = self.place
        return oracle.place_hash(error_type, _nullable(page), _nullable(action))


class Case(msgspec.Struct, forbid_unknown_fields=True):
    """One promise of an analysis: what it is asked, of which events, and the rows that it answers.

    `every` holds the fields that all events have in common; `later` are events loaded after `roll_up`; `limit` is
    the analysis's own unless given; `total` is the number of rows without a limit. A text of a pattern among `params`
    stands for its hash. `files` holds what is in the file that a parameter names, by parameter.
    """

    now: datetime
    events: list[Event]
    rows: list[dict[str, Any]]
    covers: list[Covers] = []
    params: dict[str, Any] = {}
    files: dict[str, str] = {}
    limit: int | None = None
    total: int | None = None
    every: Event = {}
    roll_up: bool = False
    later: list[Event] = []
    resolutions: list[Decision] = []


def _nullable(text: str) -> str | None:
    return None if text == NULL else text


def found() -> dict[str, Path]:
    """Return every case file by `analysis/promise`."""
    return {f"{path.parent.name}/{path.stem}": path for path in sorted(HERE.glob("*/*.toml"))}


def read(path: Path) -> Case:
    """Read a case file."""
    return msgspec.toml.decode(path.read_text("utf-8"), type=Case)


def answer(case: Case, analysis: str, store: StoreOptions) -> Result:
    """Load a case's events into a new store and put its question."""
    load(store, [case.every | event for event in case.events])
    if case.roll_up:
        bring_up_to_date(store)
    if case.later:
        load(store, [case.every | event for event in case.later])
    hashes = hashes_of([case.every | event for event in (*case.events, *case.later)])
    decide_all(
        store,
        [oracle.Decision(each.target(hashes), each.at, not each.reopen, each.release) for each in case.resolutions],
    )
    given = {name: hashes.get(value, value) for name, value in case.params.items()}
    return ask(store, analysis, case.now, given | _written(case.files, store.path.parent), limit=case.limit)


def _written(files: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Write files; return their names by parameter."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return {name: str(folder / name) for name in files}


def hashes_of(events: Iterable[Event]) -> dict[str, str]:
    """Return the hashes of patterns by their texts, of messages that hold no value and are like no other."""
    return {each["template"]: each["pattern_hash"] for event in events for each in oracle.stored([event])}


def load(options: StoreOptions, events: Iterable[Event], keeping: Keeping = KEEP_ALL) -> Taken:
    """Take events in as JSON lines, as `errcli ingest --from-start` does."""
    log = write_log(options.path.with_suffix(".jsonl"), events)
    if not options.path.exists():
        options.path.write_bytes(_no_events())
    with workers(options, keeping) as crew:
        taken = Intake(crew, How("native", Redactor()), []).take(str(log), lambda _: None)
    assert not taken.rejected
    return taken


@cache
def _no_events() -> bytes:
    """Return the file of a store without events: to make one takes as long as a small load."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.duckdb"
        with scratch(StoreOptions(path)) as engine:
            create(engine, path)
        return path.read_bytes()


def empty_store(path: Path) -> StoreOptions:
    """Make a store without events."""
    path.write_bytes(_no_events())
    return StoreOptions(path, threads=1)


def bring_up_to_date(options: StoreOptions) -> None:
    """Roll up."""
    with writing(options) as store, store.transaction():
        roll_up(store)


def decide_all(options: StoreOptions, decisions: Sequence[oracle.Decision]) -> None:
    """Resolve, reopen or ignore events and patterns, in order."""
    if not decisions:
        return
    with writing(options) as store, store.transaction():
        for target, at, resolved, release, ignored in decisions:
            name: DecisionName = "ignored" if ignored else "resolved" if resolved else "reopened"
            end = ignored or oracle.Until()
            decide(
                store,
                find_target(store, target),
                name,
                at,
                release=release,
                ignored_until=end.time,
                ignored_users=end.users,
            )


def ask(
    source: Store | StoreOptions,
    name: str,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    limit: int | None = 0,
) -> Result:
    """Put an analysis's question; all rows, or as many as its own limit allows with None."""
    if isinstance(source, StoreOptions):
        # at so little, several threads would wait for each other
        with reading(msgspec.structs.replace(source, threads=source.threads or 1)) as store:
            return ask(store, name, now, given, limit)
    analysis = catalog.get(name)
    params = msgspec.convert(dict(given or {}), analysis.params)
    return runner.run(source, analysis, params, now, analysis.limit if limit is None else limit)


def rows_of(result: Result) -> list[dict[str, Any]]:
    """Return a result's rows by column."""
    return result.named_rows


def shown(result: Result, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Return some columns of a result's rows as JSON has them, nulls as "NULL"."""
    wanted = list(columns)
    return [{name: NULL if row[name] is None else plain(row[name]) for name in wanted} for row in rows_of(result)]
