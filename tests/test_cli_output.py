"""Where does an answer go: stdout, a file, a pipe that closes, nowhere; and is what it leaves out said?"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from errcli import __version__
from tests.processes import in_shell
from tests.support import Cli, event, process, write_log

NOW = "2026-03-01T12:30:00Z"
FORMATS = ("table", "json", "jsonl", "csv", "markdown", "parquet")
ENVELOPE = ["analysis", "version", "now", "since", "until", "params", "rows", "truncated"]
MANY = "SELECT i, repeat('x', 50) AS t FROM range({}) AS numbers(i)"  # a pipe holds 64 kB
CLOSED_PIPES = {
    "all of a user": "errcli user u-1 --limit 0",
    "table": f'errcli query "{MANY.format(3_000)}"',
    "csv": f'errcli query "{MANY.format(100_000)}" -f csv',
    "spec": "errcli spec",
}


def log_of(folder: Path, count: int) -> Path:
    """Write `count` errors of u-1, a minute apart, the last one at 12:00."""
    times = [f"2026-03-01T{11 + (minute == 60)}:{minute % 60:02d}:00Z" for minute in range(61 - count, 61)]
    return write_log(folder / "log.jsonl", [event("u-1", time, id=f"e{n}") for n, time in enumerate(times)])


@pytest.fixture
def store(cli: Cli, tmp_path: Path) -> Path:
    """Twelve errors of one user in errcli.duckdb of the working directory."""
    assert cli("ingest", log_of(tmp_path, 12)).code == 0
    return Path("errcli.duckdb").resolve()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store that processes read: sixty errors of one user."""
    folder = tmp_path_factory.mktemp("filled")
    assert process("ingest", str(log_of(folder, 60)), cwd=folder).code == 0
    return folder


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "parquet"])
@pytest.mark.usefixtures("store")
def test_a_file_gets_what_stdout_would_get(cli: Cli, format_name: str) -> None:
    asked = ["struggling", "--now", NOW, "-f", format_name]
    run = cli(*asked, "-o", "answer")
    assert (run.code, run.out, run.err) == (0, "", "")
    assert Path("answer").read_text("utf-8") == cli(*asked, "-o", "-").out == cli(*asked).out


@pytest.mark.usefixtures("store")
def test_every_format_has_the_same_keys_and_rows(cli: Cli) -> None:
    asked = ["user", "u-1", "--now", NOW, "--limit", "0"]
    rows = cli(*asked, "-f", "json").rows
    assert len(rows) == 12
    assert [json.loads(line) for line in cli(*asked, "-f", "jsonl").out.splitlines()] == rows
    cells = list(csv.reader(io.StringIO(cli(*asked, "-f", "csv").out)))
    assert cells[0] == list(rows[0])
    assert [row[1] for row in cells[1:]] == [row["timestamp"] for row in rows]
    assert cli(*asked, "-f", "parquet", "-o", "rows.parquet").code == 0
    columns = pq.read_table("rows.parquet").to_pydict()
    assert list(columns) == list(rows[0])
    assert columns["id"] == [row["id"] for row in rows]


@pytest.mark.usefixtures("store")
def test_parquet_goes_to_a_file_only(cli: Cli) -> None:
    for arguments in (["-f", "parquet"], ["-f", "parquet", "-o", "-"]):
        run = cli("user", "u-1", *arguments)
        assert (run.code, run.out) == (2, "")
        assert run.err.count("\n") == 1


@pytest.mark.parametrize("format_name", ["dot", "mermaid", "tree"])
@pytest.mark.parametrize(
    "arguments", [["user", "u-1"], ["cascade", "u-1", "s-1"], ["user", "u-1", "--timeline"], ["ingest", "log.jsonl"],
                  ["overview"], ["query", "SELECT 1"], ["db", "info"]], ids=" ".join,
)  # fmt: skip
def test_what_is_no_graph_is_refused_before_anything_is_done(
    cli: Cli, tmp_path: Path, arguments: list[str], format_name: str
) -> None:
    log_of(tmp_path, 1)
    hint = "use table, json, jsonl, csv, markdown, parquet, or ask errcli cascades"
    told = f"errcli: usage: {format_name} draws graphs, and this is none, --format ({hint})\n"
    assert cli(*arguments, "-f", format_name) == (2, "", told)
    assert not Path("errcli.duckdb").exists()


