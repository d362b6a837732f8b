"""What happens when no more can be written: is it said in one line, is nothing overwritten, does it work afterwards?"""

import re
from pathlib import Path

import pytest

from tests.processes import holding, in_shell
from tests.support import event, process, write_log

ONE_LINE = r"errcli: store-io: [^\n]+\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a store of one event, and a log of as many as do not fit where there is no room."""
    write_log(tmp_path / "first.jsonl", [event("u-0", id="first")])
    assert process("ingest", "first.jsonl", cwd=tmp_path).code == 0
    write_log(
        tmp_path / "log.jsonl", [event(f"u-{n}", id=f"e-{n}", error={"message": f"{n * n:x}" * 9}) for n in range(4000)]
    )
    return tmp_path


def limited(command: str, file: Path, more: int) -> str:
    """Return a command that can let no file grow longer than this one is, and some KiB more."""
    return f"ulimit -f {file.stat().st_size // 1024 + more}; {command}"


def stored(folder: Path) -> int:
    count: int = process("query", "SELECT count(*) AS n FROM user_errors", "-f", "json", cwd=folder).row["n"]
    return count


@pytest.mark.slow
@pytest.mark.parametrize("more", [0, 16, 300])
def test_a_load_that_does_not_fit_is_stored_whole_or_not_and_can_be_repeated(folder: Path, more: int) -> None:
    run = in_shell(limited("errcli ingest log.jsonl", folder / "errcli.duckdb", more), folder)
    assert (run.code, run.out) == (1, "")
    assert re.fullmatch(ONE_LINE, run.err)
    assert stored(folder) in (1, 4001)  # where only the file's own place is short, they wait in the log beside it
    assert process("ingest", "log.jsonl", cwd=folder).code == 0
    assert stored(folder) == 4001
    assert process("db", "doctor", cwd=folder).code == 0


def test_a_store_that_cannot_be_made_leaves_nothing(folder: Path) -> None:
    run = in_shell("ulimit -f 8; errcli ingest first.jsonl --db new.duckdb", folder)
    assert (run.code, run.out) == (1, "")
    assert re.fullmatch(ONE_LINE, run.err)
    assert sorted(each.name for each in folder.iterdir()) == ["errcli.duckdb", "first.jsonl", "log.jsonl"]


@pytest.mark.slow
def test_an_event_that_can_wait_nowhere_is_refused_and_those_that_wait_stay(folder: Path) -> None:
    spool = folder / "errcli.duckdb.spool"
    with holding(folder / "errcli.duckdb"):
        assert process("track", "--user", "u-1", cwd=folder).code == 0
        waiting = spool.read_bytes()
        message = "m" * (2 * 1024 - len(waiting))
        run = in_shell(limited(f"errcli track --user u-2 --message {message}", spool, 1), folder)
        assert (run.code, run.out) == (1, "")
        assert re.fullmatch(ONE_LINE, run.err)
        assert spool.read_bytes() == waiting
    assert process("track", "--user", "u-3", cwd=folder).code == 0
    users = process("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "json", cwd=folder).rows
    assert [row["user_id"] for row in users] == ["u-0", "u-1", "u-3"]


def test_an_event_that_may_wait_nowhere_is_refused(folder: Path) -> None:
    (folder / "errcli.duckdb.spool").mkdir()
    with holding(folder / "errcli.duckdb"):
        run = process("track", "--user", "u-1", cwd=folder)
    assert (run.code, run.out) == (1, "")
    assert re.fullmatch(ONE_LINE, run.err)
