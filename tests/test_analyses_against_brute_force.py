"""Does each analysis, and all that is derived from events, equal what plain Python finds, whatever the events are?"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.store.connection import Store, StoreOptions, reading, writing
from errcli.store.inspect import broken_promises
from errcli.store.prune import prune
from tests import cases, oracle
from tests.oracle import Asked, Decision
from tests.support import Event, event

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
HOUR, WEEK, TICK = timedelta(hours=1), timedelta(days=7), timedelta(microseconds=1)
MIDNIGHT = datetime(2026, 3, 8, tzinfo=UTC)
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

MOMENTS = [
    *(NOW - HOUR + ticks * TICK for ticks in (-1, 0, 1)),
    *(NOW - WEEK + ticks * TICK for ticks in (-1, 0, 1)),
    *(NOW + ticks * TICK for ticks in (-1, 0, 1)),
    *(MIDNIGHT + ticks * TICK for ticks in (-1, 0)),
    NOW - HOUR / 2,
    NOW - HOUR / 3,
]
"""Bounds of the windows with their neighbours, midnight, and a few moments inside."""

USERS = ["u-1", "u-2", "U-1", "ünal@example.org", "10"]
SESSIONS = ["s-1", "s-2"]
IDS = [f"{number:x}0000000-0000-4000-8000-{number:012}" for number in range(16)]


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


truth = maybe(True, False)
events = st.fixed_dictionaries(
    {
        "id": st.sampled_from(IDS),
        "user_id": st.sampled_from(USERS),
        "session_id": maybe(*SESSIONS),
        "timestamp": st.sampled_from([moment.isoformat() for moment in MOMENTS]),
        "error_type": st.sampled_from(["timeout", "Timeout", "react"]),
        "error_code": maybe("A", "B", "b"),
        "error_message": maybe("first", "second", ""),
        "page": maybe("/a", "-", ""),
        "action": maybe("go"),
        "severity": maybe("low", "high", "HIGH", "Critical", "fatal"),
        "user_blocked": truth,
        "data_loss": truth,
        "recovery_attempted": truth,
        "recovery_successful": truth,
        "recovery_method": maybe("retry"),
        "occurrences": st.sampled_from([1, 1, 2, 7]),
    }
)
logs = st.lists(events, min_size=1, max_size=14)
moments = st.sampled_from(MOMENTS)


@st.composite
def decisions(draw: st.DrawFn, log: list[Event]) -> list[Decision]:
    """Draw resolutions and reopenings of some of the log's events and patterns, and ignored patterns."""
    held = oracle.stored(log)
    targets = st.sampled_from(
        [event["id"] for event in held] + [event[name] for event in held for name in ("pattern_hash", "place_hash")]
    )
    groups = st.sampled_from([event[name] for event in held for name in ("pattern_hash", "place_hash")])
    ends = st.builds(oracle.Until, maybe(*MOMENTS), maybe(1, 2, 3))
    ignored = st.builds(Decision, groups, moments, st.just(value=False), st.none(), ends)
    resolved = st.builds(Decision, targets, moments, st.booleans(), st.none(), st.none())
    return draw(st.lists(resolved | ignored, max_size=4))


def ways_to_ask(data: st.DataObject, asked: Asked) -> dict[str, tuple[dict[str, Any], list[oracle.Row]]]:
    """Return for each analysis parameters and the rows that plain Python finds for them."""
    user, session = data.draw(st.sampled_from([*USERS[:3], "nobody"])), data.draw(st.sampled_from(SESSIONS))
    threshold = data.draw(st.integers(1, 8))
    by = data.draw(st.sampled_from(["template", "place"]))
    pattern = data.draw(st.sampled_from(sorted({event["pattern_hash"] for event in asked.events})))
    one_user, total = data.draw(maybe(*USERS[:2])), data.draw(st.booleans())
    return {
        "user": ({"user_id": user}, oracle.user(asked, user)),
        "cascade": ({"user_id": user, "session_id": session}, oracle.cascade(asked, user, session)),
        "impact": ({}, oracle.impact(asked)),
        "recent": ({}, oracle.recent(asked)),
        "affected": ({"pattern": pattern}, oracle.affected(asked, pattern)),
        "patterns": ({"min_count": threshold, "by": by}, oracle.patterns(asked, threshold, by)),
        "struggling": ({"min_errors": threshold}, oracle.struggling(asked, threshold)),
        "rate": ({"user_id": user}, oracle.rate(asked, user)),
        "daily": ({"user": one_user, "total": total}, oracle.daily(asked, one_user, total=total)),
        "timeline": ({}, oracle.timeline(asked)),
    }


def of_columns(answer: list[oracle.Row], expected: list[oracle.Row]) -> list[oracle.Row]:
    """Return rows with those columns that are expected; the others have a test of their own."""
    columns = expected[0] if expected else ()
    return [{name: row[name] for name in columns} for row in answer]


