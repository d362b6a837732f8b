"""Which pages are made from the code: the command reference, the schema, and every example of README and journeys.

`python docs/generate.py` writes them; `--check` writes nothing and exits with 1 where one is out of step.
In these two a block after `<!-- run: COMMAND -->` holds what COMMAND prints on a terminal of 80 columns, in a
folder that holds `events.jsonl`, the log of sample_data.
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
from pathlib import Path

from errcli import catalog
from errcli.analysis import Analysis, columns_of
from errcli.cli.main import run

REPOSITORY = Path(__file__).parent.parent
SCHEMA = REPOSITORY / "src" / "errcli" / "store" / "schema"
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
    """Return README and journeys with their examples run again; the first one's list of analyses is made anew."""
    pages = {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(REPOSITORY / "sample_data" / "events.jsonl", folder)
        # the README loads the log
        for path in (REPOSITORY / "README.md", REPOSITORY / "docs" / "journeys.md"):
            pages[path] = _EXAMPLE.sub(
                lambda match: match[1] + _fenced(on_terminal(match["command"], Path(folder))), path.read_text("utf-8")
            )
    return pages | {path: _with_analyses(text) for path, text in pages.items() if path.name == "README.md"}


def _with_analyses(text: str) -> str:
    rows = "\n".join(f"| `{analysis.example}` | {analysis.summary} |" for analysis in map(catalog.get, catalog.names()))
    return _ANALYSES.sub(lambda match: f"{match[1]}| command | answers |\n|---|---|\n{rows}\n{match[2]}", text)


def on_terminal(command: str, folder: Path) -> str:
    """Run a command of a shell on a terminal of 80 columns without colour; return what a person sees."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TERM": "xterm", "NO_COLOR": "1"}
    environment |= {"HOME": str(folder), "LANG": "C.UTF-8"}
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
