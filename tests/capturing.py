"""What tests of capture share: the file that this process writes, programs that capture, what ingest makes of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import errcli.capture
from tests.support import Run, clean_environment, process

Event = dict[str, Any]


class Captured:
    """The file that errors go to."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def events(self) -> list[Event]:
        """All events that were written, rotated ones not."""
        assert errcli.capture.flush(10)
        return events_of(self.file)

    @property
    def event(self) -> Event:
        """The only event."""
        events = self.events
        assert len(events) == 1, events
        return events[0]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Load the file into a store of its own, all of it, and return the rows of a query."""
        assert errcli.capture.flush(10)
        return ingested([self.file], sql)


def events_of(*files: Path) -> list[Event]:
    """Return the events of some files; each line has to be one."""
    return [json.loads(line) for file in files if file.exists() for line in file.read_bytes().splitlines()]


def ingested(files: list[Path], sql: str) -> list[dict[str, Any]]:
    """Load files into a new store, of which no line may be rejected, and return the rows of a query."""
    folder = files[0].parent
    loaded = process("ingest", *map(str, files), "--db", "asked.duckdb", "-f", "json", cwd=folder)
    assert (loaded.code, loaded.row["rejected"]) == (0, 0)
    rows = process("query", sql, "--db", "asked.duckdb", "--limit", "0", "-f", "json", cwd=folder).rows
    (folder / "asked.duckdb").unlink()
    return rows


def program(text: str, cwd: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a program that captures errors into errors.jsonl of a folder."""
    return subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            text,
            *arguments,
        ],  # of forks while there are threads
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(**environment),
    )


def run(text: str, cwd: Path, *arguments: str, **environment: str) -> Run:
    """Run a program that captures errors to its end, and return what it printed."""
    running = program(text, cwd, *arguments, **environment)
    out, err = running.communicate(timeout=60)
    return Run(running.returncode, out.decode(), err.decode())
