"""What does a command import? Only what it needs: a start is most of what a small question costs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import clean_environment, event, write_log

_PROGRAM = """
import json, sys
from errcli.cli.main import run
code = run(sys.argv[1:])
heavy = [
    "duckdb", "pyarrow", "pyarrow.compute", "pandas", "pydantic", "fastapi", "uvicorn", "asyncio", "concurrent.futures",
    "rich.console", "jinja2", "vl_convert", "textual", "pytest",
]
sys.stderr.write(json.dumps([name for name in heavy if name in sys.modules]))
sys.exit(code)
"""


def _imported_by(*arguments: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], cwd=cwd, capture_output=True, env=clean_environment(), check=True
    )
    return set(json.loads(done.stderr.decode().splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["patterns", "--help"],
        ["report", "--help"],
        ["dashboard", "--help"],
        ["serve", "--help"],
        ["sql", "rate"],
        ["spec"],
    ],
)
def test_what_asks_no_store_imports_no_engine(arguments: list[str], tmp_path: Path) -> None:
    assert _imported_by(*arguments, cwd=tmp_path) == set()


@pytest.mark.parametrize("format_name", ["json", "jsonl", "csv", "markdown", "table"])
def test_an_analysis_in_a_pipe_imports_the_engine_alone(format_name: str, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event() for _ in range(3)])
    _imported_by("ingest", str(log), cwd=tmp_path)
    assert _imported_by("rate", "u-1", "--now", "latest", "-f", format_name, cwd=tmp_path) == {"duckdb"}


@pytest.mark.parametrize("odd", ["", '{"userId": "u-1"', '{"userId": "u-2", "error": {"message": "password=hunter2"}}'])
def test_a_small_load_imports_no_pandas_even_where_it_is_installed(odd: str, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    log = write_log(tmp_path / "a.jsonl", [event() for _ in range(3)])
    with log.open("a") as file:
        file.write(f"{odd}\n")
    assert _imported_by("ingest", str(log), cwd=tmp_path) == {"duckdb", "pyarrow", "concurrent.futures"}
