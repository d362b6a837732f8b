"""Do the daily figures stay true to the events, through rollups, late events, prunes and loads all over again?"""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from errcli.store.connection import StoreOptions, writing
from errcli.store.prune import prune
from tests import cases, oracle
from tests.support import SAMPLE, Cli, Event, Run, clean_environment, event, process, write_log

DB = Path("errcli.duckdb")
"""The store in the working directory of the `cli` fixture."""

EVENTS = [
    event("u-1", "2026-03-01T08:00:00Z", id="e-1", page="/a", user_blocked=True, **oracle.RECOVERED),
    event("u-1", "2026-03-01T09:00:00Z", id="e-2", page="/a", occurrences=2, **oracle.NOT_RECOVERED),
    event("u-1", "2026-03-01T20:00:00Z", id="e-3", page="/b"),
    event("u-2", "2026-03-01T10:00:00Z", id="e-4", page="/b"),
    event("u-1", "2026-03-02T10:00:00Z", id="e-5", page="/b", user_blocked=True),
    event("u-2", "2026-03-03T10:00:00Z", id="e-6", page="/c"),
]


def figures(*values: Any) -> dict[str, Any]:
    """Return a row of `daily`."""
    names = ("date", "user_id", "error_count", "unique_errors", "blocked_count", "recovery_rate")
    return dict(zip(names, values, strict=True))


DAYS = [
    figures("2026-03-03", "u-2", 1, 1, 0, None),
    figures("2026-03-02", "u-1", 1, 1, 1, None),
    figures("2026-03-01", "u-1", 4, 2, 1, 33.33),
    figures("2026-03-01", "u-2", 1, 1, 0, None),
]
TOTALS = [
    figures("2026-03-03", None, 1, 1, 0, None),
    figures("2026-03-02", None, 1, 1, 1, None),
    figures("2026-03-01", None, 5, 2, 1, 33.33),
]


def ingest(cli: Cli, events: list[Event]) -> Run:
    return cli("ingest", write_log(Path("events.jsonl"), events), "-f", "json")


def daily(cli: Cli, *more: str) -> list[dict[str, Any]]:
    return cli("daily", "--now", "2026-03-04T00:00:00Z", "--limit", "0", "-f", "json", *more).rows


def table(cli: Cli, query: str) -> list[dict[str, Any]]:
    return cli("query", query, "-f", "json", "--limit", "0").rows


def daily_table(cli: Cli) -> list[dict[str, Any]]:
    names = ", ".join(DAYS[0])
    return table(cli, f"SELECT {names} FROM daily_error_stats ORDER BY date DESC, error_count DESC, user_id")


def directly(sql: str, db: Path = DB) -> None:
    """Change a store behind errcli's back."""
    with duckdb.connect(str(db)) as connection:
        connection.execute(sql)


