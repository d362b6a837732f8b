"""What becomes of a question that needs more memory than it may have: is it answered, and what does it leave behind?"""

import os
import tempfile
from pathlib import Path

import pytest

from tests.processes import ended, start, wait_for
from tests.support import Cli, event, process, write_log

SHORT_OF_MEMORY = "[store]\nmemory_limit = '60MB'\nthreads = 1\n"
MANY = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(CAST(i AS VARCHAR)) FROM range(900000) AS numbers(i))"


@pytest.mark.slow
def test_questions_that_run_short_of_memory_at_once_are_answered_and_leave_nothing(tmp_path: Path) -> None:
    loaded = process("ingest", str(write_log(tmp_path / "log.jsonl", [event()])), cwd=tmp_path)
    assert loaded.code == 0
    (tmp_path / "errcli.toml").write_text(SHORT_OF_MEMORY)
    asking = [start("query", MANY, "-f", "csv", cwd=tmp_path) for _ in range(3)]
    assert [(run.code, run.out) for run in map(ended, asking)] == [(0, "n\n900000\n")] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["errcli.duckdb", "errcli.toml", "log.jsonl"]


def test_a_question_may_use_1700_mb_unless_the_config_says_otherwise(cli: Cli, tmp_path: Path) -> None:
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event()])).code == 0
    limit = ("query", "SELECT current_setting('memory_limit') AS memory", "-f", "json")
    assert cli(*limit).row == {"memory": "1.5 GiB"}
    Path("errcli.toml").write_text("[store]\nmemory_limit = '3GB'\n")
    assert cli(*limit).row == {"memory": "2.7 GiB"}


@pytest.mark.slow
def test_what_a_killed_question_left_is_gone_when_the_store_is_next_written(tmp_path: Path) -> None:
    assert process("ingest", str(write_log(tmp_path / "log.jsonl", [event()])), cwd=tmp_path).code == 0
    (tmp_path / "errcli.toml").write_text(SHORT_OF_MEMORY)
    asking = start("query", MANY.replace("900000", "90000000"), cwd=tmp_path)
    wait_for(lambda: any(tmp_path.glob("errcli.duckdb.*.tmp/*")), asking)
    asking.kill()
    ended(asking)
    assert len(list(tmp_path.glob("errcli.duckdb.*.tmp"))) == 1
    others = tmp_path / "errcli.duckdb.mine.tmp"
    others.mkdir()
    assert process("rollup", cwd=tmp_path).code == 0
    assert list(tmp_path.glob("errcli.duckdb.*.tmp")) == [others]


def test_beside_a_store_in_a_folder_that_cannot_be_written_the_systems_folder_serves(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event()])).code == 0
    Path("errcli.toml").write_text(SHORT_OF_MEMORY)
    system = tmp_path / "system"
    system.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(system))
    monkeypatch.setattr(os, "access", lambda *_: False)  # who runs the tests may write everywhere
    folder = cli("query", "SELECT current_setting('temp_directory') AS folder", "-f", "json").row["folder"]
    assert Path(folder).parent == system
    assert cli("query", MANY, "-f", "json").row == {"n": 900_000}
    assert list(system.iterdir()) == []


def test_without_any_folder_to_write_to_what_fits_is_answered(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event()])).code == 0
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        patched.setattr(os, "access", lambda *_: False)
        answered = cli("user", "u-1", "-f", "json")
    assert answered.row["user_id"] == "u-1"
