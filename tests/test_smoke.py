"""Does the main job work at all, as a process?"""

from pathlib import Path

from tests.support import SAMPLE, Cli, event, process, write_log


def test_a_log_becomes_patterns(tmp_path: Path) -> None:
    assert process("ingest", str(SAMPLE), cwd=tmp_path).code == 0
    answer = process("patterns", "--now", "latest", "--format", "json", cwd=tmp_path)
    assert answer.code == 0
    assert answer.rows[0]["pattern"] == "Payment of <*> for <*> timed out at the gateway"


def test_an_event_is_stored_once(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event("u-1"), event("u-2")])
    assert cli("ingest", log, "-f", "json").row["stored"] == 2
    copy = write_log(tmp_path / "b.jsonl", [event("u-2"), event("u-1"), event("u-3")])
    again = cli("ingest", copy, "-f", "json").row
    assert (again["stored"], again["duplicates"]) == (1, 2)


def test_a_file_read_before_has_nothing_new(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event("u-1"), event("u-2")])
    cli("ingest", log)
    again = cli("ingest", log, "-f", "json")
    assert (again.row["lines"], again.row["stored"], again.row["duplicates"]) == (0, 0, 0)
    assert again.err == f"errcli: note: nothing new in {log} since its line 2\n"
