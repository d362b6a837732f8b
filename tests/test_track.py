"""Does track store one event, say its id, and refuse what is none?"""

import json
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, Run, event, process

UUID = "a3e5f71d-4e81-470f-bedf-574c603a6e8e"
NESTED = {"userId": "u-1", "timestamp": "2026-03-01T12:00:00Z", "error": {"type": "timeout"}}


@pytest.fixture
def feed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """`feed(data, *arguments)`: errcli track with data on standard input."""

    def call(data: bytes, *arguments: str) -> Run:
        (tmp_path / "stdin").write_bytes(data)
        with (tmp_path / "stdin").open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            return cli("track", *arguments)

    return call


def stored(cli: Cli, columns: str = "* EXCLUDE (place_hash, shape_id, created_at)") -> list[dict[str, Any]]:
    rows = cli("query", f"SELECT {columns} FROM user_errors ORDER BY ALL", "-f", "json").rows
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def test_every_flag_has_its_column(cli: Cli) -> None:
    done = cli(
        "track", "--user", "u-1", "--session", "s-1", "--type", "timeout", "--code", "E_1", "--message", "no answer",
        "--user-message", "Sorry", "--technical", "at x", "--page", "/a", "--action", "pay", "--severity", "high",
        "--blocked", "--workflow-failed", "--data-loss", "--workflow", "w-1", "--agent", "a-1", "--input", '{"n": 1}',
        "--release", "1.0", "--not-recovered", "--recovery-method", "retry", "--time", "2026-03-01T12:00:00Z",
        "--id", UUID,
    )  # fmt: skip
    assert (done.code, done.out, done.err) == (0, f"{UUID}\n", "")
    assert stored(cli) == [
        {
            "id": UUID,
            "user_id": "u-1",
            "session_id": "s-1",
            "timestamp": "2026-03-01T12:00:00Z",
            "error_type": "timeout",
            "error_code": "E_1",
            "error_message": "no answer",
            "user_message": "Sorry",
            "technical": "at x",
            "page": "/a",
            "action": "pay",
            "severity": "high",
            "user_blocked": True,
            "workflow_failed": True,
            "data_loss": True,
            "workflow_id": "w-1",
            "agent_id": "a-1",
            "input_data": '{"n":1}',
            "recovery_attempted": True,
            "recovery_successful": False,
            "recovery_method": "retry",
            "release": "1.0",
            "occurrences": 1,
        }
    ]


def test_a_user_is_enough(cli: Cli) -> None:
    printed = cli("track", "--user", "u-1").out
    (row,) = stored(cli, "* EXCLUDE (place_hash, shape_id, created_at, timestamp)")
    assert row == {"id": printed.strip(), "user_id": "u-1", "error_type": "unknown", "occurrences": 1}


def test_only_a_missing_time_is_the_present(cli: Cli, feed: Callable[..., Run]) -> None:
    before = datetime.now(UTC)
    cli("track", "--user", "u-1")
    feed(json.dumps(NESTED | {"userId": "u-2", "timestamp": None}).encode())
    feed(json.dumps(NESTED | {"userId": "u-3"}).encode())
    after = datetime.now(UTC)
    times = [row["timestamp"] for row in stored(cli, "user_id, timestamp")]
    slack = timedelta(milliseconds=1)
    assert all(before - slack <= datetime.fromisoformat(time) <= after for time in times[:2])
    assert times[2] == "2026-03-01T12:00:00Z"


def test_each_call_without_an_id_is_another_event(cli: Cli) -> None:
    printed = [cli("track", "--user", "u-1", "--time", "2026-03-01").out.strip() for _ in range(2)]
    assert len({uuid.UUID(each) for each in printed}) == 2
    assert [row["id"] for row in stored(cli, "id")] == sorted(printed)


def test_the_id_alone_is_printed_or_one_row_of_json(cli: Cli) -> None:
    assert cli("track", "--user", "u-1", "--id", UUID).out == f"{UUID}\n"
    assert cli("track", "--user", "u-1", "--id", UUID, "-f", "json").row == {"id": UUID}
    assert cli("track", "--user", "u-1", "--id", UUID, "-f", "jsonl").out == f'{{"id": "{UUID}"}}\n'


