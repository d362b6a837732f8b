"""How long does errcli take against its rivals? Prints a table of ratios; exits with 1 if a bound is broken."""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench import data, rivals, timing

from errcli import catalog
from errcli.analysis import fields_of

START_UP_BOUND = 1.6
ANALYSIS_BOUND = 1.5
SIZE_BOUND = 1.6
SIZE_MATTERS = ("user", "cascade", "rate", "struggling")
INGESTED = 100_000
INGEST_PAIRS = 3


class Race(NamedTuple):
    """One line of the table: what runs against what. Its data is made when `start` is called."""

    what: str
    rival: str
    start: Callable[[Path], tuple[timing.Process, timing.Process]]
    bound: float | None
    pairs: int


class Outcome(NamedTuple):
    """A race and its times."""

    race: Race
    times: timing.Pairs

    @property
    def broken(self) -> bool:
        """Whether the ratio is over its bound."""
        return self.race.bound is not None and self.times.ratio > self.race.bound


def main() -> int:
    """Measure and print; return the exit status."""
    asked = _arguments()
    races = [race for race in _races(asked.events, asked.pairs) if asked.only in race.what]
    if not races:
        print(f"nothing is called {asked.only!r}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="errcli-bench-") as name:
        outcomes = [_run(race, Path(name)) for race in races]
    _print_table(outcomes, asked.events, asked.pairs)
    return 1 if any(outcome.broken for outcome in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=_at_least(10 * data.FEW_EVENTS), default=1_000_000, help="in the large store")
    parser.add_argument("--pairs", type=_at_least(1), default=9, help="runs of each, and of its rival")
    parser.add_argument("--only", metavar="NAME", default="", help="only lines whose first column contains this")
    return parser.parse_args()


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"at least {least:,}")
        return int(text)

    return number


def _races(events: int, pairs: int) -> Iterator[Race]:
    for option in ("--version", "--help"):
        yield Race(f"start-up {option}", rivals.IMPORTS, partial(_start_up, option), START_UP_BOUND, pairs)
    for name in catalog.names():
        yield Race(f"analysis {name}", "script, same SQL", partial(_analysis, name, events), ANALYSIS_BOUND, pairs)
    for name in SIZE_MATTERS:
        rival = f"itself on {data.FEW_EVENTS:,}"
        yield Race(f"size {name}", rival, partial(_size, name, events), SIZE_BOUND, pairs)
    yield Race(f"ingest {INGESTED:,}", "script, read_json", _ingest, None, min(pairs, INGEST_PAIRS))


def _run(race: Race, folder: Path) -> Outcome:
    own, rival = race.start(folder)
    data.say(f"measuring: {race.what}")
    return Outcome(race, timing.measure(own, rival, race.pairs, folder))


def _start_up(option: str, folder: Path) -> tuple[timing.Process, timing.Process]:  # noqa: ARG001
    return timing.Process([str(data.ERRCLI), option]), timing.Process([sys.executable, "-c", rivals.IMPORTS])


def _analysis(name: str, events: int, folder: Path) -> tuple[timing.Process, timing.Process]:
    store = data.store(events)
    script, sql = folder / f"{name}.py", folder / f"{name}.sql"
    script.write_text(rivals.question_script(catalog.get(name), _asked(name, store), data.END), "utf-8")
    sql.write_text(catalog.sql_of(name), "utf-8")
    own, rival = _question(name, store), timing.Process([sys.executable, str(script), str(store), str(sql)])
    _require_same_rows(own, rival, folder)
    return own, rival


def _size(name: str, events: int, folder: Path) -> tuple[timing.Process, timing.Process]:
    large, small = _question(name, data.store(events)), _question(name, data.newest_store(events))
    for process in (large, small):
        if _rows(process, folder) == 0:
            raise SystemExit(f"{' '.join(process.arguments)}: no rows, so nothing to compare")
    return large, small


def _ingest(folder: Path) -> tuple[timing.Process, timing.Process]:
    log, script, own, rival = data.log(INGESTED), folder / "ingest.py", folder / "own.duckdb", folder / "rival.duckdb"
    script.write_text(rivals.load_script(log), "utf-8")
    return (
        timing.Process([str(data.ERRCLI), "ingest", str(log), "--db", str(own)], partial(own.unlink, missing_ok=True)),
        timing.Process([sys.executable, str(script), str(rival)], partial(rival.unlink, missing_ok=True)),
    )


def _question(name: str, store: Path) -> timing.Process:
    values = [str(value) for value in _asked(name, store).values()]
    now = data.END.isoformat()
    return timing.Process([str(data.ERRCLI), name, *values, "--db", str(store), "--now", now])


def _asked(name: str, store: Path) -> dict[str, Any]:
    """Return what an analysis cannot do without: someone of the store."""
    known = data.someone(store)._asdict()
    return {field.name: known[field.name] for field in fields_of(catalog.get(name).params) if field.required}


def _require_same_rows(own: timing.Process, rival: timing.Process, folder: Path) -> None:
    """Refuse to compare answers of different length, or empty ones."""
    rows, rival_rows = _rows(own, folder), len(timing.output_of(rival, folder).splitlines())
    if rows == 0 or rows != rival_rows:
        raise SystemExit(f"{' '.join(own.arguments)}: {rows} rows, and its rival has {rival_rows}")


def _rows(question: timing.Process, folder: Path) -> int:
    as_lines = timing.Process([*question.arguments, "--format", "jsonl"])
    return len(timing.output_of(as_lines, folder).splitlines())


def _print_table(outcomes: list[Outcome], events: int, pairs: int) -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, {events:,} events, {pairs} pairs\n"
    )
    head = ("what", "rival", "seconds", "its", "ratio", "quartiles", "bound", "")
    rows = [head, tuple("---" for _ in head), *(_cells(outcome) for outcome in outcomes)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(head))]
    for row in rows:
        fill = "-" if row[0] == "---" else " "
        print(f"| {' | '.join(cell.ljust(width, fill) for cell, width in zip(row, widths, strict=True))} |")
    for outcome in outcomes:
        if outcome.race.what.startswith("ingest"):
            own, rival = (INGESTED / statistics.median(times) for times in outcome.times)
            print(f"\ningest: {own:,.0f} events a second; the rival {rival:,.0f}")


def _cells(outcome: Outcome) -> tuple[str, ...]:
    race, times = outcome
    lower, upper = times.spread
    return (
        race.what,
        race.rival,
        f"{statistics.median(times.own):.3f}",
        f"{statistics.median(times.rival):.3f}",
        f"{times.ratio:.2f}",
        f"{lower:.2f} to {upper:.2f}",
        "-" if race.bound is None else f"{race.bound:.1f}",
        "-" if race.bound is None else "OVER" if outcome.broken else "ok",
    )


if __name__ == "__main__":
    sys.exit(main())
