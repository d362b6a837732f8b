"""Which pages are made from the code: the command reference, the schema, and every example of README and questions.

`python docs/generate.py` writes them; `--check` writes nothing and exits with 1 where one is out of step.
In README and in the pages of questions a block after `<!-- run: COMMAND -->` holds what COMMAND prints on a terminal of
80 columns, in a folder that holds what sample_data does. Each page has such a folder of its own, so that none sees what
another one changed; README loads the log itself, pages of questions find it loaded.
"""

import argparse
import contextlib
import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from errcli import catalog
from errcli.analysis import Analysis, columns_of
from errcli.cli.main import run

REPOSITORY = Path(__file__).parent.parent
SCHEMA = REPOSITORY / "src" / "errcli" / "store" / "schema"
README, QUESTIONS = REPOSITORY / "README.md", REPOSITORY / "docs" / "questions"
COLUMNS, LINES = 80, 60

_EXAMPLE = re.compile(r"(<!-- run: (?P<command>.+?) -->\n)```[a-z]*\n.*?```\n", re.DOTALL)
_ANALYSES = re.compile(r"(<!-- analyses -->\n).*?(<!-- end -->\n)", re.DOTALL)
_STATEMENT = re.compile(r"(?P<comment>(?:^-- [^\n]*\n)+)(?P<sql>(?:CREATE|ALTER) .*?;\n)", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"(?:CREATE(?: OR REPLACE)?|ALTER) (?P<kind>TABLE|VIEW|MACRO) (?P<name>\w+)")
_SECONDS = re.compile(r"(?<=\s)\d+\.\d\d(?=\s*$)", re.MULTILINE)


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 where a page is out of step")
    check = parser.parse_args().check
    pages = {
        REPOSITORY / "docs" / "commands.md": commands_page(),
        REPOSITORY / "docs" / "schema.md": schema_page(),
    } | pages_with_examples()
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(REPOSITORY)} is out of step: make docs" if check else f"wrote {path.name}")
        if not check:
            path.write_text(pages[path], "utf-8")
    return 1 if check and stale else 0


def commands_page() -> str:
    """Return the reference: the help of every command, and the columns of every analysis."""
    os.environ["COLUMNS"] = "100"
    lines = ["# Commands", "", "Made by `make docs` from the commands themselves.", "", _fenced(_help([]))]
    for words in _command_names():
        lines += [f"## errcli {' '.join(words)}", "", _fenced(_help(words))]
        if words[0] in catalog.names():
            lines += [_row_table(catalog.get(words[0])), ""]
            for form, name in catalog.forms_of(words[0]).items():
                lines += [f"With `--{form}`:", "", _row_table(catalog.get(name)), ""]
    return "\n".join(lines)


def _command_names() -> list[list[str]]:
    names = [[name] for name in _listed(_help([]))]
    return [
        words
        for (name,) in names
        for words in ([[name, sub] for sub in _listed(_help([name]))] if name in ("db", "config") else [[name]])
    ]


def _listed(text: str) -> list[str]:
    return re.findall(r"^  ([a-z-]+)  +\S", text.partition("Commands:\n")[2], re.MULTILINE)


def _help(words: list[str]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run([*words, "--help"])
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```\n"


def _row_table(analysis: Analysis) -> str:
    lines = ["| key | kind | what |", "|---|---|---|"]
    lines += [f"| `{each.name}` | {each.kind} | {each.description} |" for each in columns_of(analysis.row)]
    return "\n".join(lines)


def schema_page() -> str:
    """Return every table, view and macro of the store with what its comment says."""
    lines = ["# Schema of the store", "", "Made by `make docs` from the migrations in `src/errcli/store/schema/`.", ""]
    sections: dict[str, list[str]] = {}
    for path in sorted(SCHEMA.glob("[0-9]*.sql")):
        for match in _STATEMENT.finditer(path.read_text("utf-8")):
            named = _NAME.search(match["sql"])
            if named is None:
                continue
            comment = " ".join(line.removeprefix("-- ") for line in match["comment"].splitlines())
            title = f"## {named['name']} ({named['kind'].lower()})"
            text = [comment, "", _fenced(match["sql"].strip(), "sql")]
            # what a later migration makes anew counts; what it changes is added
            sections[title] = [*sections[title], *text] if match["sql"].startswith("ALTER") else text
    return "\n".join([*lines, *(line for title, text in sections.items() for line in (title, "", *text))])


def pages_with_examples() -> dict[Path, str]:
    """Return README and the pages of questions with their examples run again, and README's list of analyses."""
    questions = sorted(QUESTIONS.glob("*.md"))
    with tempfile.TemporaryDirectory() as root:
        empty, loaded = Path(root, "empty"), Path(root, "loaded")
        empty.mkdir()
        for name in ("events.jsonl", "exposure.csv"):
            shutil.copy(REPOSITORY / "sample_data" / name, empty)
        shutil.copytree(empty, loaded)
        on_terminal("errcli ingest events.jsonl && errcli rollup", loaded)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            texts = pool.map(_with_examples, [README, *questions], [empty, *(loaded for _ in questions)])
            pages = dict(zip([README, *questions], texts, strict=True))
    return pages | {README: _with_analyses(pages[README])}


def _with_examples(path: Path, start: Path) -> str:
    """Run the examples of a page, one after the other, in a copy of a folder."""
    folder = start.parent / path.relative_to(REPOSITORY).as_posix().replace("/", "-")
    shutil.copytree(start, folder)
    return _EXAMPLE.sub(
        lambda match: match[1] + _fenced(on_terminal(match["command"], folder)), path.read_text("utf-8")
    )


def _with_analyses(text: str) -> str:
    rows = "\n".join(
        f"| `{analysis.example}` | [{analysis.summary}]({page_of(analysis.name)}) |"
        for analysis in map(catalog.get, catalog.names())
    )
    return _ANALYSES.sub(lambda match: f"{match[1]}| command | answers |\n|---|---|\n{rows}\n{match[2]}", text)


def page_of(name: str) -> str:
    """Return the page of an analysis, seen from README: its own, or that of the question that it is a form of."""
    question, _ = catalog.forms().get(name, (name, ""))
    return f"docs/questions/{question}.md"


def on_terminal(command: str, folder: Path) -> str:
    """Run a shell's command on a terminal of 80 columns without colour, and this errcli; return what a person sees."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TERM": "xterm", "NO_COLOR": "1"}
    environment |= {"HOME": str(folder), "LANG": "C.UTF-8", "PYTHONPATH": str(REPOSITORY / "src")}
    # stderr is no terminal here: a progress bar would leave its traces
    child = subprocess.Popen(  # noqa: S602
        command, shell=True, cwd=folder, stdout=theirs, stderr=subprocess.PIPE, env=environment
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError), open(ours, "rb", buffering=0) as screen:  # noqa: PTH123
        while chunk := screen.read(1 << 16):
            shown += chunk
    _, notes = child.communicate()
    shown += notes
    if child.returncode != 0:
        raise SystemExit(f"{command}: {shown.decode()}")
    lines = shown.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines[0].endswith(" seconds"):  # how long it took differs from run to run
        lines = [_SECONDS.sub("0.42", line) for line in lines]
    return "\n".join([f"$ {command}", *(line.rstrip() for line in lines)])


if __name__ == "__main__":
    sys.exit(main())
