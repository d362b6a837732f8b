"""Does every way to fail end with its code and one line on stderr, and every harmless ending with 0?"""

import re
from pathlib import Path

import pytest

from tests.support import Cli, Run, event, write_log

NOW = "2026-03-01T12:30:00Z"


@pytest.fixture
def store(cli: Cli, tmp_path: Path) -> Path:
    """Two users' errors in errcli.duckdb of the working directory."""
    log = write_log(tmp_path / "log.jsonl", [event("u-1"), event("u-1"), event("u-2", error_code="E1")])
    assert cli("ingest", log).code == 0
    return Path("errcli.duckdb").resolve()


def is_one_line(run: Run, code: int, name: str, *words: str) -> None:
    """Hold a failure to the contract: nothing on stdout, one line `errcli: CODE: what, where (what next)`."""
    assert (run.code, run.out) == (code, "")
    assert re.fullmatch(rf"errcli: {name}: [^\n]+\n", run.err), run.err
    for word in words:
        assert word in run.err


USAGE = {
    "unknown option": (["--frob"], ["--frob", "errcli --help"]),
    "unknown command": (["frob"], ["'frob'", "errcli --help"]),
    "unknown option of a command": (["user", "u-1", "--frob"], ["--frob", "errcli user --help"]),
    "unknown command of a group": (["db", "frob"], ["'frob'", "errcli db --help"]),
    "missing argument": (["cascade", "u-1"], ["SESSION", "errcli cascade --help"]),
    "missing paths": (["ingest"], ["PATH", "errcli ingest --help"]),
    "one argument too many": (["user", "u-1", "u-2"], ["u-2", "errcli user --help"]),
    "option without its value": (["user", "u-1", "--limit"], ["--limit"]),
    "negative limit": (["user", "u-1", "--limit", "-1"], ["--limit", "-1"]),
    "limit that is no number": (["user", "u-1", "--limit", "ten"], ["--limit", "'ten'"]),
    "negative max-bad": (["ingest", "x", "--max-bad", "-1"], ["--max-bad", "-1"]),
    "least count of zero": (["patterns", "--min-count", "0"], ["--min-count"]),
    "format that does not exist": (["patterns", "--format", "xml"], ["'xml'", "table", "parquet"]),
    "grouping that does not exist": (["patterns", "--by", "moon"], ["'moon'", "place"]),
    "since that is no time": (["patterns", "--since", "gestern"], ["'gestern'", "--since", "yesterday"]),
    "until that is no time": (["patterns", "--until", "soon"], ["'soon'", "--until"]),
    "now that is no time": (["patterns", "--now", "soon"], ["'soon'", "--now"]),
    "month as a unit": (["patterns", "--since", "1M"], ["'1M'", "--since", "15m"]),
    "since before all time": (["patterns", "--since", "2000000d"], ["--since", "year 1"]),
    "zone that does not exist": (["patterns", "--tz", "Mars/Olympus"], ["'Mars/Olympus'", "--tz", "Europe/Berlin"]),
    "window that ends before it begins": (["patterns", "--since", "1h", "--until", "2h"], ["empty", "--since"]),
    "wait that is no duration": (["patterns", "--wait", "long"], ["'long'", "--wait"]),
    "keep that is no duration": (["prune", "--keep", "1M"], ["'1M'", "--keep"]),
    "parquet to stdout": (["patterns", "-f", "parquet"], ["--output", "-o FILE"]),
    "input that does not exist": (["ingest", "nowhere.jsonl"], ["nowhere.jsonl"]),
    "input format that does not exist": (["ingest", "x", "--from", "smoke"], ["'smoke'", "native", "cloudtrail"]),
    "analysis that does not exist": (["sql", "weather"], ["'weather'", "patterns"]),
}


@pytest.mark.parametrize("case", USAGE)
@pytest.mark.usefixtures("store")
def test_bad_use_is_one_line_and_code_2(cli: Cli, case: str) -> None:
    arguments, words = USAGE[case]
    is_one_line(cli(*arguments), 2, "usage", *words)


@pytest.mark.parametrize(
    "arguments",
    [["user", "u-1"], ["patterns"], ["db", "info"], ["db", "doctor"], ["daily"], ["query", "SELECT 1"], ["rollup"],
     ["prune", "--keep", "1d"], ["resolve", "x"], ["reopen", "x"], ["db", "compact"]],
)  # fmt: skip
def test_a_store_that_is_not_there_is_code_2_and_is_not_made(cli: Cli, arguments: list[str]) -> None:
    is_one_line(cli(*arguments, "--db", "none.duckdb"), 2, "no-store", "none.duckdb", "errcli ingest FILE")
    assert not Path("none.duckdb").exists()


@pytest.mark.usefixtures("store")
def test_an_id_that_names_nothing_is_code_2(cli: Cli) -> None:
    is_one_line(cli("resolve", "no-such-id"), 2, "unknown-target", "'no-such-id'")
    is_one_line(cli("reopen", "abcdef123456"), 2, "unknown-target", "'abcdef123456'")


