"""What is different on a terminal: the width is kept, colours are obeyed or not, a long load shows a bar?"""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.processes import on_terminal
from tests.support import SAMPLE, event, process, write_log

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOW = "2026-03-01T12:30:00Z"
WORD = "w" * 10_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store: severe errors of u-1 with short, endless and wide texts, and six of u-2."""
    path = tmp_path_factory.mktemp("terminal")
    texts = ["short", WORD, "世界" * 300, "🦆" * 300, "a b " * 300, "e\u0301" * 300]
    events = [
        event("u-1", error_message=text, page=text, severity="critical", id=f"a{n}") for n, text in enumerate(texts)
    ]
    events += [event("u-2", id=f"b{n}") for n in range(6)]
    write_log(path / "log.jsonl", events)
    assert process("ingest", "log.jsonl", cwd=path).code == 0
    return path


def shown(text: str) -> list[str]:
    """Return the lines as they are seen, without escape sequences."""
    return ANSI.sub("", text).splitlines()


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize(
    "arguments", [["user", "u-1"], ["patterns", "--min-count", "1"], ["db", "info"], ["query", "FROM user_errors"]],
    ids=" ".join,
)  # fmt: skip
def test_no_line_is_longer_than_the_terminal_is_wide(folder: Path, columns: int, arguments: list[str]) -> None:
    clock = [] if arguments[0] in ("db", "query") else ["--now", NOW]
    run = on_terminal(columns, *arguments, *clock, cwd=folder)
    assert run.code == 0
    lines = [line for line in shown(run.out) if not line.startswith("errcli: note:")]
    assert lines
    assert max(map(cell_len, lines)) <= columns


def test_a_pipe_gets_every_value_uncut(folder: Path) -> None:
    run = process("user", "u-1", "--now", NOW, cwd=folder)
    assert WORD in run.out
    assert "世界" * 300 in run.out
    assert "…" not in run.out


def test_a_moved_clock_is_the_one_that_ages_are_told_by(folder: Path) -> None:
    run = on_terminal(80, "reopen", "a0", "--now", NOW, cwd=folder)
    assert "12:30:00 (0s ago)" in run.out


def test_the_result_on_a_terminal_is_coloured(folder: Path) -> None:
    run = on_terminal(80, "user", "u-1", "--now", NOW, cwd=folder)
    assert COLOUR.search(run.out)
    assert not ANSI.search(COLOUR.sub("", run.out)), "only colours, no movements"
    assert re.search(r"\x1b\[[0-9;]*31m[^\n]*critical", run.out), "a critical error is red"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
        (["--no-color"], {}),
        (["--no-color"], {"FORCE_COLOR": "1"}),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    ],
    ids=str,
)
def test_no_colour_where_none_is_wanted(folder: Path, arguments: list[str], environment: dict[str, str]) -> None:
    run = on_terminal(80, "user", "u-1", "--now", NOW, *arguments, cwd=folder, **environment)
    assert run.code == 0
    assert "\x1b" not in run.out


@pytest.mark.slow
def test_a_pipe_is_not_coloured_unless_forced(folder: Path) -> None:
    asked = ["user", "u-1", "--now", NOW]
    assert "\x1b" not in process(*asked, cwd=folder).out
    assert "\x1b" not in process(*asked, cwd=folder, CLICOLOR_FORCE="", NO_COLOR="1", FORCE_COLOR="1").out
    forced = process(*asked, cwd=folder, FORCE_COLOR="1").out
    assert COLOUR.search(forced)
    assert WORD in forced, "and still nothing is cut"


@pytest.mark.slow
def test_a_tree_is_cut_on_a_terminal_and_whole_in_a_pipe_and_in_a_file(tmp_path: Path) -> None:
    events = [
        event("u-1", f"2026-03-01T12:0{step}:00Z", session_id=f"s-{session}", error_code=code, error_message=code * 60)
        for session in range(3)
        for step, code in enumerate(("first ", "second "))
    ]
    write_log(tmp_path / "log.jsonl", events)
    assert process("ingest", "log.jsonl", cwd=tmp_path).code == 0
    asked = ["cascades", "--now", NOW, "-f", "tree"]
    whole = process(*asked, cwd=tmp_path).out
    assert "second " * 59 in whole
    on_terminal(80, *asked, "-o", "tree.txt", cwd=tmp_path)
    assert (tmp_path / "tree.txt").read_text("utf-8") == whole
    cut = on_terminal(80, *asked, cwd=tmp_path).out
    assert max(map(cell_len, cut.splitlines())) <= 80
    table = on_terminal(80, *asked[:-2], cwd=tmp_path, NO_COLOR="1").out
    assert table.endswith("\n\n" + cut.partition("\n")[2]), "under the table the same tree, without its title"


@pytest.mark.parametrize("format_name", ["json", "csv"])
def test_other_formats_are_the_same_on_a_terminal_as_in_a_pipe(folder: Path, format_name: str) -> None:
    asked = ["struggling", "--now", NOW, "-f", format_name]
    assert on_terminal(80, *asked, cwd=folder, FORCE_COLOR="1").out == process(*asked, cwd=folder).out


def test_a_table_in_a_file_is_as_in_a_pipe_although_a_terminal_is_there(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    assert on_terminal(80, "user", "u-1", "--now", NOW, "-o", str(file), cwd=folder).out == ""
    assert file.read_text("utf-8") == process("user", "u-1", "--now", NOW, cwd=folder).out


@pytest.mark.slow
def test_a_load_shows_a_bar_with_bytes_on_a_terminal_only(tmp_path: Path) -> None:
    run = on_terminal(120, "ingest", str(SAMPLE), cwd=tmp_path)
    assert run.code == 0
    assert re.search(r"\d/3\.0 MB", ANSI.sub("", run.out))
    piped = process("ingest", "--from-start", str(SAMPLE), cwd=tmp_path)
    assert piped.code == 0
    assert "MB" not in piped.out + piped.err


def test_the_bar_shows_a_hostile_file_name_and_does_not_obey_it(tmp_path: Path) -> None:
    (tmp_path / "[red]a[").mkdir()
    name = "[red]a[/]\x1b]0;owned\x07[bold].jsonl"
    write_log(tmp_path / name, [event("u-1")])
    run = on_terminal(200, "ingest", name, cwd=tmp_path)
    assert run.code == 0
    assert "\x1b]" not in run.out
    assert "[red]a[/]\\x1b]0;owned\\x07[bold].jsonl" in ANSI.sub("", run.out)


def test_errors_on_a_terminal_are_one_line_without_colour(folder: Path) -> None:
    run = on_terminal(80, "user", "u-1", "--since", "gestern", cwd=folder, FORCE_COLOR="1")
    assert run.code == 2
    assert re.fullmatch(r"errcli: usage: 'gestern' is not a time[^\n\x1b]*\n", run.out)
