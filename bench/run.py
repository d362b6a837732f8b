"""How long does errcli take against its rivals, and how much memory? Prints two tables; exits with 1 over a bound."""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench import capture, dashboard, data, ingest, memory, race, report, rivals, serve, table, timing
from bench.race import Entry, Held, Outcome, Peak, Race

from errcli import catalog
from errcli.analysis import fields_of

START_UP_BOUND = 1.6
ANALYSIS_BOUND = 1.5
JOURNEYS_BOUND = 10
SIZE_BOUND = 1.6
GROWTH_BOUND = 12
ASKING_BOUND = 2_000
"""Millions of bytes."""

GROWTH = 10
JOURNEYS = (
    "cascades", "cascades-path", "features", "fix-first", "fix-first-explain", "messages", "recovery", "severity-audit",
    "struggling", "stuck", "verify",
)  # fmt: skip
"""Which questions are put to all of the events, and held against a plain count, and against themselves on a tenth."""

SIZE_MATTERS = ("user", "cascade", "rate", "struggling")


def main() -> int:
    """Measure and print; return the exit status."""
    asked = _arguments()
    races = [each for each in _races(asked.events, asked.pairs) if asked.only in each.what]
    peaks = [peak for peak in _peaks(asked.events) if asked.only in peak.what]
    if not races and not peaks:
        print(f"nothing is called {asked.only!r}", file=sys.stderr)
        return 2
    data.CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=data.CACHE) as name:
        outcomes = race.measured(races, race.run, Path(name))
        held = race.measured(peaks, memory.held, Path(name))
    table.print_heading(asked.events, asked.pairs)
    if outcomes:
        _print_ratios(outcomes, asked.events)
    if held:
        _print_peaks(held)
    broken = any(outcome.broken for outcome in outcomes) or any(each.broken for each in held)
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--events", type=table.at_least(10 * data.FEW_EVENTS), default=1_000_000, help="in the large store"
    )
    parser.add_argument("--pairs", type=table.at_least(1), default=9, help="runs of each, and of its rival")
    parser.add_argument("--only", metavar="NAME", default="", help="only lines whose first column contains this")
    return parser.parse_args()


def _races(events: int, pairs: int) -> Iterator[Race]:
    for option in ("--version", "--help"):
        yield Race(f"start-up {option}", rivals.IMPORTS, partial(_start_up, option), START_UP_BOUND, pairs)
    yield from capture.races(pairs)
    for name in catalog.names():
        yield Race(f"analysis {name}", "script, same SQL", partial(_analysis, name, events), ANALYSIS_BOUND, pairs)
    for name in JOURNEYS:
        yield Race(f"journeys {name}", "a plain count", partial(_journeys, name, events), JOURNEYS_BOUND, pairs)
    for name in JOURNEYS:
        yield Race(f"growth {name}", "itself on a tenth", partial(_growth, name, events), GROWTH_BOUND, pairs)
    for name in SIZE_MATTERS:
        rival = f"itself on {data.FEW_EVENTS:,}"
        yield Race(f"size {name}", rival, partial(_size, name, events), SIZE_BOUND, pairs)
    yield from report.races(events, pairs)
    yield from ingest.races(events, pairs)
    yield from dashboard.races(events, min(pairs, ingest.SLOWEST))
    yield from serve.races(min(pairs, ingest.SLOWEST))


def _peaks(events: int) -> Iterator[Peak]:
    yield from memory.peaks(events)
    for name in JOURNEYS:
        yield Peak(f"memory {name}", partial(_asking_all, name, GROWTH * events), ASKING_BOUND)


def _asking_all(name: str, events: int, folder: Path) -> tuple[timing.Process, Path, int]:  # noqa: ARG001
    store = data.store(events)
    return _question(name, store), store, events


def _start_up(option: str, folder: Path) -> Entry:  # noqa: ARG001
    return Entry(timing.Process([str(data.ERRCLI), option]), timing.Process([sys.executable, "-c", rivals.IMPORTS]))


def _analysis(name: str, events: int, folder: Path) -> Entry:
    store = data.store(events)
    script, sql = folder / f"{name}.py", folder / f"{name}.sql"
    script.write_text(rivals.question_script(catalog.get(name), _asked(name, store), data.END), "utf-8")
    sql.write_text(catalog.sql_of(name), "utf-8")
    own, rival = _question(name, store), timing.Process([sys.executable, str(script), str(store), str(sql)])
    _require_same_rows(own, rival, folder)
    return Entry(own, rival)


def _journeys(name: str, events: int, folder: Path) -> Entry:
    script, store = folder / "count.py", data.store(events)
    script.write_text(rivals.PLAIN_COUNT, "utf-8")
    return Entry(_question(name, store), timing.Process([sys.executable, str(script), str(store)]))


def _growth(name: str, events: int, folder: Path) -> Entry:
    large, small = _question(name, data.store(GROWTH * events)), _question(name, data.store(events))
    for process in (large, small):
        _require_rows(process, folder)
    return Entry(large, small)


def _size(name: str, events: int, folder: Path) -> Entry:
    large, small = _question(name, data.store(events)), _question(name, data.newest_store(events))
    for process in (large, small):
        _require_rows(process, folder)
    return Entry(large, small)


def _require_rows(question: timing.Process, folder: Path) -> None:
    if _rows(question, folder) == 0:
        raise SystemExit(f"{' '.join(question.arguments)}: no rows, so nothing to compare")


def _question(name: str, store: Path) -> timing.Process:
    question, form = catalog.forms().get(name, (name, ""))
    asked = _asked(name, store)
    options = [f"--{form}", *([asked.pop(form)] if form in asked else [])] if form else []
    options += ["--since", asked.pop("since")] if "since" in asked else []
    now = data.END.isoformat()
    return timing.Process([str(data.ERRCLI), question, *asked.values(), *options, "--db", str(store), "--now", now])


def _asked(name: str, store: Path) -> dict[str, Any]:
    """Return what an analysis cannot do without, someone of the store, and the window where it is not its own."""
    known = data.someone(store)._asdict()
    required = [field for field in fields_of(catalog.get(name).params) if field.required]
    asked = {field.name: known["pattern" if field.is_pattern else field.name] for field in required}
    return asked | {"since": "30d"} if name in JOURNEYS else asked


def _require_same_rows(own: timing.Process, rival: timing.Process, folder: Path) -> None:
    """Refuse to compare answers of different length, or empty ones."""
    rows, rival_rows = _rows(own, folder), len(timing.output_of(rival, folder).splitlines())
    if rows == 0 or rows != rival_rows:
        raise SystemExit(f"{' '.join(own.arguments)}: {rows} rows, and its rival has {rival_rows}")


def _rows(question: timing.Process, folder: Path) -> int:
    as_lines = timing.Process([*question.arguments, "--format", "jsonl"])
    return len(timing.output_of(as_lines, folder).splitlines())


def _print_ratios(outcomes: list[Outcome], events: int) -> None:
    table.print_ratios(outcomes)
    for outcome in outcomes:
        if outcome.race.what == ingest.CLEAN:
            own, rival = (events / statistics.median(times) for times in outcome.times)
            print(f"\n{ingest.CLEAN}: {own:,.0f} events a second; the rival {rival:,.0f}")


def _print_peaks(held: list[Held]) -> None:
    rows = [
        (each.peak.what, f"{each.megabytes:,.0f}", f"{each.peak.bound:,.0f}", table.verdict(each.broken))
        for each in held
    ]
    table.print_table(("what", "peak MB", "bound", ""), rows)


if __name__ == "__main__":
    sys.exit(main())
