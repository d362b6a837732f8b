"""Do the analyses of journeys equal what plain Python and statisticians' libraries find, whatever the events are?"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.store.connection import StoreOptions, reading
from tests import cases, oracle, oracle_audits, oracle_harm, oracle_journeys
from tests.oracle import Asked, Decision
from tests.support import Event, event, write_log

NOW = datetime(2026, 3, 8, 0, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)

MIDNIGHT = datetime(2026, 3, 8, tzinfo=UTC)

MOMENTS = [
    NOW - timedelta(days=7),
    NOW - timedelta(days=7) + TICK,
    NOW - timedelta(days=3),
    MIDNIGHT - timedelta(days=1),
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

MESSAGES = [
    ("A", "Payment declined by the bank"),
    ("B", "Could not save your draft"),
    ("C", "Upload stopped half way"),
    ("A", "Session expired"),
]
"""Codes and messages of four patterns; one code serves two."""

WEIGHTS = [
    oracle_harm.DEFAULT,
    oracle_harm.Weights(*map(Fraction, ("0.5", "3", "5", "7", "0.25", "2", "4", "0.75"))),
]


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


events = st.builds(
    lambda named, fields: fields | {"error_code": named[0], "error_message": named[1]},
    st.sampled_from(MESSAGES),
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
            "previous_errors": st.none() | st.lists(st.sampled_from(["A", "B", "C", "UNKNOWN"]), max_size=3),
            "fingerprint": maybe(None, None, "stale cache"),
        }
    ),
)
logs = st.lists(events, min_size=1, max_size=24)

exposures = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.sampled_from([MIDNIGHT.date() - timedelta(days=days) for days in (-1, 0, 1, 2, 3, 6, 7)]),
            "page": st.sampled_from(["/a", "/b", "/c", "", None]),
            "action": st.sampled_from(["go", "go", "", None]),
            "users": st.sampled_from([0, 1, 2, 5, 5, 40, 1000]),
        }
    ),
    min_size=1,
    max_size=24,
)


def crowd(seed: int) -> list[Event]:
    """Return a week's errors of sixty users; each pattern has its own likelihood to block, to recover, to be grave."""
    chance = random.Random(seed)  # noqa: S311
    tendencies = [[chance.random() ** 2 for _ in range(3)] for _ in MESSAGES]
    log = []
    for _ in range(400):
        kind = chance.randrange(len(MESSAGES))
        blocks, recovers, is_grave = (chance.random() < tendency for tendency in tendencies[kind])
        log.append(
            event(
                f"u-{(user := chance.randrange(60))}",
                (NOW - timedelta(seconds=chance.randrange(7 * 86_400))).isoformat(),
                id=str(UUID(int=chance.getrandbits(128))),
                session_id=chance.choice([f"s-{user}", f"s-{chance.randrange(3)}", None]),
                error_code=MESSAGES[kind][0],
                error_message=MESSAGES[kind][1],
                page=chance.choice(["/a", "/b"]),
                action=None,
                severity=chance.choice(["high", "critical"] if is_grave else ["low", "medium", None]),
                user_blocked=blocks,
                workflow_failed=chance.random() < 0.2,
                data_loss=chance.random() < 0.1,
                recovery_attempted=recovers or None,
                recovery_successful=recovers or None,
                recovery_method=chance.choice(["retry", "reload"]),
                recovery_user_action=None,
                user_message=chance.choice(["Please call us.", "Not saved."]),
                previous_errors=chance.choice([None, ["A"], ["B", "C"], ["A", "UNKNOWN"]]),
            )
        )
    return log


def decisions(log: list[Event]) -> st.SearchStrategy[list[Decision]]:
    """Return ways in which patterns of a log are resolved and opened again, once or several times."""
    return st.lists(
        st.builds(
            Decision,
            target=st.sampled_from(hashes_of(oracle.stored(log))),
            at=st.sampled_from([NOW - timedelta(days=8), *MOMENTS]),
            resolved=st.sampled_from([True, True, False]),
            release=maybe("1.4.2"),
            ignored=st.none(),
        ),
        max_size=4,
    )


