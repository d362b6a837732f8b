"""Which messages does errcli itself group together, once they are loaded, and once they are rolled up?"""

import json
from pathlib import Path
from typing import NamedTuple

from bench import data
from bench.patterns_corpus import Labelled
from bench.race import require
from bench.timing import Process, output_of

_QUESTION = "SELECT source_id, pattern_hash FROM events"


class Grouping(NamedTuple):
    """The group of each message, in their order: as `rollup` keeps them, and as a reader finds them before that."""

    kept: list[str]
    on_demand: list[str]


def grouped(labelled: list[Labelled], folder: Path) -> Grouping:
    """Load events into a new store in a folder and return their groups. Raises SystemExit if an event gets lost."""
    log, store = folder / "events.jsonl", folder / "groups.duckdb"
    lines = (json.dumps(each.event, ensure_ascii=False) for each in labelled)
    log.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    _run(folder, "ingest", str(log), "--db", str(store))
    on_demand = _groups(folder, store, len(labelled))
    _run(folder, "rollup", "--db", str(store))
    return Grouping(_groups(folder, store, len(labelled)), on_demand)


def _groups(folder: Path, store: Path, events: int) -> list[str]:
    answer = _run(folder, "query", _QUESTION, "--format", "jsonl", "--limit", "0", "--db", str(store))
    rows = [json.loads(line) for line in answer.splitlines()]
    groups = {int(row["source_id"]): str(row["pattern_hash"]) for row in rows}
    require("events grouped", (len(rows), sorted(groups)), (events, list(range(1, events + 1))))
    return [groups[number] for number in range(1, events + 1)]


def _run(folder: Path, *arguments: str) -> str:
    return output_of(Process([str(data.ERRCLI), *arguments]), folder)
