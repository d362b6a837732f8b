"""How fast does a log get into the store: against other tools, and against errcli's own first time?"""

import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench import data, rivals, traces
from bench.race import Entry, Race, SkippedError, require
from bench.timing import Process

CLEAN = "ingest clean"
SLOWEST = 3
"""Pairs of what takes seconds a run."""

_READ_JSON_BOUND = 2.0
_BAD_BOUND = 1.5
_SQLITE_BOUND = 0.1
_JQ_BOUND = 1.0
_AGAIN_BOUND = 0.15
_GROWTH_BOUND = 2.0
_TENTH_BOUND = 1.3

_ONE_BAD_IN = 100
_EVENTS_PER_TRACE = 5
"""Events with stack traces are so much longer that fewer are as many bytes."""
_SQLITE_EVENTS = 1_000_000
_MINUTE = 600
_GROWN_BYTES_PER_EVENT = 1_000
"""A log that grows is of this size, times the events asked for: with a million it is 1 GB."""

_SQLITE_UTILS = "sqlite-utils==4.2.1"
_COUNT_PLACES = "[.error.type, .context.page, .context.action] | @tsv"


class TenLogs(NamedTuple):
    """Ten months of one life: the first log, the last one, and a store that holds all but the last."""

    first: Path
    tenth: Path
    nine: Path


