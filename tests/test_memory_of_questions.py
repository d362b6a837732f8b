"""What becomes of a question that needs more memory than it may have: is it answered, and what does it leave behind?"""

from pathlib import Path

from tests.processes import ended, start
from tests.support import Cli, event, process, write_log

MANY = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(CAST(i AS VARCHAR)) FROM range(900000) AS numbers(i))"


def test_questions_that_run_short_of_memory_at_once_are_answered_and_leave_nothing(tmp_path: Path) -> None:
    loaded = process("ingest", str(write_log(tmp_path / "log.jsonl", [event()])), cwd=tmp_path)
    assert loaded.code == 0
    (tmp_path / "errcli.toml").write_text("[store]\nmemory_limit = '60MB'\nthreads = 1\n")
    asking = [start("query", MANY, "-f", "csv", cwd=tmp_path) for _ in range(3)]
    assert [(run.code, run.out) for run in map(ended, asking)] == [(0, "n\n900000\n")] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["errcli.duckdb", "errcli.toml", "log.jsonl"]


def test_a_question_may_use_1700_mb_unless_the_config_says_otherwise(cli: Cli, tmp_path: Path) -> None:
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event()])).code == 0
    limit = ("query", "SELECT current_setting('memory_limit') AS memory", "-f", "json")
    assert cli(*limit).row == {"memory": "1.5 GiB"}
    Path("errcli.toml").write_text("[store]\nmemory_limit = '3GB'\n")
    assert cli(*limit).row == {"memory": "2.7 GiB"}