@pytest.mark.parametrize(
    "record",
    [
        NESTED,
        event("u-1"),
        {"userId": "u-1", "timestamp": 1772366400, "type": "timeout", "context": {}},
        NESTED | {"id": "order-17"},
    ],
    ids=["nested", "flat", "spread", "own id"],
)
def test_json_on_stdin_in_any_shape(cli: Cli, feed: Callable[..., Run], record: dict[str, Any]) -> None:
    done = feed(json.dumps(record, indent=1).encode())
    (row,) = stored(cli)
    assert (done.code, done.out) == (0, f"{row['id']}\n")
    assert (row["user_id"], row["error_type"], row["timestamp"]) == ("u-1", "timeout", "2026-03-01T12:00:00Z")
    assert row.get("source_id") == record.get("id")


def test_an_event_on_stdin_is_the_one_that_ingest_stores(cli: Cli, feed: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(NESTED | {"id": "order-17"}))
    cli("ingest", tmp_path / "a.jsonl")
    done = feed(json.dumps(NESTED | {"id": "order-17", "release": "2"}).encode())
    assert done.code == 0
    assert f"errcli: note: the store has an event {done.out.strip()} already: the first one stays" in done.err
    assert "release" not in stored(cli)[0]
    assert len(stored(cli)) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not an event"),
        (b"{}", "not an event"),
        (b'{"timestamp": 1, "error": {}}', "no user"),
        (b'{"userId": "u", "timestamp": "never", "error": {}}', "bad time"),
        (b'{"userId": "u", "timestamp": 1, "error": {}, "x": ' + b"[" * 200 + b"]" * 200 + b"}", "nesting too deep"),
    ],
)
def test_what_is_no_event_is_an_input_error(feed: Callable[..., Run], data: bytes, reason: str) -> None:
    done = feed(data)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"errcli: input: {reason}, ")
    assert not Path("errcli.duckdb").exists()


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (("--user", ""), "no user"),
        (("--user", "u", "--time", "never"), "bad time"),
        (("--user", "u", "--time", ""), "bad time"),
    ],
)
def test_flags_that_make_no_event_are_a_usage_error(cli: Cli, flags: tuple[str, ...], reason: str) -> None:
    done = cli("track", *flags)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"errcli: usage: {reason}, ")
    assert not Path("errcli.duckdb").exists()


def test_secrets_are_redacted_and_more_keys_can_be(cli: Cli, feed: Callable[..., Run]) -> None:
    Path("errcli.toml").write_text('[ingest]\nredact_keys = ["pin"]\n')
    cli("track", "--user", "u-1", "--message", "password=hunter2", "--input", '{"PIN": 1, "n": 2}')
    feed(json.dumps(NESTED | {"userId": "u-2", "error": {"message": "token=abc"}}).encode())
    assert stored(cli, "user_id, error_message, input_data") == [
        {"user_id": "u-1", "error_message": "password=[redacted]", "input_data": '{"PIN":"[redacted]","n":2}'},
        {"user_id": "u-2", "error_message": "token=[redacted]"},
    ]


def test_text_that_is_no_unicode_is_stored_with_replacement_characters(cli: Cli, feed: Callable[..., Run]) -> None:
    assert cli("track", "--user", "u\udcff").code == 0
    assert feed(b'{"userId": "v\xff\\ud800", "error": {}}').code == 0
    assert stored(cli, "user_id") == [{"user_id": "u\ufffd"}, {"user_id": "v\ufffd\ufffd"}]


def test_track_is_in_the_ledger(cli: Cli) -> None:
    cli("track", "--user", "u-1")
    sql = "SELECT file, format, lines, stored, duplicates FROM ingested_files"
    assert cli("query", sql, "-f", "json").row == {
        "file": "track", "format": "native", "lines": 1, "stored": 1, "duplicates": 0,
    }  # fmt: skip


def test_an_event_from_before_the_prune_horizon_is_not_stored_and_said_so(cli: Cli) -> None:
    cli("track", "--user", "u-1", "--time", "2026-03-01")
    cli("prune", "--keep", "1d", "--now", "2026-03-10")
    done = cli("track", "--user", "u-2", "--time", "2026-03-02")
    assert (done.code, done.out) == (1, "")
    assert "not stored: events of that time were pruned" in done.err
    assert stored(cli) == []


def test_a_process_takes_json_from_a_pipe(tmp_path: Path) -> None:
    done = process("track", cwd=tmp_path, stdin=json.dumps(NESTED | {"id": UUID}).encode())
    assert (done.code, done.out, done.err) == (0, f"{UUID}\n", "")
