"""What becomes of a log whose native lines the engine reads, and whose lines the format's own code reads alone?"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from errcli.ingest import gate
from errcli.ingest.lines import Stretch
from errcli.intake import How, Intake, Taken
from errcli.store.connection import StoreOptions
from errcli.store.load import workers
from tests.cases import KEEP_ALL


@contextmanager
def python_alone() -> Iterator[None]:
    """Have the engine read no line."""

    def nothing(stretch: Stretch) -> tuple[None, list[int]]:
        return None, list(range(len(stretch)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "readable", nothing)
        yield


def loaded(folder: Path, log: Path, how: How) -> tuple[Taken, dict[str, list[tuple[Any, ...]]]]:
    """Load a log into a store of its own; return the counts, and what the store holds."""
    store = folder / "s.duckdb"
    with workers(StoreOptions(store, threads=1), KEEP_ALL) as crew:
        taken = Intake(crew, how, []).take(str(log), lambda _: None)
    with duckdb.connect(str(store), read_only=True) as connection:
        return taken, {
            sql: connection.execute(sql).fetchall()
            for sql in (
                "SELECT * EXCLUDE (created_at) FROM user_errors ORDER BY id",
                "SELECT line_number, reason, text FROM rejected_lines ORDER BY ALL",
                "FROM changed_days ORDER BY ALL",
            )
        }


def rows_by_lane(text: bytes, how: How) -> list[Any]:
    """Return what a log becomes by the engine, and by the format's own code alone."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        log = Path(one, "a.jsonl")
        log.write_bytes(text)
        by_engine = loaded(Path(one), log, how)
        with python_alone():
            return [by_engine, loaded(Path(other), log, how)]