def races(events: int, pairs: int) -> Iterator[Race]:
    """Yield the races, with a log of so many events."""
    few = min(pairs, SLOWEST)
    yield Race(CLEAN, "script, read_json", partial(_clean, data.log, events), _READ_JSON_BOUND, few)
    with_traces = partial(_clean, traces.log, events // _EVENTS_PER_TRACE)
    yield Race("ingest traces", "script, read_json", with_traces, _READ_JSON_BOUND, few)
    yield Race("ingest 1% bad", "itself, no bad line", partial(_bad, events), _BAD_BOUND, few)
    yield Race("ingest rows", "sqlite-utils insert", partial(_rows, events), _SQLITE_BOUND, 1, warm_up=False)
    yield Race("ingest + ask", "jq, sort, uniq -c", partial(_ask, events), _JQ_BOUND, few)
    yield Race("ingest again", "itself, first time", partial(_again, events), _AGAIN_BOUND, few)
    yield Race("ingest growth", "itself, new file", partial(_growth, events), _GROWTH_BOUND, pairs)
    yield Race("ingest tenth", "itself, the first", partial(_tenth, events), _TENTH_BOUND, few, warm_up=False)


def into_new(log: Path, store: Path) -> Process:
    """Return the loading of a log into a store that is not there yet."""
    return Process(_ingest(log, store), partial(store.unlink, missing_ok=True))


def into_copy(log: Path, of: Path, store: Path) -> Process:
    """Return the loading of a log into a copy of a store."""
    return Process(_ingest(log, store), partial(data.copy, of, store))


@cache
def ten_logs(events: int, folder: Path) -> TenLogs:
    """Make ten logs of so many events, load nine, and keep the first and the last: on disk is one more at a time."""
    folder.mkdir()
    first, tenth, nine = folder / "log-1.jsonl", folder / "log-10.jsonl", folder / "nine.duckdb"
    for number in range(1, 11):
        log = folder / f"log-{number}.jsonl"
        data.write_log(log, events, months_ago=10 - number)
        if number < 10:
            data.load(log, nine)
        if log not in (first, tenth):
            log.unlink()
    return TenLogs(first, tenth, nine)


def _ingest(log: Path, store: Path) -> list[str]:
    return [str(data.ERRCLI), "ingest", str(log), "--db", str(store)]


def _clean(log_of: Callable[[int], Path], events: int, folder: Path) -> Entry:
    log, script, own, rival = log_of(events), folder / "load.py", folder / "own.duckdb", folder / "rival.duckdb"
    script.write_text(rivals.load_script(log), "utf-8")

    def check() -> None:
        require("events stored", (data.rows(own), data.rows(rival)), (events, events))

    load = Process([sys.executable, str(script), str(rival)], partial(rival.unlink, missing_ok=True))
    return Entry(into_new(log, own), load, check)


def _bad(events: int, folder: Path) -> Entry:
    log, own, rival = folder / "bad.jsonl", folder / "own.duckdb", folder / "rival.duckdb"
    bad = data.write_bad(log, data.log(events), _ONE_BAD_IN)

    def check() -> None:
        found = (data.rows(own), data.rows(own, "rejected_lines"), data.rows(rival))
        require("events stored, lines rejected, events of the good log", found, (events - bad, bad, events))

    return Entry(into_new(log, own), into_new(data.log(events), rival), check)


def _rows(events: int, folder: Path) -> Entry:
    count = min(events, _SQLITE_EVENTS)
    log, own, rival = data.log(count), folder / "own.duckdb", folder / "rival.sqlite"

    def check() -> None:
        with closing(sqlite3.connect(rival)) as connection:
            (found,) = connection.execute("SELECT count(*) FROM events").fetchone()
        require("events stored", (data.rows(own), found), (count, count))

    insert = [_sqlite_utils(folder), "insert", str(rival), "events", str(log), "--nl", "--flatten"]
    return Entry(into_new(log, own), Process(insert, partial(rival.unlink, missing_ok=True)), check)


def _sqlite_utils(folder: Path) -> str:
    """Return the tool: the one on the PATH, or one in an environment that lasts as long as the folder.

    Not a development dependency: it would bring packages that an import of errcli must not find by chance.
    """
    found = shutil.which("sqlite-utils")
    if found is not None:
        return found
    data.say(f"installing {_SQLITE_UTILS} for this run")
    tools = folder / "tools" / "bin"
    install = [str(tools / "python"), "-m", "pip", "install", "-qq", _SQLITE_UTILS]
    for command in ([sys.executable, "-m", "venv", str(tools.parent)], install):
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            raise SkippedError(f"sqlite-utils is not here, and `pip install {_SQLITE_UTILS}` failed")
    return str(tools / "sqlite-utils")


def _ask(events: int, folder: Path) -> Entry:
    jq = shutil.which("jq")
    if jq is None:
        raise SkippedError("jq is not installed")
    log, store, answer, counts = data.log(events), folder / "own.duckdb", folder / "answer.jsonl", folder / "counts"
    ask = [str(data.ERRCLI), "patterns", "--by", "place", "--db", str(store), "--now", data.END.isoformat(),
           "--since", "31d", "--min-count", "1", "--limit", "0", "-f", "jsonl", "--output", str(answer)]  # fmt: skip
    own = f"{shlex.join(_ingest(log, store))} && {shlex.join(ask)}"
    count = f"{shlex.join([jq, '-r', _COUNT_PLACES, str(log)])} | sort | uniq -c | sort -rn"

    def check() -> None:
        patterns, places = (len(path.read_text("utf-8").splitlines()) for path in (answer, counts))
        require("patterns, with events", (patterns > 0, data.rows(store)), (True, events))
        require("patterns", patterns, places)

    return Entry(
        Process(["sh", "-c", own], partial(store.unlink, missing_ok=True)),
        Process(["sh", "-c", f"export LC_ALL=C; {count} > {shlex.quote(str(counts))}"]),
        check,
    )


def _again(events: int, folder: Path) -> Entry:
    log, own, rival = data.log(events), folder / "own.duckdb", folder / "rival.duckdb"

    def check() -> None:
        require("events stored", (data.rows(own), data.rows(rival)), (events, events))

    return Entry(into_copy(log, data.store(events), own), into_new(log, rival), check)


def _growth(events: int, folder: Path) -> Entry:
    log, minute, before = folder / "grown.jsonl", folder / "minute.jsonl", folder / "before.duckdb"
    own, rival = folder / "own.duckdb", folder / "rival.duckdb"
    shutil.copyfile(data.log(events), log)
    data.write_log(minute, events, months_ago=-1)
    with minute.open("rb") as lines:
        newest = b"".join(islice(lines, _MINUTE))
        with log.open("ab") as file:
            while file.tell() < _GROWN_BYTES_PER_EVENT * events:
                file.writelines(islice(lines, _MINUTE))
    data.load(log, before)
    minute.write_bytes(newest)
    with log.open("ab") as file:
        file.write(newest)

    def check() -> None:
        stored = data.rows(before) + _MINUTE
        require("events stored", (data.rows(own), data.rows(rival)), (stored, stored))

    return Entry(into_copy(log, before, own), into_copy(minute, before, rival), check)


def _tenth(events: int, folder: Path) -> Entry:
    logs = ten_logs(events, folder.parent / "ten")
    own, rival = folder / "own.duckdb", folder / "rival.duckdb"

    def check() -> None:
        require("events stored", (data.rows(own), data.rows(rival)), (10 * events, events))

    return Entry(into_copy(logs.tenth, logs.nine, own), into_new(logs.first, rival), check)