def test_no_setting_makes_every_answer_a_graph(tmp_path: Path) -> None:
    run = process("cascades", cwd=tmp_path, ERRCLI_OUTPUT_FORMAT="dot")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("errcli: config: output.format: ")


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.usefixtures("store")
def test_a_limit_that_keeps_rows_back_is_announced_in_every_format(cli: Cli, format_name: str) -> None:
    run = cli("user", "u-1", "--now", NOW, "--limit", "5", "-f", format_name, "-o", "answer")
    assert (run.code, run.err) == (0, "errcli: note: 5 of 12 shown; --limit 0 shows all\n")


@pytest.mark.usefixtures("store")
def test_truncated_says_whether_a_limit_kept_rows_back(cli: Cli) -> None:
    def answered(limit: int) -> tuple[int, bool, str]:
        run = cli("user", "u-1", "--now", NOW, "--limit", str(limit), "-f", "json")
        return len(run.rows), json.loads(run.out)["truncated"], run.err

    assert answered(11) == (11, True, "errcli: note: 11 of 12 shown; --limit 0 shows all\n")
    assert answered(12) == (12, False, "")
    assert answered(13) == (12, False, "")
    assert answered(0) == (12, False, "")


@pytest.mark.usefixtures("store")
def test_the_default_limit_of_a_user_is_ten(cli: Cli) -> None:
    run = cli("user", "u-1", "--now", NOW, "-f", "json")
    assert (len(run.rows), run.err) == (10, "errcli: note: 10 of 12 shown; --limit 0 shows all\n")


@pytest.mark.usefixtures("store")
def test_a_free_query_is_limited_like_an_analysis(cli: Cli) -> None:
    run = cli("query", "FROM user_errors ORDER BY timestamp", "--limit", "2", "-f", "jsonl")
    assert [json.loads(line)["source_id"] for line in run.out.splitlines()] == ["e0", "e1"]
    assert run.err == "errcli: note: 2 of 12 shown; --limit 0 shows all\n"


def envelope(cli: Cli, *arguments: str | Path) -> dict[str, Any]:
    """Return the JSON envelope of a command that must succeed."""
    run = cli(*arguments, "-f", "json")
    assert run.code == 0, run.err
    parsed: dict[str, Any] = json.loads(run.out)
    return parsed


@pytest.mark.usefixtures("store")
def test_the_envelope_of_an_analysis(cli: Cli) -> None:
    answer = envelope(cli, "rate", "u-1", "--now", NOW)
    assert list(answer) == ENVELOPE
    assert answer == {
        "analysis": "rate",
        "version": __version__,
        "now": "2026-03-01T12:30:00Z",
        "since": "2026-02-22T12:30:00Z",
        "until": "2026-03-01T12:30:00Z",
        "params": {"since": "7d", "until": None, "user_id": "u-1"},
        "rows": [
            {"user_id": "u-1", "errors": 12, "critical_errors": 0, "blocking_errors": 0, "days_with_errors": 1,
             "daily_average": 12 / 7},
        ],
        "truncated": False,
    }  # fmt: skip


def test_every_verb_answers_in_the_envelope(cli: Cli, tmp_path: Path, store: Path) -> None:
    again = write_log(tmp_path / "again.jsonl", [event("u-2", id="f1")])
    keys = {
        ("ingest", again): "files lines stored duplicates folded dropped rejected blank seconds",
        ("rollup",): "days user_days patterns seconds",
        ("resolve", "e1"): "target id pattern_hash resolved decided_at events release note",
        ("reopen", "e1"): "target id pattern_hash resolved decided_at events release note",
        ("prune", "--keep", "30d", "--dry-run"): "pruned_up_to events errors users days rejected_lines bytes_freed",
        ("track", "--user", "u-3"): "id",
        ("db", "info"): "path bytes wal_bytes events errors users sessions patterns first_seen last_seen files"
        " last_ingest rejected_lines dropped resolutions days_to_roll_up pruned_up_to schema_version",
        ("db", "compact"): "bytes_before bytes_after",
        ("db", "doctor"): "promise broken",
        ("config", "show"): "key value source",
        ("overview",): "question name users share value",
        ("query", "SELECT 1 AS one"): "one",
    }
    for arguments, names in keys.items():
        answer = envelope(cli, *arguments)
        assert list(answer) == ENVELOPE, arguments
        assert list(answer["rows"][0]) == names.split(), arguments
        expected = " ".join(map(str, arguments[:2])) if arguments[0] in ("db", "config") else arguments[0]
        assert (answer["analysis"], answer["version"]) == (expected, __version__)
        assert (answer["since"], answer["until"], answer["truncated"]) == (None, None, False)
        assert answer["now"].endswith("Z")
    assert store.exists()