def assert_all_answer_what_plain_python_finds(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Load events and compare every analysis."""
    store = StoreOptions(tmp_path_factory.mktemp("brute") / "s.duckdb", threads=1)
    loaded = cases.load(store, log)
    held = oracle.stored(log)
    assert (loaded.stored, loaded.duplicates) == (len(held), len(log) - len(held))
    if data.draw(st.booleans(), "roll up"):
        cases.bring_up_to_date(store)
    decided = data.draw(decisions(log), "decisions")
    cases.decide_all(store, decided)
    since, window = data.draw(st.sampled_from([(None, None), ("1h", HOUR), ("7d", WEEK)]), "window")
    pruned = data.draw(st.none() | moments.filter(lambda moment: moment < NOW), "pruned")
    if pruned is not None:
        with writing(store) as opened, opened.transaction():
            prune(opened, pruned, NOW)
    asked = Asked(held, None if window is None else NOW - window, NOW, decided, pruned or BEGINNING)
    with reading(store) as opened:
        for name, (given_, expected) in ways_to_ask(data, asked).items():
            answer = cases.rows_of(cases.ask(opened, name, NOW, given_ | {"since": since}))
            assert of_columns(answer, expected) == expected, name


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_answers_what_plain_python_finds(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_answers_what_plain_python_finds_at_length(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(log=logs, bounds=st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]))
def test_a_window_between_any_two_times_is_half_open(
    log: list[Event], bounds: tuple[datetime, datetime], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = StoreOptions(tmp_path_factory.mktemp("bounds") / "s.duckdb", threads=1)
    cases.load(store, log)
    since, until = bounds
    window = {"since": since.isoformat(), "until": until.isoformat()}
    asked = Asked(oracle.stored(log), since, until)
    with reading(store) as opened:
        found = cases.rows_of(cases.ask(opened, "struggling", NOW, window | {"min_errors": 1}))
        assert of_columns(found, oracle.struggling(asked, 1)) == oracle.struggling(asked, 1)
        assert cases.rows_of(cases.ask(opened, "impact", NOW, window)) == oracle.impact(asked)
        assert cases.rows_of(cases.ask(opened, "daily", NOW, window)) == oracle.daily(asked)


# --- any order of loads, rollups and prunes ---

PLACES = [("timeout", "/a"), ("timeout", "/b"), ("react", None)]
POOL = [
    event(
        f"u-{number % 3}",
        f"2026-03-0{1 + number // 8}T{number % 8 * 3:02}:00:00Z",
        id=f"{number:08x}-0000-4000-8000-000000000000",
        error_type=PLACES[number % 5 % 3][0],
        page=PLACES[number % 5 % 3][1],
        occurrences=1 + number % 2,
        user_blocked=[True, False, None][number % 7 % 3],
        recovery_attempted=[True, True, None, False][number % 4],
        recovery_successful=[True, False, None][number % 3],
    )
    for number in range(24)
]
"""Three days of events, one every three hours."""

steps = st.one_of(
    st.lists(st.sampled_from(POOL), min_size=1, max_size=8),
    st.just("rollup"),
    st.sampled_from(POOL).map(lambda event: datetime.fromisoformat(event["timestamp"])),
)


@pytest.fixture(scope="module")
def no_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store without events."""
    return cases.empty_store(tmp_path_factory.mktemp("empty") / "s.duckdb").path


def take(options: StoreOptions, events: list[Event], held: list[oracle.Row], horizon: datetime) -> list[oracle.Row]:
    """Load events and check their counts; return all events that count."""
    known = {event["id"] for event in held}
    loaded = cases.load(options, events)
    young = [event for event in events if datetime.fromisoformat(event["timestamp"]) > horizon]
    fresh = [event for event in oracle.stored(young) if event["id"] not in known]
    assert (loaded.stored, loaded.duplicates) == (len(fresh), len(young) - len(fresh))
    assert loaded.dropped.get("pruned", 0) == len(events) - len(young)
    return held + fresh


def assert_true_to(held: list[oracle.Row], store: Store) -> None:
    """Check the daily figures as they are shown, and the store's own promises."""
    now = datetime(2026, 3, 4, tzinfo=UTC)
    asked = Asked(held, None, now)
    for total in (False, True):
        answer = cases.ask(store, "daily", now, {"since": None, "total": total})
        assert cases.rows_of(answer) == oracle.daily(asked, total=total)
    assert [broken for broken in broken_promises(store) if broken[1]] == []


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(plan=st.lists(steps, min_size=2, max_size=6))
def test_any_order_of_loads_rollups_and_prunes_gives_the_figures_of_all_events_at_once(
    plan: list[Any], no_events: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    options = StoreOptions(tmp_path_factory.mktemp("order") / "s.duckdb", threads=1)
    shutil.copy(no_events, options.path)
    held: list[oracle.Row] = []
    horizon = datetime(1, 1, 1, tzinfo=UTC)
    for step in plan:
        if isinstance(step, list):
            held = take(options, step, held, horizon)
        elif isinstance(step, datetime):
            with writing(options) as store, store.transaction():
                prune(store, step, cases.LOADED_AT)
            horizon = max(horizon, step)
        else:
            cases.bring_up_to_date(options)
    with reading(options) as store:
        assert_true_to(held, store)
    cases.bring_up_to_date(options)
    with reading(options) as store:
        assert_true_to(held, store)
        assert_rolled_up(held, store)


def assert_rolled_up(held: list[oracle.Row], store: Store) -> None:
    """Check the tables that a rollup keeps."""
    days = store.run(
        "SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_rate FROM daily_error_stats"
    )
    expected = oracle.daily(Asked(held, None, datetime(2026, 3, 4, tzinfo=UTC)))
    rates = {(row["date"], row["user_id"]): row["recovery_rate"] for row in expected}
    assert sorted(row[:5] for row in days) == sorted(tuple(row.values())[:5] for row in expected)
    assert {row[:2]: None if row[5] is None else float(row[5]) for row in days} == rates
    patterns = store.run(
        "SELECT pattern_hash, occurrence_count, affected_users, first_seen, last_seen FROM error_patterns"
    )
    assert {name: tuple(row) for name, *row in patterns} == oracle.error_patterns(held)
