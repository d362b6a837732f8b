"""How does a question become an answer: resolve its window, bind its parameters, run its SQL on a store."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from errcli import catalog, params, tables
from errcli.analysis import Analysis, Column, Question, Result, Window, columns_of, fields_of
from errcli.config import Config
from errcli.store import beside, query
from errcli.store.connection import Store
from errcli.store.resolve import require_pattern

LATEST = "latest"
"""Stands for the time of the newest event where a clock is moved."""

_DAY = timedelta(days=1)


def params_of(analysis: Analysis, given: Mapping[str, Any], config: Config) -> msgspec.Struct:
    """Return the parameters of an analysis: what is given of them, and settings where the config has some."""
    asked = {
        field.name: given[field.name]
        for field in fields_of(analysis.params)
        # what is not given is None; another form of a question may have a default where the question has none
        if field.name in given and (given[field.name] is not None or field.default is None)
    }
    settings = {
        field.name: getattr(getattr(config, field.section), field.name)
        for field in fields_of(analysis.params)
        if field.section is not None and asked.get(field.name) is None
    }
    return analysis.params(**asked | settings)


def clock(store: Store, now: str | None, tz: str | None, config: Config) -> datetime:
    """Return the present of a question, in its zone: the real one, the newest event, or what `now` says.

    Raises UsageError.
    """
    zone = params.parse_zone(tz or config.output.tz, "--tz" if tz else "[output] tz")
    present = datetime.now(UTC).astimezone(zone)
    if now is None:
        return present
    if now == LATEST:
        newest = store.newest_event()
        return present if newest is None else newest.astimezone(zone)
    return params.parse_time(now, present, "--now")


def run(store: Store, analysis: Analysis, given: msgspec.Struct, now: datetime, limit: int = 0) -> Result:
    """Answer a question; the rows are in the order of its SQL, at most `limit` of them, all with 0.

    `now` is aware, and its zone is the one in which the window's days begin. Raises UsageError for an
    impossible window, a file that is not what it should be, and the beginning of several hashes, UnknownTargetError
    for that of none, and what the store raises.
    """
    given = _with_whole_hashes(store, given)
    since, until = window_of(given, now)
    bindings = bindings_of(given, now)
    asked = Question(given, since, until, _beside(store, given))
    rows, total = query.run(store, catalog.sql_of(analysis.name), bindings, 0 if analysis.is_summary else limit)
    rows, notes = _finished(analysis, asked, rows)
    rows = rows[:limit] if limit else rows
    return Result(
        analysis=analysis.name,
        columns=columns_of(analysis.row),
        rows=rows,
        now=now,
        since=since,
        until=until,
        params=msgspec.structs.asdict(given),
        total=total,
        newest=None if rows else store.newest_event(),
        ignored=_ignored(store, analysis, bindings),
        pruned_up_to=None if analysis.outlives_pruning else _pruned_in(store, _first_look(analysis, since, until)),
        notes=notes,
        graph=analysis.graph,
    )


def _finished(
    analysis: Analysis, asked: Question, rows: list[tuple[Any, ...]]
) -> tuple[list[tuple[Any, ...]], tuple[str, ...]]:
    """Return rows with what the analysis fills in, and what it says beside them."""
    if analysis.complete is None and analysis.notes is None:
        return rows, ()
    made = [analysis.row(*row) for row in rows]
    if analysis.complete is not None:
        made = analysis.complete(made)
        rows = [msgspec.structs.astuple(row) for row in made]
    return rows, () if analysis.notes is None else analysis.notes(asked, made)


def _with_whole_hashes(store: Store, given: msgspec.Struct) -> msgspec.Struct:
    """Return parameters with the present hash of each pattern that they name by the beginning of one of its hashes."""
    named = {
        field.name: require_pattern(store, getattr(given, field.name))
        for field in fields_of(type(given))
        if field.is_pattern
    }
    return msgspec.structs.replace(given, **named) if named else given


def _beside(store: Store, given: msgspec.Struct) -> dict[str, list[Any]]:
    """Put the rows of the files that parameters name beside the store's tables, and return them by parameter."""
    found: dict[str, list[Any]] = {}
    for field in fields_of(type(given)):
        if field.table is not None:
            path = getattr(given, field.name)
            found[field.name] = [] if path is None else tables.read(path, field.table.row, f"--{field.name}")
            beside.put(store, field.table, found[field.name])
    return found


def window_of(given: msgspec.Struct, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the bounds of the window that parameters speak of. Raises UsageError for an impossible one."""
    return params.resolve_window(given.since, given.until, now) if isinstance(given, Window) else (None, None)


def bindings_of(given: msgspec.Struct, now: datetime) -> dict[str, Any]:
    """Return all that the SQL of an analysis may name. Raises UsageError for an impossible window or duration."""
    since, until = window_of(given, now)
    bindings = {"now": now, **msgspec.structs.asdict(given), **_seconds(given)}
    return bindings if until is None else bindings | _window_bindings(since, until)


def _seconds(given: msgspec.Struct) -> dict[str, float]:
    """Return the parameters that are stretches of time, in seconds. Raises UsageError where one is none."""
    return {
        field.name: params.parse_duration(getattr(given, field.name), f"--{field.name}").total_seconds()
        for field in fields_of(type(given))
        if field.is_duration
    }


def _window_bindings(since: datetime | None, until: datetime) -> dict[str, Any]:
    """Return what the SQL of an analysis may name of its window, None being the beginning.

    `baseline_since` is when the windows of the same length began that lie before it: where that is thinkable, three.
    """
    start = since or params.BEGINNING
    length = until - start
    before = start if since is None else params.earlier(start, 3 * length)
    return {"since": start, "until": until, "window_days": length / _DAY, "baseline_since": before}


def _ignored(store: Store, analysis: Analysis, bindings: dict[str, Any]) -> int:
    """Return how many rows a question about states leaves out, where no state was asked for."""
    if bindings.get("state", "") is not None or not store.is_anything_ignored():
        return 0
    _, total = query.run(store, catalog.sql_of(analysis.name), bindings | {"state": "ignored"}, 1)
    return total


def _first_look(analysis: Analysis, since: datetime | None, until: datetime | None) -> datetime | None:
    """Return from when on events matter: from the window's start, or that of the window before; None is always."""
    if not analysis.looks_back or since is None or until is None:
        return since
    return params.earlier(since, until - since)


def _pruned_in(store: Store, since: datetime | None) -> datetime | None:
    """Return up to when events were pruned, where a window that begins at `since` reaches back so far."""
    horizon = store.prune_horizon()
    return horizon if horizon is not None and (since is None or since < horizon) else None


def run_sql(store: Store, sql: str, limit: int = 0) -> Result:
    """Run a free query, which can neither write nor reach files or the network. Raises QueryError."""
    columns, rows, total = query.run_free(store, sql, limit)
    return Result(
        analysis="query",
        columns=tuple(Column(name, kind) for name, kind in columns),
        rows=rows,
        now=datetime.now(UTC),
        params={"sql": sql},
        total=total,
    )