def test_track_prints_the_id_alone(cli: Cli) -> None:
    given = cli("track", "--user", "u-3", "--id", "3f2a9c00-0000-4000-8000-000000000001")
    assert given == (0, "3f2a9c00-0000-4000-8000-000000000001\n", "")


def test_no_answer_is_written_over_the_store(cli: Cli, store: Path) -> None:
    before = store.read_bytes()
    Path("link").symlink_to(store)
    for output in (store, "errcli.duckdb", "link"):
        run = cli("user", "u-1", "-f", "json", "-o", output)
        assert (run.code, run.err) == (2, "errcli: usage: that is the store, --output (give -o another file)\n")
    assert store.read_bytes() == before


@pytest.mark.parametrize("case", CLOSED_PIPES)
def test_a_closed_pipe_ends_quietly(filled: Path, case: str) -> None:
    run = in_shell(
        f"""
        {CLOSED_PIPES[case]} | head -n 1; echo "code ${{PIPESTATUS[0]}}"
        {CLOSED_PIPES[case]} | true; echo "code ${{PIPESTATUS[0]}}"
        """,
        filled,
    )
    assert run.err == ""
    _, *codes = run.out.splitlines()
    assert codes == ["code 0", "code 0"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_one_line_and_code_1(filled: Path) -> None:
    run = in_shell("errcli user u-1 --limit 0 -f json > /dev/full", filled)
    assert (run.code, run.out) == (1, "")
    assert run.err == "errcli: output: No space left on device, stdout (check disk space)\n"


def test_a_closed_stderr_changes_nothing_but_the_notes(filled: Path) -> None:
    script = """
        errcli user u-1 -f jsonl 2>&- | wc -l; echo "code ${PIPESTATUS[0]}"
        errcli patterns --since gestern 2>&-; echo "code $?"
        errcli ingest --from-start log.jsonl -f csv 2>&- | cut -d, -f1-4 ; echo "code ${PIPESTATUS[0]}"
    """
    run = in_shell(script, filled)
    assert run.out.splitlines() == [
        "10", "code 0",
        "code 2",
        "files,lines,stored,duplicates", "1,60,0,60", "code 0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("user u-1 >&-"),
        pytest.param("ingest - </dev/null >&-"),
        "--help >&-",
        "track <&-",
        "ingest - <&-",
        pytest.param("query - <&-"),
    ],
)
def test_a_closed_stream_is_no_internal_error(filled: Path, command: str) -> None:
    run = in_shell(f"errcli {command}", filled)
    assert "internal" not in run.err
    assert run.err.count("\n") == (0 if run.code == 0 else 1)


def test_no_warning_of_the_interpreter_gets_into_an_answer(filled: Path) -> None:
    assert process("rate", "u-1", "--now", NOW, cwd=filled, PYTHONWARNINGS="always", PYTHONDEVMODE="1").err == ""


@pytest.mark.slow
def test_the_encoding_of_the_locale_does_not_matter(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", [event("u-1", error_message="Grüße 世界 🦆")])
    assert process("ingest", str(log), cwd=tmp_path).code == 0
    for locale in ("C", "POSIX", "C.UTF-8"):
        run = process("user", "u-1", "-f", "json", cwd=tmp_path, LC_ALL=locale, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
        assert (run.code, run.row["error_message"]) == (0, "Grüße 世界 🦆")
