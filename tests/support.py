"""What tests share: running errcli as a process or in this one, writing logs, reading them, asking for rows."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from errcli.ingest.reader import Batch, Reader

REPOSITORY = Path(__file__).parent.parent
SAMPLE = REPOSITORY / "sample_data" / "events.jsonl"

ONE_THREAD = ("ERRCLI_STORE_THREADS", "1")
"""A setting for answers that are compared to the last digit: several threads add fractions up in any order."""

Event = dict[str, Any]


class Run(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a `--format json` answer."""
        rows: list[dict[str, Any]] = json.loads(self.out)["rows"]
        return rows

    @property
    def row(self) -> dict[str, Any]:
        """The only row of a `--format json` answer."""
        (row,) = self.rows
        return row


Cli = Callable[..., Run]
"""`cli("patterns", "--since", "1h")`: errcli in a folder of the test's own."""


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment without settings of errcli and without a terminal's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ERRCLI_", "NO_COLOR", "FORCE_"))}
    return kept | {"COLUMNS": "80", "TERM": "xterm"} | more


def process(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> Run:
    """Run errcli as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "errcli", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=clean_environment(**environment),
        check=False,
        timeout=120,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def event(user: str = "u-1", time: str = "2026-03-01T12:00:00Z", **fields: Any) -> Event:
    """Return a flat event with the least that an event needs, and what the test adds."""
    return {"user_id": user, "timestamp": time, "error_type": "timeout", **fields}


def write_log(path: Path, events: Iterable[Event]) -> Path:
    """Write events as JSONL."""
    path.write_text("".join(f"{json.dumps(each)}\n" for each in events), "utf-8")
    return path


def batches(reader: "Reader") -> "Iterator[Batch]":
    """Have every record of a source read by the formats' own code, the lines for the engine, too."""
    for part in reader.parts():
        yield part.batch
        if part.lines is not None:
            yield from reader.reread(part, part.lines["seq"].to_pylist())
