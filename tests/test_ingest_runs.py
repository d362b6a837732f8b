"""Is a run all or nothing a file, does a dry run tell the truth, and how does it end?"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, Event, event, process, write_log


def figures(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "seconds"}


def mixed_log(path: Path, users: list[str]) -> Path:
    """Write events with ids of their own, a broken line, a blank one and one without a user."""
    events: list[Event] = [event(user, id=user) for user in users]
    write_log(path, [*events, event("")])
    with path.open("a") as file:
        file.write("broken\n\n")
    return path


def test_more_rejects_than_max_bad_exit_with_4_and_the_good_events_stored(cli: Cli, tmp_path: Path) -> None:
    log = mixed_log(tmp_path / "a.jsonl", ["u-1", "u-2"])
    done = cli("ingest", log, "--max-bad", "1", "-f", "json")
    assert (done.code, done.row["stored"], done.row["rejected"]) == (4, 2, 2)
    assert "errcli: too-many-rejects: 2 lines rejected, 1 allowed" in done.err
    assert cli("query", "SELECT count(*) AS n FROM user_errors", "-f", "json").row == {"n": 2}


@pytest.mark.parametrize(("arguments", "setting", "code"), [
    ((), None, 0),
    (("--max-bad", "2"), None, 0),
    (("--max-bad", "0"), None, 4),
    ((), "max_bad = 1", 4),
    (("--max-bad", "2"), "max_bad = 1", 0),
])  # fmt: skip
def test_max_bad_is_the_flag_then_the_setting_then_no_limit(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...], setting: str | None, code: int
) -> None:
    if setting is not None:
        Path("errcli.toml").write_text(f"[ingest]\n{setting}\n")
    assert cli("ingest", mixed_log(tmp_path / "a.jsonl", ["u-1"]), *arguments).code == code


def test_max_bad_counts_over_all_files(cli: Cli, tmp_path: Path) -> None:
    logs = [mixed_log(tmp_path / name, [name]) for name in ("a.jsonl", "b.jsonl")]
    assert cli("ingest", *logs, "--max-bad", "3").code == 4
    assert cli("ingest", *logs, "--max-bad", "4").code == 0


def test_a_negative_max_bad_is_a_usage_error(cli: Cli, tmp_path: Path) -> None:
    assert cli("ingest", mixed_log(tmp_path / "a.jsonl", ["u-1"]), "--max-bad", "-1").code == 2


def test_an_unknown_format_is_a_usage_error_before_anything_is_read(cli: Cli, tmp_path: Path) -> None:
    done = cli("ingest", mixed_log(tmp_path / "a.jsonl", ["u-1"]), "--from", "syslog")
    assert done.code == 2
    assert "use one of: native, cloudtrail" in done.err
    assert not Path("errcli.duckdb").exists()


def test_a_dry_run_makes_no_store_and_no_other_file(cli: Cli, tmp_path: Path) -> None:
    done = cli("ingest", mixed_log(tmp_path / "a.jsonl", ["u-1"]), "--dry-run", "-f", "json")
    assert (done.code, done.row["stored"]) == (0, 1)
    assert list(Path().iterdir()) == []


def test_a_dry_run_leaves_the_store_byte_for_byte(cli: Cli, tmp_path: Path) -> None:
    cli("ingest", mixed_log(tmp_path / "a.jsonl", ["u-1", "u-2"]))
    before = Path("errcli.duckdb").read_bytes()
    os.chmod("errcli.duckdb", 0o444)  # noqa: PTH101
    done = cli("ingest", mixed_log(tmp_path / "b.jsonl", ["u-2", "u-3"]), "--dry-run", "-f", "json")
    assert (done.code, done.row["stored"], done.row["duplicates"]) == (0, 1, 1)
    assert Path("errcli.duckdb").read_bytes() == before
    assert [path.name for path in Path().iterdir()] == ["errcli.duckdb"]


@pytest.mark.slow
def test_a_dry_run_prints_what_the_run_would(cli: Cli, tmp_path: Path) -> None:
    """Files that repeat each other's events, the store's, and events that were pruned; one file is damaged."""
    cli("ingest", mixed_log(tmp_path / "old.jsonl", ["u-0", "u-1"]))
    cli("prune", "--keep", "1d", "--now", "2026-03-02T12:00:00Z")
    logs = [mixed_log(tmp_path / "a.jsonl", ["u-1", "u-2", "u-2"]), mixed_log(tmp_path / "b.jsonl", ["u-2", "u-3"])]
    logs.append(
        write_log(tmp_path / "c.jsonl", [event("u-4", time="2026-03-05T00:00:00Z", id=user) for user in "xyxz"])
    )
    logs.append(write_log(tmp_path / "d.jsonl", [event("u-4", time="2026-03-05T00:00:00Z", id=user) for user in "xw"]))
    (tmp_path / "e.jsonl").write_bytes("{}".encode("utf-16"))
    rehearsed = cli("ingest", *logs, tmp_path / "e.jsonl", "--dry-run", "-f", "json")
    done = cli("ingest", *logs, tmp_path / "e.jsonl", "-f", "json")
    assert figures(rehearsed.row) == figures(done.row)
    assert figures(done.row) == {
        "files": 4, "lines": 17, "stored": 4, "duplicates": 2, "folded": 0, "dropped": 5, "rejected": 4, "blank": 2,
    }  # fmt: skip
    assert rehearsed.code == done.code == 1
    assert [line for line in rehearsed.err.splitlines() if "a dry run" not in line] == done.err.splitlines()


def test_a_file_that_fails_adds_nothing_and_leaves_the_others(cli: Cli, tmp_path: Path) -> None:
    good = write_log(tmp_path / "1.jsonl", [event("u-1")])
    bad = tmp_path / "2.json"
    bad.write_text("[" + json.dumps(event("u-2")) + ",")
    late = write_log(tmp_path / "3.jsonl", [event("u-3")])
    assert cli("ingest", good, bad, late).code == 1
    assert cli("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "csv").out.split() == [
        "user_id",
        "u-1",
        "u-3",
    ]
    files = cli("query", "SELECT file FROM ingested_files ORDER BY ALL", "-f", "json").rows
    assert files == [{"file": str(good)}, {"file": str(late)}]


def test_every_failed_file_is_told_of(cli: Cli, tmp_path: Path) -> None:
    logs = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for log in logs:
        log.write_text("garbage\n")
    done = cli("ingest", *logs)
    assert done.code == 1
    told = [line for line in done.err.splitlines() if line.startswith("errcli: input: no event recognised")]
    assert [str(log) in line for log, line in zip(logs, told, strict=True)] == [True, True]


def test_the_ledger_has_a_row_for_each_load(cli: Cli, tmp_path: Path) -> None:
    log = mixed_log(tmp_path / "a.jsonl", ["u-1", "u-2"])
    cli("ingest", log)
    cli("ingest", log, "--from-start")
    columns = "file, format, bytes, lines, stored, duplicates, folded, dropped, rejected, blank"
    rows = cli("query", f"SELECT {columns} FROM ingested_files ORDER BY ingested_at", "-f", "json").rows
    common = {"file": str(log), "format": "native", "bytes": log.stat().st_size, "lines": 5}
    assert rows == [
        common | {"stored": 2, "duplicates": 0, "folded": 0, "dropped": 0, "rejected": 2, "blank": 1},
        common | {"stored": 0, "duplicates": 2, "folded": 0, "dropped": 0, "rejected": 2, "blank": 1},
    ]


def test_why_lines_were_rejected_is_said_on_stderr_and_kept_once(cli: Cli, tmp_path: Path) -> None:
    log = mixed_log(tmp_path / "a.jsonl", ["u-1"])
    done = cli("ingest", log)
    told = re.fullmatch(r"errcli: note: rejected: (.*) \(errcli query 'FROM rejected_lines' shows them\)\n", done.err)
    assert told is not None
    assert sorted(told[1].split(", ")) == ["1 no user", "1 not JSON"]
    cli("ingest", log, "--from-start")
    sql = "SELECT file, line_number, reason, text FROM rejected_lines ORDER BY line_number"
    assert cli("query", sql, "-f", "json").rows == [
        {"file": str(log), "line_number": 2, "reason": "no user", "text": json.dumps(event(""))},
        {"file": str(log), "line_number": 3, "reason": "not JSON", "text": "broken"},
    ]


def test_the_summary_is_the_only_thing_on_stdout(tmp_path: Path) -> None:
    log = mixed_log(tmp_path / "a.jsonl", ["u-1"])
    done = process("ingest", str(log), "-f", "jsonl", cwd=tmp_path)
    assert figures(json.loads(done.out)) == {
        "files": 1, "lines": 4, "stored": 1, "duplicates": 0, "folded": 0, "dropped": 0, "rejected": 2, "blank": 1,
    }  # fmt: skip


def test_a_small_load_is_stored_in_the_order_of_time_then_of_the_file(cli: Cli, tmp_path: Path) -> None:
    times = ["2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-02-28T00:00:00+02:00"]
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(f"u-{n}", time) for n, time in enumerate(times)]))
    rows = cli("query", "SELECT user_id FROM user_errors ORDER BY rowid", "-f", "json").rows
    assert [row["user_id"] for row in rows] == ["u-3", "u-1", "u-0", "u-2"]


def test_a_large_load_far_from_the_order_of_time_is_sorted(cli: Cli, tmp_path: Path) -> None:
    seconds = [number * 7919 % 25_013 for number in range(25_000)]
    log = (event(time=f"2026-03-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z", id=str(n)) for n in seconds)
    cli("ingest", write_log(tmp_path / "a.jsonl", log))
    rows = cli("query", "SELECT source_id FROM user_errors ORDER BY rowid", "-f", "json", "--limit", "0").rows
    assert [int(row["source_id"]) for row in rows] == sorted(seconds)


def test_the_reject_that_is_told_is_the_first_of_the_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"no": "event"}\nbroken\n')
    assert "(line 1: not an event)" in cli("ingest", tmp_path / "a.jsonl").err