def hashes_of(events_of_store: Iterable[oracle.Row]) -> list[str]:
    """Return the patterns of events."""
    return sorted({event["pattern_hash"] for event in events_of_store})


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


def ways_to_ask_features(
    asked: Asked, least: int, exposed: list[oracle.Row], folder: Path
) -> list[tuple[str, dict[str, Any], list[oracle.Row]]]:
    """Return windows of less than a day, of days and parts of days, and of whole days."""
    file = None
    if exposed:
        lines = (row | {"date": row["date"].isoformat()} for row in exposed)
        file = str(write_log(folder / "exposure.jsonl", lines))
    windows = [(NOW - 30 * MINUTE, NOW), (NOW - timedelta(days=2), NOW), (MIDNIGHT - timedelta(days=4), MIDNIGHT)]
    return [
        (
            "features",
            {"min_users": least, "since": since.isoformat(), "until": until.isoformat(), "exposure": file},
            oracle_journeys.features(asked._replace(since=since, until=until), least, exposed),
        )
        for since, until in [*windows, (NOW - timedelta(days=7), NOW)]
    ]


def ways_to_ask(data: st.DataObject, asked: Asked, folder: Path) -> list[tuple[str, dict[str, Any], list[oracle.Row]]]:
    """Return analyses with parameters and the rows that plain Python finds for them."""
    least = data.draw(st.integers(1, 3), "least")
    gap = data.draw(st.sampled_from([2, 5]), "gap")
    weights = data.draw(st.sampled_from(WEIGHTS), "weights")
    weighed = {name: float(value) for name, value in weights._asdict().items()}
    pattern = data.draw(st.sampled_from(hashes_of(asked.events)), "pattern")
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
        ("cascades-path", {"min_sessions": (least + 1) // 2}, oracle_audits.cascades_path(asked, (least + 1) // 2)),
        ("fix-first", weighed, oracle_harm.fix_first(asked, weights)),
        ("fix-first-explain", {"explain": pattern, **weighed}, oracle_harm.fix_first_explain(asked, pattern, weights)),
        *(
            (
                "verify",
                {"pattern": pattern, "since": window, "gap": f"{gap}m"},
                oracle_audits.verify(asked._replace(since=since), pattern, gap * MINUTE),
            )
            for window, since in ((None, None), ("7d", asked.since))
        ),
        ("severity-audit", {"min_episodes": least, "since": "7d"}, oracle_audits.severity_audit(asked, least)),
        ("messages", {"min_times": least}, oracle_journeys.messages(asked, least)),
        *ways_to_ask_features(asked, least % 2 + 1, data.draw(st.just([]) | exposures, "exposures"), folder),
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
    folder = tmp_path_factory.mktemp("journeys")
    store = StoreOptions(folder / "s.duckdb", threads=1)
    cases.load(store, log)
    cases.bring_up_to_date(store)  # or each question would mine anew
    decided = data.draw(decisions(log), "decisions")
    cases.decide_all(store, decided)
    asked = Asked(oracle.stored(log), NOW - timedelta(days=7), NOW, decided)
    with reading(store) as opened:
        for name, given_, expected in ways_to_ask(data, asked, folder):
            answer = cases.rows_of(cases.ask(opened, name, NOW, given_))
            answer = stuck_rows(answer) if name == "stuck" else answer
            assert len(answer) == len(expected), name
            for row, wanted in zip(answer, expected, strict=True):
                assert {key: row[key] for key in wanted} == close(wanted), (name, given_)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_of_journeys_answers_what_plain_python_finds(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 2**16), data=st.data())
def test_every_analysis_of_journeys_answers_what_plain_python_finds_in_a_crowd(
    seed: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(crowd(seed), data, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(log=logs, data=st.data())
def test_every_analysis_of_journeys_answers_what_plain_python_finds_at_length(
    log: list[Event], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all_answer_what_plain_python_finds(log, data, tmp_path_factory)
