"""Does folding similar events keep every figure as if all of them were stored?"""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, Event, write_log

NOW = "2026-03-09"
QUESTIONS = (
    ("patterns", "--since", "30d", "--min-count", "1"),
    ("struggling", "--since", "30d", "--min-errors", "1"),
    ("daily", "--since", "30d"),
    ("daily", "--since", "30d", "--total"),
    ("rate", "u-1", "--since", "30d"),
)

FIGURES_OF_USERS = ("user_id", "errors", "blocked", "first_seen", "last_seen")


def similar_events(seed: int, count: int = 600) -> list[Event]:
    """Return events of few users and places in the four hours around a midnight, in no order."""
    source = random.Random(seed)  # noqa: S311
    return [
        {
            "id": f"e-{number}",
            "user_id": f"u-{source.randrange(3)}",
            "session_id": None,
            "timestamp": 1772366400 + 10 * 3600 + source.randrange(4 * 3600),
            "error_type": "timeout",
            "page": source.choice(["/a", None]),
            "user_blocked": source.choice([True, None]),
            "recovery_attempted": source.choice([True, None]),
            "recovery_successful": source.choice([True, None]),
        }
        for number in range(count)
    ]


def answers(cli: Cli, db: str) -> list[list[dict[str, Any]]]:
    """Return every figure; what is told of single events, or of the time between them, is none."""
    found = [cli(*question, "--now", NOW, "--limit", "0", "-f", "json", "--db", db).rows for question in QUESTIONS]
    for row in found[0]:
        del row["sample_message"]
    found[1] = [{name: row[name] for name in FIGURES_OF_USERS} for row in found[1]]
    return found


def derived(cli: Cli, db: str) -> list[list[dict[str, Any]]]:
    assert cli("rollup", "--db", db).code == 0
    tables = ("error_patterns", "daily_error_stats")
    return [cli("query", f"FROM {table} ORDER BY ALL", "-f", "json", "--db", db).rows for table in tables]


@pytest.mark.parametrize(
    ("seed", "keep", "per"),
    [
        pytest.param(2, 2, "1h", marks=pytest.mark.slow),
        pytest.param(1, 1, "1h", marks=pytest.mark.slow),
        pytest.param(3, 5, "1d", marks=pytest.mark.slow),
        pytest.param(4, 1, "20m", marks=pytest.mark.slow),
    ],
)
def test_every_figure_is_as_if_all_were_stored(cli: Cli, tmp_path: Path, seed: int, keep: int, per: str) -> None:
    events = similar_events(seed)
    parts = [events[:100], events[100:350], events[300:600], list(reversed(events))]
    logs = [write_log(tmp_path / f"{number}.jsonl", part) for number, part in enumerate(parts)]
    assert cli("ingest", logs[-1], "--db", "all.duckdb").code == 0
    Path("errcli.toml").write_text(f"[ingest.fold]\nkeep = {keep}\nper = '{per}'\n")
    rows = []
    for log in logs:
        rehearsed = cli("ingest", log, "--db", "folded.duckdb", "--dry-run", "-f", "json").row
        rows.append(cli("ingest", log, "--db", "folded.duckdb", "-f", "json").row)
        assert rehearsed | {"seconds": 0} == rows[-1] | {"seconds": 0}
    assert [(row["lines"], row["duplicates"]) for row in rows] == [(100, 0), (250, 0), (300, 50), (600, 600)]
    assert sum(row["folded"] for row in rows) > 100
    assert sum(row["stored"] + row["folded"] for row in rows) == 600
    assert answers(cli, "folded.duckdb") == answers(cli, "all.duckdb")
    assert derived(cli, "folded.duckdb") == derived(cli, "all.duckdb")
    for db in ("folded.duckdb", "all.duckdb"):  # between two days, so that no stretch is cut
        assert cli("prune", "--keep", "1d", "--now", "2026-03-03T00:00:00Z", "--db", db).code == 0
    assert derived(cli, "folded.duckdb") == derived(cli, "all.duckdb")
    assert {row["broken"] for row in cli("db", "doctor", "-f", "json", "--db", "folded.duckdb").rows} == {0}
    ledger = "SELECT sum(folded) AS folded FROM ingested_files"
    assert cli("query", ledger, "-f", "json", "--db", "folded.duckdb").row["folded"] == sum(
        row["folded"] for row in rows
    )


