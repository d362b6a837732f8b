"""How fast are messages mined, also the worst ones, and how much memory does it take? As a script, it mines a file."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench import data, memory, patterns_data, patterns_drain
from bench.race import SkippedError, require
from bench.timing import Process, output_of

THREADS = 2

RATE_BOUND = 600_000
DRAIN_BOUND = 25
WORST_BOUND = 6
MEMORY_BOUND = 1_500
"""Millions of bytes."""

# what events have as input is JSON to the engine once a load has read their lines
_READ = """
    CREATE TEMP TABLE messages AS
    SELECT * REPLACE (CAST(input_data AS JSON) AS input_data) FROM read_parquet($file)
"""
_TO_SHAPE = """
    CREATE TEMP VIEW to_shape AS
    SELECT
        seq, hash(error_type, error_code) AS kind,
        message, user_id, session_id, page, workflow_id, agent_id, input_data
    FROM messages
"""
# as a load and a reader do it: a hash stands for type, code and shape, a number for the hash
_DISTINCT = """
    CREATE TEMP TABLE shapes AS
    SELECT
        CAST(row_number() OVER () AS INTEGER) AS shape_id, examples.kind,
        messages.error_type, messages.error_code, example_shapes.shape, examples.events
    FROM (
        SELECT kind, min(seq) AS seq, min(example) AS example, count(*) AS events
        FROM shaped
        GROUP BY kind
    ) AS examples
    JOIN messages ON messages.seq = examples.seq
    JOIN example_shapes ON example_shapes.example = examples.example;

    CREATE TEMP TABLE shapes_to_mine AS
    SELECT shape_id, error_type, error_code, shape, events FROM shapes
"""
_ASSIGN = """
    CREATE TEMP TABLE assigned AS
    SELECT shaped.seq, shapes.error_type, shapes.error_code, mined.template
    FROM shaped
    JOIN shapes ON shapes.kind = shaped.kind
    JOIN mined ON mined.shape_id = shapes.shape_id
"""
_COUNTS = """
    SELECT
        (SELECT count(*) FROM assigned) AS events,
        (SELECT count(*) FROM shapes_to_mine) AS shapes,
        (SELECT count(*) FROM (SELECT DISTINCT error_type, error_code, template FROM assigned)) AS groups
"""


class Mined(NamedTuple):
    """One run of the script: seconds by step, and the most memory that it held, in millions of bytes."""

    seconds: dict[str, float]
    shapes: int
    groups: int
    megabytes: float

    @property
    def total(self) -> float:
        """Return the seconds of all steps."""
        return sum(self.seconds.values())


class Speed(NamedTuple):
    """One line: a number and its bound, which it must reach, or not exceed where it is a `ceiling`."""

    what: str
    value: float
    bound: float
    ceiling: bool

    @property
    def broken(self) -> bool:
        """Whether it is on the wrong side of its bound."""
        return self.value > self.bound if self.ceiling else self.value < self.bound


def speeds(events: int, seed: int, pairs: int, systems: Path | None, folder: Path) -> list[Speed]:
    """Mine messages and have Drain3 group them, in turn; then mine the worst ones once; return what that says."""
    files = {"corpus": patterns_data.messages(events, seed)}
    if systems is not None:
        files["systems"] = patterns_data.of_systems(events, seed, systems)
    runs: dict[str, list[Mined]] = {name: [] for name in files}
    times: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(pairs):
        for name, file in files.items():
            runs[name].append(_mined(name, file, events, folder))
            if (its := _drain_rate(file, events, folder)) is not None:
                times[name].append(events / runs[name][-1].total / its)
    lines = [line for name in files for line in _lines(name, events, runs[name], times[name])]
    return [*lines, *_worst_lines(patterns_data.worst(events, seed), files["corpus"], events, folder)]


def _lines(name: str, events: int, runs: list[Mined], times: list[float]) -> Iterator[Speed]:
    rate = statistics.median(events / run.total for run in runs)
    yield Speed(f"speed {name}: messages a second", rate, RATE_BOUND, ceiling=False)
    if times:
        yield Speed(f"speed {name}: times that of Drain3", statistics.median(times), DRAIN_BOUND, ceiling=False)


def _worst_lines(worst: Path, usual: Path, events: int, folder: Path) -> Iterator[Speed]:
    bad, good = _mined("worst case", worst, events, folder), _mined("corpus", usual, events, folder)
    yield Speed("speed, worst case: times the corpus", bad.total / good.total, WORST_BOUND, ceiling=True)
    yield Speed("speed, worst case: peak MB", bad.megabytes, MEMORY_BOUND, ceiling=True)


def _tell(what: str, run: Mined) -> None:
    steps = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in run.seconds.items())
    data.say(f"mined: {what}: {steps}; {run.shapes:,} shapes, {run.groups:,} patterns, {run.megabytes:,.0f} MB")


def _mined(what: str, file: Path, events: int, folder: Path) -> Mined:
    """Mine a file in a process of its own. Raises SystemExit if it fails, or a message gets no pattern."""
    answer = folder / "mined.json"
    process = Process([sys.executable, __file__, str(file), str(answer)])
    code, megabytes, told = memory.watched(process, folder)
    if code != 0:
        raise SystemExit(f"{' '.join(process.arguments)}: exit code {code}\n{told}")
    found = json.loads(answer.read_text("utf-8"))
    require("messages with a pattern", found["events"], events)
    run = Mined(found["seconds"], found["shapes"], found["groups"], megabytes)
    _tell(what, run)
    return run


def _drain_rate(file: Path, events: int, folder: Path) -> float | None:
    """Return how many messages a second Drain3 groups; None where it is not installed."""
    try:
        patterns_drain.require_drain()
    except SkippedError as reason:
        data.say(f"left out: speed against Drain3: {reason}")
        return None
    script = [sys.executable, patterns_drain.__file__, str(file), str(events)]
    found = json.loads(output_of(Process(script), folder))
    return float(found["events"] / found["seconds"])


def mine(file: str) -> dict[str, Any]:
    """Find the pattern of each message of a Parquet file; return seconds by step, and the numbers of what was found."""
    from errcli.store import mining

    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(_READ, {"file": file})
    connection.execute(_TO_SHAPE)
    connection.begin()  # as a load and a rollup do: what is temporary is not compressed on the way
    mining.prepare(connection)
    steps: dict[str, Callable[[], object]] = {
        "prepare": lambda: mining.prepare(connection),
        "shape": lambda: mining.shape(connection),
        "distinct": lambda: connection.execute(_DISTINCT).fetchall(),
        "mine": lambda: mining.mine(connection),
        "assign": lambda: connection.execute(_ASSIGN).fetchall(),
    }
    seconds = {}
    for name, step in steps.items():
        began = time.perf_counter()
        step()
        seconds[name] = time.perf_counter() - began
    (counts,) = connection.execute(_COUNTS).fetchall()
    return {"seconds": seconds, **dict(zip(("events", "shapes", "groups"), counts, strict=True))}


def main() -> None:
    """Mine the file that is named first and write what is found into the other one."""
    file, answer = sys.argv[1:]
    Path(answer).write_text(json.dumps(mine(file)), "utf-8")


if __name__ == "__main__":
    main()
