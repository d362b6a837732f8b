"""Is hostile text shown and not obeyed, in every analysis, every format and every message?"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.processes import on_terminal
from tests.rendered import is_hostile
from tests.support import Cli, Run, event, process, write_log

NOW = "2026-03-01T12:30:00Z"
HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "c1": "\x9b31mred\x9c",
    "bell and backspace": "a\x07\x08\x08b",
    "null byte": "a\x00b",
    "delete": "a\x7fb",
    "bidi": "\u202egpj.exe\u2066\u2069\u200f\u061c",
    "rich colour": "[red]x[/red]",
    "rich close": "[/]",
    "rich link": "[link=http://x]x[/link]",
    "emoji code": ":bomb:",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "lines": "first\nsecond\r\nerrcli: fake: line",
    "separators": "a\u2028b\u2029c\x0bd\x0ce\x85f",
    "quotes": 'it\'s "so" `so`',
    "sql": "'; DROP TABLE user_errors; --",
    "sql parameter": "$user_id",
    "html": "<script>alert(1)</script>&amp;",
    "markdown": "a|b **c** [d](http://e) | --- |",
    "backslash": "C:\\new\\x1b",
    "percent": "%s %(user)s {0} {user}",
    "spaces": "  a  ",
    "long": "w" * 10_000,
    "wide": "世界🦆" * 50,
}
EVENTS = [
    event(
        text,
        session_id=text,
        error_type=text,
        error_code=text,
        error_message=text,
        user_message=text,
        page=text,
        action=text,
        severity="critical",
        id=f"{name}-{count}",
        context={"page": text, "action": text},
        recovery_method=text,
    )
    for name, text in HOSTILE.items()
    for count in range(2)
]
QUESTIONS: dict[str, list[str]] = {
    "templates": ["patterns", "--min-count", "1"],
    "patterns": ["patterns", "--min-count", "2", "--by", "place"],
    "struggling": ["struggling", "--min-errors", "2"],
    "impact": ["impact"],
    "daily": ["daily"],
}
COUNTS = "SELECT count(*) AS n, count(DISTINCT user_id) AS users FROM user_errors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store in which every text is hostile; two events a text."""
    path = tmp_path_factory.mktemp("hostile")
    write_log(path / "log.jsonl", EVENTS)
    run = process("ingest", "log.jsonl", "--no-redact", "-f", "json", cwd=path)
    assert (run.code, run.row["stored"], run.err) == (0, 2 * len(HOSTILE), "")
    return path


@pytest.fixture
def db(folder: Path) -> list[str]:
    """Return the options that name that store."""
    return ["--db", str(folder / "errcli.duckdb")]