def test_the_first_events_of_a_kind_are_stored_and_the_others_counted(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest.fold]\nkeep = 2\n")
    events = [
        {"user_id": "u", "error_code": "E", "id": f"e-{minute}", "timestamp": f"2026-03-01T12:{minute:02d}:00Z"}
        for minute in range(7)
    ]
    cli("ingest", write_log(tmp_path / "a.jsonl", events))
    sql = "SELECT source_id, occurrences, folded_until FROM user_errors ORDER BY timestamp"
    assert cli("query", sql, "-f", "json").rows == [
        {"source_id": "e-0", "occurrences": 1, "folded_until": None},
        {"source_id": "e-1", "occurrences": 6, "folded_until": "2026-03-01T12:06:00Z"},
    ]


def test_the_attempts_of_a_retry_stay_apart(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest.fold]\nkeep = 1\n")
    attempt = {"user_id": "u", "error_code": "E", "timestamp": "2026-03-01T12:00:00Z"}
    events = [attempt | {"id": f"e-{number}", "input_data": {"retryAttempt": number % 3}} for number in range(6)]
    final = attempt | {"id": "final", "severity": "high", "user_blocked": True}
    row = cli("ingest", write_log(tmp_path / "a.jsonl", [*events, final]), "-f", "json").row
    assert (row["stored"], row["folded"]) == (4, 3)


def test_what_comes_after_a_decision_is_not_folded_into_what_came_before(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest.fold]\nkeep = 1\n")
    events = [
        {"user_id": "u", "error_code": "E", "id": f"e-{minute}", "timestamp": f"2026-03-01T12:{minute:02d}:00Z"}
        for minute in (0, 5, 10, 20)
    ]
    cli("ingest", write_log(tmp_path / "a.jsonl", events[:1]))
    (row,) = cli("patterns", "--now", "2026-03-01T12:01:00Z", "--min-count", "1", "-f", "json").rows
    assert cli("resolve", row["pattern_hash"], "--now", "2026-03-01T12:05:00Z").code == 0
    log = write_log(tmp_path / "b.jsonl", events)
    rehearsed = cli("ingest", log, "--dry-run", "-f", "json").row
    assert (rehearsed["stored"], rehearsed["folded"]) == (1, 2)
    cli("ingest", log)
    sql = "SELECT source_id, occurrences, resolved FROM events ORDER BY timestamp"
    assert cli("query", sql, "-f", "json").rows == [
        {"source_id": "e-0", "occurrences": 2, "resolved": True},
        {"source_id": "e-10", "occurrences": 2, "resolved": False},
    ]


def test_a_count_that_is_too_large_stays_at_the_largest_number(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest.fold]\nkeep = 1\n")
    events = [
        {
            "user_id": "u", "error_code": "E", "id": f"e-{minute}", "timestamp": f"2026-03-01T12:{minute:02d}:00Z",
            "occurrences": 2_000_000_000,
        }
        for minute in range(3)
    ]  # fmt: skip
    for number, some in enumerate((events[:2], events[2:])):
        assert cli("ingest", write_log(tmp_path / f"{number}.jsonl", some)).code == 0
        (row,) = cli("query", "SELECT occurrences FROM user_errors", "-f", "json").rows
        assert row["occurrences"] == 2_147_483_647


def test_the_newest_event_may_be_a_folded_one(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest.fold]\nkeep = 1\n")
    events = [{"user_id": "u", "error_code": "E", "timestamp": f"2026-03-01T12:{minute:02d}:00Z"} for minute in (0, 50)]
    cli("ingest", write_log(tmp_path / "a.jsonl", events))
    (row,) = cli("struggling", "--now", "latest", "--min-errors", "1", "-f", "json").rows
    assert row["last_seen"] == "2026-03-01T12:50:00Z"
