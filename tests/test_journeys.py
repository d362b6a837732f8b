"""Do the analyses of journeys equal what plain Python and statisticians' libraries find, whatever the events are?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.store.connection import StoreOptions, reading
from tests import cases, oracle, oracle_harm, oracle_journeys
from tests.oracle import Asked
from tests.support import Event

NOW = datetime(2026, 3, 8, 0, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)

MOMENTS = [
    NOW - timedelta(days=7),
    NOW - timedelta(days=7) + TICK,
    NOW - timedelta(days=3),
    *(NOW - 60 * MINUTE + minutes * MINUTE for minutes in (0, 1, 2, 3, 4, 6, 10, 15)),
    NOW - 42 * MINUTE,
    NOW - 40 * MINUTE,
    NOW - 38 * MINUTE - TICK,
    NOW - 38 * MINUTE,
    *(NOW - 30 * MINUTE + ticks * TICK for ticks in (-1, 0, 1)),
    NOW - MINUTE,
    NOW,
    NOW + TICK,
]
"""Bounds of the window, pauses of exactly a gap and a tick more, both sides of midnight, and around what is open."""

MESSAGES = {"A": "Payment declined by the bank", "B": "Could not save your draft", "C": "Upload stopped half way"}


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


events = st.builds(
    lambda code, fields: fields | {"error_code": code, "error_message": MESSAGES[code]},
    st.sampled_from(sorted(MESSAGES)),
    st.fixed_dictionaries(
        {
            "id": st.uuids(version=4).map(str),
            "user_id": st.sampled_from(["u-1", "u-2", "ünal@example.org"]),
            "session_id": st.sampled_from(["s-1", "s-1", "s-2", None]),
            "timestamp": st.sampled_from([moment.isoformat() for moment in MOMENTS]),
            "error_type": st.just("workflow"),
            "page": st.sampled_from(["/a", "/a", "/b", "", None]),
            "action": maybe("go"),
            "severity": maybe("low", "HIGH", "critical"),
            "user_blocked": maybe(True, False, False),
            "workflow_failed": maybe(True, False),
            "data_loss": maybe(None, None, True, False),
            "recovery_attempted": maybe(True),
            "recovery_method": maybe("retry", "reload", ""),
            "recovery_user_action": maybe("waited"),
            "user_message": maybe("Please call us.", "Not saved.", ""),
            "recovery_successful": maybe(None, None, True, False),
            "occurrences": st.sampled_from([1, 1, 3]),
        }
    ),
)
logs = st.lists(events, min_size=1, max_size=24)


def stuck_rows(rows: list[oracle.Row]) -> list[oracle.Row]:
    """Return rows in an order of their own, percents as numbers: texts of patterns are the miner's."""
    shares = ("recovered", "moved_on", "dead_end", "quiet", "open")
    rows = [row | {name: float(row[name]) for name in shares} for row in rows]
    return sorted(rows, key=lambda row: str((row["page"], row["action"], row["pattern_hash"])))


def close(row: oracle.Row) -> oracle.Row:
    """Return a row that equals another one whose floating-point numbers are all but the same."""
    return {
        name: pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
        for name, value in row.items()
    }


def ways_to_ask(data: st.DataObject, asked: Asked) -> list[tuple[str, dict[str, Any], list[oracle.Row]]]:
    """Return analyses with parameters and the rows that plain Python finds for them."""
    least = data.draw(st.integers(1, 3), "least")
    gap = data.draw(st.sampled_from([2, 5]), "gap")
    user = data.draw(st.sampled_from(["u-1", "u-2", "nobody"]), "user")
    return [
        (
            "cascade",
            {"user_id": user, "session_id": "s-1", "gap": f"{gap}m", "since": "7d"},
            oracle_journeys.cascade(asked, user, "s-1", gap * MINUTE),
        ),
        *(
            (
                "user-timeline",
                {"user_id": user, "gap": f"{gap}m", "since": window},
                oracle_journeys.user_timeline(asked._replace(since=NOW - stretch), user, gap * MINUTE),
            )
            for window, stretch in (("7d", timedelta(days=7)), ("48m", 48 * MINUTE))
        ),
        *(
            (
                "stuck",
                {"by": by, "gap": f"{gap}m", "min_episodes": least},
                stuck_rows(oracle_journeys.stuck(asked, by, least, gap * MINUTE)),
            )
            for by in ("place", "pattern")
        ),
        *(
            ("recovery", {"by": by, "min_attempts": least}, oracle_journeys.recovery(asked, by, least))
            for by in ("method", "user-action")
        ),
        ("cascades", {"min_sessions": (least + 1) // 2}, oracle_journeys.cascades(asked, (least + 1) // 2)),
        ("fix-first", {}, oracle_harm.fix_first(asked)),
        ("messages", {"min_times": least}, oracle_journeys.messages(asked, least)),
        *(
            (
                "features",
                {"min_users": least % 2 + 1, "since": window},
                oracle_journeys.features(asked._replace(since=NOW - stretch), least % 2 + 1),
            )
            for window, stretch in (("30m", 30 * MINUTE), ("2d", timedelta(days=2)))
        ),
        *(
            (
                "struggling",
                {"min_errors": least, "baseline": baseline, "since": window},
                oracle_journeys.struggling(asked._replace(since=NOW - stretch), least, baseline=baseline),
            )
            for baseline in (False, True)
            for window, stretch in (("1h", 60 * MINUTE), ("12h", 12 * 60 * MINUTE))
        ),
    ]


def assert_all_answer_what_plain_python_finds(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Load events and compare every analysis."""
    store = StoreOptions(tmp_path_factory.mktemp("journeys") / "s.duckdb", threads=1)
    cases.load(store, log)
    cases.bring_up_to_date(store)  # or each question would mine anew
    asked = Asked(oracle.stored(log), NOW - timedelta(days=7), NOW)
    with reading(store) as opened:
        for name, given_, expected in ways_to_ask(data, asked):
            answer = cases.rows_of(cases.ask(opened, name, NOW, given_))
            answer = stuck_rows(answer) if name == "stuck" else answer
            assert len(answer) == len(expected), name
            for row, wanted in zip(answer, expected, strict=True):
                assert {key: row[key] for key in wanted} == close(wanted), (name, given_)


@settings(max_examples=12, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_of_journeys_answers_what_plain_python_finds(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_of_journeys_answers_what_plain_python_finds_at_length(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)
