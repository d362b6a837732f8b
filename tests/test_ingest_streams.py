"""What becomes of standard input, of pipes, and of a last line that has no end yet?"""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, clean_environment, event, process

LINE = json.dumps(event("u-1")).encode()
NEXT = json.dumps(event("u-2")).encode()


def counts(row: dict[str, Any]) -> dict[str, int]:
    return {key: value for key, value in row.items() if key not in ("files", "seconds") and value}


@pytest.mark.parametrize(
    ("stdin", "expected"),
    [
        (LINE + b"\n" + NEXT + b"\n", {"lines": 2, "stored": 2}),
        (LINE + b"\n" + NEXT, {"lines": 2, "stored": 2}),
        (LINE + b"\n" + NEXT[:-1], {"lines": 2, "stored": 1, "rejected": 1}),
        (gzip.compress(LINE + b"\n" + NEXT), {"lines": 2, "stored": 2}),
        (b"[" + LINE + b"," + NEXT + b"]", {"lines": 2, "stored": 2}),
        (b"", {}),
    ],
    ids=["lines", "no last end", "torn", "gzip", "list", "empty"],
)
def test_stdin(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stdin: bytes, expected: dict[str, int]
) -> None:
    (tmp_path / "stdin").write_bytes(stdin)
    with (tmp_path / "stdin").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        done = cli("ingest", "-", "-f", "json")
    assert done.code == 0
    assert counts(done.row) == expected


def test_stdin_of_a_process_has_its_own_name_in_the_store(cli: Cli) -> None:
    process("ingest", "-", cwd=Path.cwd(), stdin=LINE + b"\nbroken\n")
    sql = "SELECT file, format, lines FROM ingested_files"
    assert cli("query", sql, "-f", "json").row == {"file": "-", "format": "native", "lines": 2}
    rejected = cli("query", "SELECT file, line_number, text FROM rejected_lines", "-f", "json")
    assert rejected.row == {"file": "-", "line_number": 2, "text": "broken"}


def test_a_gzip_that_comes_byte_by_byte_is_known_as_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "errcli", "ingest", "-", "-f", "json"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        for byte in gzip.compress(LINE):
            running.stdin.write(bytes([byte]))
            running.stdin.flush()
        out, _ = running.communicate()
    assert json.loads(out)["rows"][0]["stored"] == 1


def test_a_closed_stdin_is_an_input_error(tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" -m errcli ingest - <&-'
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env=clean_environment(), capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"errcli: input: closed, stdin" in done.stderr


def test_a_named_pipe_is_read_to_its_end(cli: Cli, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", f"cat > '{pipe}'"], stdin=subprocess.PIPE)
    assert writer.stdin is not None
    writer.stdin.write(LINE + b"\n" + NEXT)
    writer.stdin.close()
    assert counts(cli("ingest", pipe, "-f", "json").row) == {"lines": 2, "stored": 2}
    assert writer.wait() == 0


@pytest.mark.parametrize("cut", [1, 2, len(NEXT) // 2, len(NEXT) - 1])
def test_a_torn_last_line_is_left_for_the_next_run_and_then_loaded(cli: Cli, tmp_path: Path, cut: int) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(LINE + b"\n" + NEXT[:cut])
    first = cli("ingest", log, "-f", "json")
    assert (first.code, counts(first.row)) == (0, {"lines": 1, "stored": 1})
    assert f"the last line of {log} has no end yet: it is left for the next run" in first.err
    log.write_bytes(LINE + b"\n" + NEXT + b"\n")
    assert counts(cli("ingest", log, "-f", "json").row) == {"lines": 1, "stored": 1}
    assert cli("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "csv").out.split() == [
        "user_id",
        "u-1",
        "u-2",
    ]


@pytest.mark.parametrize("last", [NEXT, b"  " + NEXT + b"  ", NEXT + b"\r"])
def test_a_last_line_without_an_end_that_is_whole_is_loaded(cli: Cli, tmp_path: Path, last: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINE + b"\n" + last)
    done = cli("ingest", tmp_path / "a.jsonl", "-f", "json")
    assert counts(done.row) == {"lines": 2, "stored": 2}
    assert "no end yet" not in done.err


@pytest.mark.parametrize(
    "last",
    [
        b"garbage",
        b'{"a": 1}',
        b"{" + b"x" * (1 << 20) + b"y",
        b"{" + b"x" * (1 << 20) + b"yyyy",
    ],
)
def test_a_last_line_that_no_more_bytes_can_mend_is_rejected(cli: Cli, tmp_path: Path, last: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINE + b"\n" + last)
    assert counts(cli("ingest", tmp_path / "a.jsonl", "-f", "json").row) == {"lines": 2, "stored": 1, "rejected": 1}


def test_nothing_but_a_torn_line_is_no_failure(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINE[:-1])
    done = cli("ingest", tmp_path / "a.jsonl", "-f", "json")
    assert (done.code, counts(done.row)) == (0, {})