def is_sound(cli: Cli) -> bool:
    return cli("db", "doctor", "-f", "json").code == 0


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load sample_data once."""
    folder = tmp_path_factory.mktemp("sample")
    assert process("ingest", str(SAMPLE), cwd=folder).code == 0
    return folder / DB


# --- rollup ---


def test_a_rollup_writes_the_figures_of_every_day_and_user(cli: Cli) -> None:
    ingest(cli, EVENTS)
    assert daily_table(cli) == []
    rolled_up = cli("rollup", "-f", "json").row
    assert (rolled_up["days"], rolled_up["user_days"], rolled_up["patterns"]) == (3, 4, 3)
    assert daily_table(cli) == DAYS
    assert daily(cli) == DAYS
    assert daily(cli, "--total") == TOTALS


def test_a_rollup_writes_the_patterns(cli: Cli) -> None:
    ingest(cli, EVENTS)
    cli("rollup")
    names = (
        "error_type, error_message_pattern, occurrence_count, affected_users, first_seen, last_seen, common_page,"
        " common_action, length(pattern_hash) AS digits"
    )
    newest, *others = table(cli, f"SELECT {names} FROM error_patterns ORDER BY first_seen DESC")
    assert newest == {
        "error_type": "timeout",
        "error_message_pattern": "timeout:/c:-",
        "occurrence_count": 1,
        "affected_users": 1,
        "first_seen": "2026-03-03T10:00:00Z",
        "last_seen": "2026-03-03T10:00:00Z",
        "common_page": "/c",
        "common_action": None,
        "digits": 64,
    }
    counts = [(row["common_page"], row["occurrence_count"], row["affected_users"]) for row in others]
    assert counts == [("/b", 3, 2), ("/a", 3, 1)]
    assert others[0]["last_seen"] == "2026-03-02T10:00:00Z"


def test_a_second_rollup_finds_nothing_to_do(cli: Cli) -> None:
    ingest(cli, EVENTS)
    cli("rollup")
    patterns = table(cli, "FROM error_patterns ORDER BY pattern_hash")
    again = cli("rollup", "-f", "json").row
    assert (again["days"], again["user_days"], again["patterns"]) == (0, 0, 0)
    assert daily_table(cli) == DAYS
    assert table(cli, "FROM error_patterns ORDER BY pattern_hash") == patterns


def test_loading_a_log_again_leaves_no_day_to_roll_up(cli: Cli) -> None:
    ingest(cli, EVENTS)
    cli("rollup")
    assert ingest(cli, EVENTS[::-1]).row["duplicates"] == 6
    assert cli("rollup", "-f", "json").row["days"] == 0


def test_a_late_event_changes_its_own_day_and_no_other(cli: Cli) -> None:
    ingest(cli, EVENTS)
    cli("rollup")
    directly("UPDATE daily_error_stats SET blocked_count = 99; UPDATE error_patterns SET common_action = 'untouched'")
    ingest(cli, [event("u-2", "2026-03-01T23:00:00Z", id="late", page="/a")])
    assert cli("rollup", "-f", "json").row["days"] == 1
    assert daily_table(cli) == [
        DAYS[0] | {"blocked_count": 99},
        DAYS[1] | {"blocked_count": 99},
        DAYS[2],
        figures("2026-03-01", "u-2", 2, 2, 0, None),
    ]
    marks = table(cli, "SELECT common_page, common_action FROM error_patterns ORDER BY common_page")
    assert [row["common_action"] for row in marks] == [None, None, "untouched"]


@pytest.mark.slow
def test_two_rollups_at_once_both_succeed(tmp_path: Path, sample_store: Path) -> None:
    shutil.copy(sample_store, tmp_path / DB)
    command = [sys.executable, "-m", "errcli", "rollup", "-f", "json"]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = []
    for each in running:
        out, err = each.communicate(timeout=60)
        ended.append(Run(each.returncode, out.decode(), err.decode()))
    assert [run.code for run in ended] == [0, 0], ended
    assert sorted(run.row["days"] for run in ended) == [0, 36]
    stored = "SELECT CAST(sum(error_count) AS BIGINT) AS errors FROM daily_error_stats"
    assert process("query", stored, "-f", "json", cwd=tmp_path).row["errors"] == 5039
    assert process("db", "doctor", cwd=tmp_path).code == 0


# --- prune ---


def prune_up_to(cli: Cli, horizon: str, *more: str) -> Run:
    """Prune events up to a time, this time included."""
    return cli("prune", "--keep", "0s", "--now", horizon, "-f", "json", *more)


def test_a_prune_rolls_up_first_and_keeps_every_days_figures(cli: Cli) -> None:
    ingest(cli, EVENTS)
    pruned = prune_up_to(cli, "2026-03-01T12:00:00Z").row
    assert (pruned["events"], pruned["errors"], pruned["users"], pruned["days"]) == (3, 4, 2, 1)
    assert pruned["pruned_up_to"] == "2026-03-01T12:00:00Z"
    left = table(cli, "SELECT source_id FROM user_errors ORDER BY source_id")
    assert [row["source_id"] for row in left] == ["e-3", "e-5", "e-6"]
    assert daily_table(cli) == DAYS
    assert (daily(cli), daily(cli, "--total")) == (DAYS, TOTALS)
    assert daily(cli, "--user", "u-2") == [DAYS[0], DAYS[3]]


def test_a_rollup_after_a_prune_leaves_the_figures(cli: Cli) -> None:
    ingest(cli, EVENTS)
    cli("rollup")
    patterns = table(cli, "FROM error_patterns ORDER BY pattern_hash")
    prune_up_to(cli, "2026-03-02T12:00:00Z")
    directly("INSERT INTO changed_days SELECT DISTINCT date FROM daily_error_stats")
    assert (daily(cli), daily(cli, "--total")) == (DAYS, TOTALS)
    assert cli("rollup", "-f", "json").row["days"] == 3
    assert (daily_table(cli), daily(cli), daily(cli, "--total")) == (DAYS, DAYS, TOTALS)
    assert table(cli, "FROM error_patterns ORDER BY pattern_hash") == patterns


def test_the_keep_of_a_prune_is_a_half_open_window(cli: Cli) -> None:
    times = ("11:59:59.999999", "12:00:00", "12:00:00.000001")
    ingest(cli, [event(time=f"2026-03-01T{time}Z") for time in times])
    assert cli("prune", "--keep", "1d", "--now", "2026-03-02T12:00:00Z", "-f", "json").row["events"] == 2
    assert [row["timestamp"] for row in table(cli, "FROM user_errors")] == ["2026-03-01T12:00:00.000001Z"]


def test_thirty_days_are_kept_by_default(cli: Cli) -> None:
    ingest(cli, [event(time="2026-01-01T00:00:00Z"), event(time="2026-01-01T00:00:01Z")])
    assert cli("prune", "--now", "2026-01-31T00:00:00Z", "-f", "json").row["events"] == 1


def test_what_was_pruned_is_not_taken_in_again(cli: Cli) -> None:
    ingest(cli, EVENTS)
    prune_up_to(cli, "2026-03-01T10:00:00Z")
    again = ingest(cli, EVENTS[::-1])
    assert again.code == 0
    counts = {name: again.row[name] for name in ("lines", "stored", "duplicates", "dropped", "rejected")}
    assert counts == {"lines": 6, "stored": 0, "duplicates": 3, "dropped": 3, "rejected": 0}
    assert "dropped: 3 pruned" in again.err
    assert [(row["rule"], row["count"]) for row in table(cli, "FROM dropped_counts")] == [("pruned", 3)]
    assert cli("rollup", "-f", "json").row["days"] == 0
    assert (daily(cli), daily(cli, "--total")) == (DAYS, TOTALS)


def test_an_older_horizon_does_not_open_a_newer_one(cli: Cli) -> None:
    ingest(cli, EVENTS)
    prune_up_to(cli, "2026-03-02T12:00:00Z")
    assert prune_up_to(cli, "2026-03-01T00:00:00Z").row["events"] == 0
    assert ingest(cli, EVENTS[::-1]).row["dropped"] == 5
    assert daily(cli) == DAYS


def test_late_events_of_a_partly_pruned_day_are_added_exactly(cli: Cli) -> None:
    ingest(cli, EVENTS)
    prune_up_to(cli, "2026-03-01T12:00:00Z")
    late = [
        event("u-1", "2026-03-01T12:00:00Z", id="at the horizon", page="/a"),
        event("u-1", "2026-03-01T12:00:00.000001Z", id="seen before", page="/a", **oracle.RECOVERED),
        event("u-1", "2026-03-01T13:00:00Z", id="new", page="/new", user_blocked=True),
        event("u-2", "2026-03-01T14:00:00Z", id="new of u-2", page="/new"),
    ]
    assert ingest(cli, late).row["stored"] == 3
    changed = [
        figures("2026-03-01", "u-1", 6, 3, 2, 50.0),
        figures("2026-03-01", "u-2", 2, 2, 0, None),
    ]
    assert daily(cli) == [*DAYS[:2], *changed]
    cli("rollup")
    assert daily_table(cli) == [*DAYS[:2], *changed]
    assert daily(cli, "--total")[2] == figures("2026-03-01", None, 8, 3, 2, 50.0)


def test_a_dry_run_counts_and_changes_nothing(cli: Cli) -> None:
    ingest(cli, EVENTS)
    before = DB.read_bytes()
    rehearsed = prune_up_to(cli, "2026-03-01T12:00:00Z", "--dry-run", "--compact").row
    assert DB.read_bytes() == before
    assert rehearsed["bytes_freed"] is None
    pruned = prune_up_to(cli, "2026-03-01T12:00:00Z").row
    assert pruned == rehearsed
    assert pruned["events"] == 3


def test_rejected_lines_leave_when_they_are_as_old(cli: Cli) -> None:
    Path("bad.jsonl").write_text('{"user_id": "u-1", "timestamp": "2026-03-01T12:00:00Z", "error_type": "x"}\nno\n')
    cli("ingest", "bad.jsonl")
    assert cli("prune", "--keep", "1d", "-f", "json").row["rejected_lines"] == 0
    assert len(table(cli, "FROM rejected_lines")) == 1
    assert cli("prune", "--keep", "0s", "-f", "json").row["rejected_lines"] == 1
    assert table(cli, "FROM rejected_lines") == []


@pytest.mark.slow
def test_compacting_makes_the_file_smaller_and_keeps_every_row(cli: Cli, sample_store: Path) -> None:
    sizes, contents = {}, {}
    for how in ((), ("--compact",)):
        shutil.copy(sample_store, DB)
        answer = cli("prune", "--keep", "2d", "--now", "latest", "-f", "json", *how).row
        sizes[how], contents[how] = DB.stat().st_size, everything()
        assert (answer["bytes_freed"] is None) == (not how)
        assert is_sound(cli)
    assert contents[("--compact",)] == contents[()]
    assert sizes[("--compact",)] < sizes[()]
    assert len(contents[()]["user_errors"]) == answer_of_events(cli)


def everything() -> dict[str, list[str]]:
    """Return the rows of every table as text; the times of loading, pruning and migrating left out."""
    with duckdb.connect(str(DB), read_only=True) as connection:
        columns: dict[str, list[str]] = {}
        for name, column in connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall():
            if column not in ("ingested_at", "pruned_at", "applied_at"):
                columns.setdefault(name, []).append(f'"{column}"')
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {
            name: sorted(map(str, connection.execute(f"SELECT {', '.join(columns[name])} FROM {name}").fetchall()))
            for name in tables
        }


def answer_of_events(cli: Cli) -> int:
    events: int = cli("db", "info", "-f", "json").row["events"]
    return events


# --- doctor ---


def test_the_doctor_finds_nothing_wrong_at_any_time(cli: Cli) -> None:
    ingest(cli, EVENTS[:4])
    assert is_sound(cli)
    cli("rollup")
    assert is_sound(cli)
    ingest(cli, EVENTS)
    assert is_sound(cli)
    cli("resolve", "e-1")
    prune_up_to(cli, "2026-03-01T10:00:00Z")
    assert is_sound(cli)
    ingest(cli, [*EVENTS, event("u-3", "2026-03-01T11:00:00Z")])
    assert is_sound(cli)
    cli("db", "compact")
    assert is_sound(cli)


@pytest.fixture(scope="module")
def sound_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store that was rolled up, pruned and resolved in."""
    options = StoreOptions(tmp_path_factory.mktemp("sound") / "s.duckdb", threads=1)
    cases.load(options, EVENTS)
    cases.decide_all(options, [oracle.Decision("e-5", datetime(2026, 3, 4, tzinfo=UTC), resolved=True)])
    with writing(options) as store, store.transaction():
        prune(store, datetime(2026, 3, 1, 9, tzinfo=UTC), cases.LOADED_AT)
    return options.path


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("INSERT INTO user_errors FROM user_errors LIMIT 1", "an event id occurs once"),
        ("UPDATE ingested_files SET lines = lines + 1", "the lines of every load add up"),
        ("UPDATE ingested_files SET rejected = rejected + 1", "the lines of every load add up"),
        (
            "INSERT INTO dropped_counts SELECT file, 'x', 5, ingested_at FROM ingested_files LIMIT 1",
            "what rules dropped is what the loads dropped",
        ),
        ("DELETE FROM user_errors WHERE source_id = 'e-6'", "what was stored is there, or was pruned"),
        ("DELETE FROM ingested_files", "what was stored is there, or was pruned"),
        ("UPDATE prunes SET deleted = deleted - 1", "what was stored is there, or was pruned"),
        ("UPDATE daily_error_stats SET error_count = error_count + 1 WHERE user_id = 'u-2'", "daily_error_stats"),
        ("UPDATE daily_error_stats SET recovery_rate = 33.34 WHERE recovery_rate = 33.33", "daily_error_stats"),
        ("UPDATE daily_error_stats SET recovery_rate = 0 WHERE recovery_rate IS NULL", "daily_error_stats"),
        ("DELETE FROM daily_error_stats WHERE date = '2026-03-03'", "daily_error_stats"),
        ("INSERT INTO daily_error_stats FROM daily_error_stats LIMIT 1", "daily_error_stats"),
        ("UPDATE user_errors SET user_blocked = NOT user_blocked", "daily_error_stats"),
        ("DELETE FROM pruned_stats WHERE user_id = 'u-1'", "daily_error_stats"),
        ("UPDATE error_patterns SET affected_users = 7 WHERE common_page = '/b'", "error_patterns"),
        ("DELETE FROM error_patterns WHERE common_page = '/c'", "error_patterns"),
        ("UPDATE prunes SET horizon = '2026-03-03T10:00:00Z'", "no event lies at or before the prune horizon"),
        ("UPDATE resolutions SET event_id = NULL", "a resolution is of one event or of one pattern"),
        ("UPDATE resolutions SET pattern_hash = 'x'", "a resolution is of one event or of one pattern"),
    ],
)
def test_the_doctor_finds_damage(cli: Cli, sound_store: Path, damage: str, promise: str) -> None:
    shutil.copy(sound_store, DB)
    assert is_sound(cli)
    directly(damage)
    diagnosis = cli("db", "doctor", "-f", "json")
    assert diagnosis.code == 1
    assert "broken-promise" in diagnosis.err
    assert [row["promise"] for row in diagnosis.rows if row["broken"] and row["promise"].startswith(promise)]


def test_a_window_that_reaches_into_what_was_pruned_says_so(cli: Cli) -> None:
    ingest(cli, EVENTS)
    prune_up_to(cli, "2026-03-01T12:00:00Z")
    note = "errcli: note: events up to 2026-03-01T12:00:00Z were pruned; errcli daily has their figures\n"
    assert cli("patterns", "--since", "2026-03-01", "--now", "latest", "--min-count", "1").err == note
    assert cli("patterns", "--since", "2026-03-01T12:00:00Z", "--now", "latest", "--min-count", "1").err == ""
    assert cli("daily", "--since", "2026-03-01", "--now", "latest").err == ""