@pytest.mark.usefixtures("store")
def test_sql_that_is_wrong_is_code_2(cli: Cli) -> None:
    is_one_line(cli("query", "SELEC 1"), 2, "query", "SELEC")
    is_one_line(cli("query", "SELECT nope FROM user_errors"), 2, "query", "nope")
    is_one_line(cli("query", "FROM nowhere"), 2, "query", "nowhere")
    is_one_line(cli("query", "SELECT CAST('x' AS INTEGER)"), 2, "query", "'x'")


def test_an_input_without_any_event_is_code_1(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "no-events.jsonl"
    log.write_text('{"a": 1}\n{"b": 2}\n')
    run = cli("ingest", log, "-f", "json")
    assert (run.code, run.row["rejected"]) == (1, 2)
    assert re.fullmatch(r"errcli: input: no event recognised in 2 lines [^\n]+", run.err.splitlines()[-1])
    assert str(log) in run.err


def test_an_answer_that_cannot_be_written_is_code_1(cli: Cli, store: Path) -> None:
    is_one_line(cli("user", "u-1", "-o", "no/folder/x.json"), 1, "output", "no/folder/x.json")
    is_one_line(cli("user", "u-1", "-o", str(store.parent)), 1, "output", str(store.parent))


@pytest.mark.usefixtures("store")
def test_more_rejects_than_allowed_are_code_4_and_the_events_are_stored(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "mixed.jsonl", [event("u-9", id="a"), {"no": "event"}, {"no": "event"}])
    run = cli("ingest", log, "--max-bad", "1", "-f", "json")
    assert (run.code, run.row["stored"], run.row["rejected"]) == (4, 1, 2)
    assert run.err.splitlines()[-1].startswith("errcli: too-many-rejects: 2 lines rejected, 1 allowed")
    assert len(cli("user", "u-9", "--now", NOW, "-f", "json").rows) == 1


@pytest.mark.usefixtures("store")
def test_as_many_rejects_as_allowed_are_code_0(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "mixed.jsonl", [event("u-9"), {"no": "event"}])
    assert cli("ingest", log, "--max-bad", "1").code == 0


def test_some_rejects_are_code_0(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "mixed.jsonl", [event("u-9"), {"no": "event"}])
    run = cli("ingest", log)
    assert run.code == 0
    assert "errcli: note: rejected: 1 not an event" in run.err


def test_a_file_of_duplicates_is_code_0(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", [event("u-1", id="a")])
    cli("ingest", log)
    again = write_log(tmp_path / "again.jsonl", [event("u-2", id="a")])
    run = cli("ingest", again, "-f", "json")
    assert (run.code, run.row["duplicates"], run.err) == (0, 1, "")


def test_a_file_of_dropped_records_is_code_0(cli: Cli, tmp_path: Path) -> None:
    call = {"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "eventTime": "2026-03-01T12:00:00Z"}
    run = cli("ingest", write_log(tmp_path / "calls.jsonl", [call]), "--from", "cloudtrail", "-f", "json")
    assert (run.code, run.row["dropped"]) == (0, 1)


def test_an_empty_file_is_code_0(cli: Cli, tmp_path: Path) -> None:
    run = cli("ingest", write_log(tmp_path / "empty.jsonl", []), "-f", "json")
    assert (run.code, run.row["lines"]) == (0, 0)


@pytest.mark.usefixtures("store")
def test_an_unknown_user_is_an_empty_answer_that_says_so(cli: Cli) -> None:
    run = cli("user", "nobody", "--now", NOW, "-f", "json")
    assert (run.code, run.rows) == (0, [])
    said = r"errcli: note: no rows for [^\n]*'nobody'; the newest event is of 2026-03-01T12:00:00Z[^\n]*\n"
    assert re.fullmatch(said, run.err)


@pytest.mark.usefixtures("store")
def test_an_empty_window_of_time_names_the_newest_event(cli: Cli) -> None:
    run = cli("daily", "--now", "2026-04-01T00:00:00Z", "-f", "csv")
    assert (run.code, run.out) == (0, "date,user_id,error_count,unique_errors,blocked_count,recovery_rate\n")
    assert run.err.startswith("errcli: note: no rows; the newest event is of 2026-03-01T12:00:00Z (--now latest")


@pytest.mark.usefixtures("store")
def test_debug_adds_a_traceback_and_keeps_line_and_code(cli: Cli) -> None:
    run = cli("patterns", "--since", "gestern", "--debug")
    first, *_, last = run.err.splitlines()
    assert (run.code, run.out, first) == (2, "", "Traceback (most recent call last):")
    assert last.startswith("errcli: usage: 'gestern' is not a time")
    assert "Traceback" not in cli("patterns", "--since", "gestern").err