def nothing_obeyed(run: Run, code: int = 0) -> None:
    """Hold a run to the contract: whatever steers a terminal is shown escaped."""
    assert run.code == code
    assert {letter for letter in run.out + run.err if is_hostile(letter)} <= {"\n"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_user_with_a_hostile_id_is_found_under_it(cli: Cli, db: list[str], name: str) -> None:
    text = HOSTILE[name]
    if "\x00" in text:
        pytest.skip("the command line of a process cannot hold it")
    for question in (["user"], ["rate"], ["cascade"]):
        asked = [*question, *db, "--now", NOW, "-f", "json", "--", text, *([text] if question == ["cascade"] else [])]
        run = cli(*asked)
        nothing_obeyed(run)
        assert [row["user_id"] for row in run.rows] == [text] * (1 if question == ["rate"] else 2)
        if question == ["user"]:
            row = run.rows[0]
            assert {row[key] for key in ("session_id", "error_code", "error_message", "page", "action")} == {text}


@pytest.mark.parametrize("format_name", ["table", "json", "jsonl", "csv", "markdown"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_lets_anything_through(cli: Cli, db: list[str], question: str, format_name: str) -> None:
    run = cli(*QUESTIONS[question], *db, "--now", NOW, "--limit", "0", "-f", format_name)
    nothing_obeyed(run)
    assert run.err == ""


def test_the_store_holds_every_event(cli: Cli, db: list[str]) -> None:
    assert cli("query", COUNTS, *db, "-f", "json").row == {"n": 2 * len(HOSTILE), "users": len(HOSTILE)}


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name != "templates"])
def test_the_rows_are_right(cli: Cli, db: list[str], question: str) -> None:
    rows = cli(*QUESTIONS[question], *db, "--now", NOW, "--limit", "0", "-f", "json").rows
    key = {"patterns": "page"}.get(question, "user_id")
    times = 2 if question == "impact" else 1
    assert sorted(row[key] for row in rows) == sorted(list(HOSTILE.values()) * times)
    if question == "patterns":
        assert {row["pattern"] for row in rows} == {f"{text}:{text}:{text}" for text in HOSTILE.values()}
        assert all(row["sample_message"] == row["error_code"] == row["action"] == row["page"] for row in rows)


@pytest.mark.parametrize("colored", [True, False])
@pytest.mark.parametrize("columns", [80, 200])
def test_a_terminal_sees_colours_of_errcli_only(folder: Path, columns: int, colored: bool) -> None:
    environment = {"FORCE_COLOR": "1"} if colored else {"NO_COLOR": "1"}
    run = on_terminal(columns, "impact", "--now", NOW, "--limit", "0", cwd=folder, **environment)
    assert run.code == 0
    own = ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[31m", "\x1b[32m", "\x1b[33m")
    text = run.out
    for sequence in own if colored else ():
        text = text.replace(sequence, "")
    assert {letter for letter in text if is_hostile(letter)} == {"\n"}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store in which one hostile text leads to another in each session."""
    path = tmp_path_factory.mktemp("linked")
    texts = list(HOSTILE.values())
    events = [
        event(
            text,
            f"2026-03-01T12:0{step}:00Z",
            session_id=text,
            error_type=said,
            error_code=said,
            error_message=said,
            page=said,
            severity=said,
            id=f"{place}-{step}",
        )
        for place, text in enumerate(texts)
        for step, said in enumerate((text, texts[place - 1]))
    ]
    write_log(path / "log.jsonl", events)
    assert process("ingest", "log.jsonl", "--no-redact", cwd=path).code == 0
    return path


CASCADES = ["cascades", "--since", "1d", "--min-sessions", "1", "--now", NOW, "--limit", "0"]


@pytest.mark.parametrize("format_name", ["table", "json", "markdown", "dot", "mermaid", "tree"])
def test_no_graph_lets_anything_through(cli: Cli, linked: Path, format_name: str) -> None:
    run = cli(*CASCADES, "--db", linked / "errcli.duckdb", "-f", format_name)
    nothing_obeyed(run)
    assert run.err == ""
    edges = {"dot": " -> ", "mermaid": "-->|", "tree": "─ "}
    if format_name in edges:
        assert run.out.count(edges[format_name]) == len(
            cli(*CASCADES, "--db", linked / "errcli.duckdb", "-f", "json").rows
        )


@pytest.mark.parametrize(
    "asked",
    [
        CASCADES,
        [*CASCADES, "-f", "tree"],
        *(["user", "--timeline", "--now", NOW, "--", HOSTILE[name]] for name in ("colour", "bidi", "long")),
        *(["cascade", "--now", NOW, "--", HOSTILE[name], HOSTILE[name]] for name in ("clear", "lines", "wide")),
    ],
    ids=lambda asked: " ".join(asked)[:30].encode("unicode_escape").decode(),
)
def test_nothing_that_is_drawn_on_a_terminal_is_obeyed_or_too_wide(linked: Path, asked: list[str]) -> None:
    run = on_terminal(80, *asked, cwd=linked, NO_COLOR="1")
    nothing_obeyed(run)
    assert max(cell_len(line) for line in run.out.splitlines() if not line.startswith("errcli: note:")) <= 80


def test_parquet_keeps_the_text_as_it_was_logged(cli: Cli, db: list[str], tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # after the engine's own, as errcli does

    file = tmp_path / "struggling.parquet"
    assert (
        cli("struggling", *db, "--min-errors", "2", "--now", NOW, "--limit", "0", "-f", "parquet", "-o", file).code == 0
    )
    assert sorted(pq.read_table(file).to_pydict()["user_id"]) == sorted(HOSTILE.values())


TYPED = [
    " ".join(text for text in HOSTILE.values() if "\x00" not in text and len(text) < 1_000),
    HOSTILE["long"],
    "\x1b[31m",
    "[/]",
]
FILE_NAMES = [text.replace("/", "_")[:40] for name, text in HOSTILE.items() if name not in ("null byte", "long")]
STORE_NAMES = ("colour", "title", "rich close", "formula", "lines", "quotes", "sql", "bidi")
PLACES: dict[str, tuple[int, list[str]]] = {
    "unknown user": (0, ["user", "nobody{}", "--now", NOW]),
    "unknown session": (0, ["cascade", "nobody", "{}", "--now", NOW]),
    "since": (2, ["patterns", "--since", "{}"]),
    "until": (2, ["patterns", "--until", "{}"]),
    "now": (2, ["patterns", "--now", "{}"]),
    "zone": (2, ["patterns", "--tz", "{}"]),
    "wait": (2, ["patterns", "--wait", "{}"]),
    "keep": (2, ["prune", "--keep", "{}"]),
    "limit": (2, ["patterns", "--limit", "{}"]),
    "format": (2, ["patterns", "--format", "{}"]),
    "grouping": (2, ["patterns", "--by", "{}"]),
    "option": (2, ["patterns", "--x{}"]),
    "command": (2, ["x{}"]),
    "group's command": (2, ["db", "x{}"]),
    "too many": (2, ["patterns", "x{}"]),
    "input": (2, ["ingest", "x{}"]),
    "input format": (2, ["ingest", "x", "--from", "{}"]),
    "output": (1, ["db", "info", "-o", "no-folder/{}"]),
    "analysis": (2, ["sql", "x{}"]),
    "target": (2, ["resolve", "x{}"]),
    "sql": (2, ["query", "SELECT x{}"]),
    "table": (2, ["query", 'FROM "{}"']),
    "config file": (2, ["config", "validate", "x{}"]),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_message_repeats_what_is_hostile_in_what_was_typed(cli: Cli, db: list[str], place: str) -> None:
    code, words = PLACES[place]
    shared = db if place not in ("option", "command", "group's command", "analysis", "config file") else []
    for text in TYPED:
        run = cli(*(word.replace("{}", text) for word in words), *shared)
        too_long = run.err.startswith("errcli: io: File name too long, ")
        nothing_obeyed(run, 1 if too_long else code)
        if code:
            assert (run.out, run.err.count("\n")) == ("", 1)
            assert "errcli: internal" not in run.err


@pytest.mark.parametrize("name", STORE_NAMES)
def test_a_store_of_a_hostile_name_is_used_and_named_safely(cli: Cli, tmp_path: Path, name: str) -> None:
    path = Path(HOSTILE[name].replace("/", "_") + ".duckdb")
    nothing_obeyed(cli("user", "u-1", "--db", path), 2)
    log = write_log(tmp_path / "log.jsonl", [event("u-1")])
    nothing_obeyed(cli("ingest", log, "--db", path))
    assert path.exists()
    nothing_obeyed(cli("db", "info", "--db", path))
    path.write_bytes(path.read_bytes()[:20_000])
    nothing_obeyed(cli("user", "u-1", "--db", path), 1)


@pytest.mark.slow
def test_a_log_of_a_hostile_name_is_loaded_and_named_safely(cli: Cli) -> None:
    names = [f"{text}.jsonl" for text in FILE_NAMES]
    for number, name in enumerate(names):
        write_log(Path(name), [event("u-1", id=f"e{number}"), {"no": "event"}])
    nothing_obeyed(cli("ingest", *(f"./{name}" for name in names)))
    stored = cli("query", "SELECT file FROM ingested_files ORDER BY ingested_at", "-f", "json")
    nothing_obeyed(stored)
    assert [row["file"] for row in stored.rows] == [f"./{name}" for name in names]
    for name in names:
        Path(name).write_text("this is no event\n")
    failed = cli("ingest", *(f"./{name}" for name in names))
    nothing_obeyed(failed, 1)
    assert failed.err.count("errcli: input: no event recognised") == len(names)


def test_rejected_lines_are_shown_safely(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    lines = [json.dumps(event("u-1")), *(text.replace("\n", " ") for text in HOSTILE.values())]
    log.write_bytes("\n".join(lines).encode() + b"\n")
    nothing_obeyed(cli("ingest", log))
    for format_name in ("table", "json", "csv", "markdown"):
        run = cli("query", "FROM rejected_lines", "-f", format_name)
        nothing_obeyed(run)
        assert "\\u001b[31mred" in run.out or "x1b" in run.out


def test_a_traceback_is_shown_safely(cli: Cli, db: list[str]) -> None:
    run = cli("query", "SELECT \x1b]0;owned\x07", *db, "--debug")
    nothing_obeyed(run, 2)
    assert run.err.startswith("Traceback")
    assert "LINE 1: SELECT \\x1b]0;owned\\x07" in run.err


def test_bytes_that_are_no_text_are_told_in_one_line(folder: Path) -> None:
    def told(code: int, *arguments: bytes) -> Run:
        run = process(*(argument.decode("utf-8", "surrogateescape") for argument in arguments), cwd=folder)
        nothing_obeyed(run, code)
        assert "internal" not in run.err
        return run

    assert told(0, b"user", b"\xff").err.count("\n") == 1
    assert json.loads(told(0, b"query", b"SELECT '\xff' AS x", b"-f", b"jsonl").out) == {"x": "\ufffd"}
    told(2, b"patterns", b"--since", b"\xff")
    told(2, b"user", b"u-1", b"--db", b"\xff.duckdb")
    told(2, b"ingest", b"\xff.jsonl")


def test_the_store_is_unharmed_by_sql_in_what_was_typed(cli: Cli, db: list[str], folder: Path) -> None:
    before = hashlib.sha256((folder / "errcli.duckdb").read_bytes()).hexdigest()
    attacks: list[Any] = [
        "'; DROP TABLE user_errors; --",
        "x' OR '1'='1",
        "$user_id",
        "x'); DELETE FROM user_errors; --",
    ]
    for text in attacks:
        assert len(cli("user", text, *db, "--now", NOW, "-f", "json").rows) == (2 if text in HOSTILE.values() else 0)
        cli("daily", "--user", text, *db)
        cli("cascade", text, text, *db)
        cli("rate", text, *db)
    assert hashlib.sha256((folder / "errcli.duckdb").read_bytes()).hexdigest() == before
