"""What is measured on: generated logs, and stores made of them by errcli's own ingest, kept in `bench/.cache`."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

import errcli

END = datetime(2026, 3, 31, 18, 0, 0, tzinfo=UTC)
"""The logs end here, and here is the `--now` of every question."""

ERRCLI = Path(sys.executable).parent / "errcli"
FEW_EVENTS = 1_000

CACHE = Path(__file__).parent / ".cache"

_SOURCE = Path(errcli.__file__).parent
_MAKES_A_STORE = ("event.py", "intake.py", "position.py", "ingest/**/*.py", "store/load*", "store/position*",
                  "store/rollup*", "store/row_groups*", "store/schema/*", "store/shapes*", "store/patterns*",
                  "store/mining/*", "store/worker.py")  # fmt: skip

_RESOLVED_BEFORE = timedelta(days=10)
_DAYS = 30
_DAY_MS = 86_400_000
_USERS = 20_000
_SESSION_LENGTHS, _LENGTH_WEIGHTS = (1, 2, 3, 4, 6, 9), (40, 25, 15, 10, 7, 3)
_LONGEST_PAUSE_MS = 120_000
_PAGES = ("/checkout", "/cart", "/orders", "/search", "/import", "/export", "/agents/run", "/team", "/login", "/files",
          "/reports", "/settings")  # fmt: skip
_FAILURES = {  # what went wrong, doing what: with every page, 60 places
    "timeout": ("submit", "The upstream service gave no answer", "The service is slow. Please try again."),
    "validation": ("save", "A field has an impossible value", "Please check what you entered."),
    "network": ("load", "The connection was reset by the other side", "We cannot reach the server."),
    "permission": ("open", "The role does not allow this", "Ask your administrator for access."),
    "workflow": ("run", "A step ended without a result", "The run has stopped."),
}
_SEVERITIES = {"low": (40, 2), "medium": (38, 10), "high": (17, 40), "critical": (5, 80)}  # weight, percent blocked
_RECOVERIES = (
    {"attempted": False, "successful": False},
    {"attempted": True, "successful": True, "method": "retry", "userAction": "pressed the button again"},
    {"attempted": True, "successful": False, "method": "reload", "userAction": "loaded the page anew"},
)


class Someone(NamedTuple):
    """A user with some tens of events, a session with a few of them, and the pattern with most errors."""

    user_id: str
    session_id: str
    pattern: str


class Place(NamedTuple):
    """A place where errors happen, as JSON around what differs from event to event."""

    before_number: str
    after_number: str


@cache
def log(events: int) -> Path:
    """Return a log of so many events; it is made where it is not there yet."""
    return made(f"log-{events}-{hash_of([Path(__file__)])}.jsonl", lambda path: write_log(path, events))


@cache
def store(events: int) -> Path:
    """Return a store with so many events, loaded and rolled up by errcli."""
    return made(_store_name(f"store-{events}"), lambda path: _load(path, log(events)))


@cache
def newest_store(events: int) -> Path:
    """Return a store with the newest few events of the log of so many: the last minutes of the same life."""
    return made(_store_name(f"newest-{events}"), lambda path: _load_newest(path, log(events)))


@cache
def someone(path: Path) -> Someone:
    """Return who is asked about in a store: the user nearest to 20 events, some of them in the last days."""
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(
            """
            WITH users AS (
                SELECT user_id, count(*) AS events FROM user_errors GROUP BY user_id
                HAVING max(timestamp) > $end - INTERVAL '3' DAY
            )
            SELECT user_id, session_id FROM user_errors JOIN users USING (user_id)
            GROUP BY user_id, session_id, events
            ORDER BY abs(count(*) - 3), abs(events - 20), user_id, session_id
            LIMIT 1
            """,
            {"end": END},
        ).fetchone()
    if row is None:
        raise SystemExit(f"{path}: nobody had an error in the last three days")
    user_id, session_id = row
    return Someone(user_id, session_id, most_common(path))


def most_common(path: Path) -> str:
    """Return the hash of the pattern with most errors of a store that was rolled up."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "SELECT pattern_hash FROM error_patterns ORDER BY occurrence_count DESC, pattern_hash LIMIT 1"
        ).fetchall()
    return str(found[0][0])


def write_log(path: Path, events: int, months_ago: int = 0) -> None:
    """Write a log that ends so many times 30 days before `END`: another month is another log of the same life."""
    say(f"writing a log of {events:,} events")
    dice = random.Random(events + months_ago)  # noqa: S311 - the same numbers every time are what is wanted
    end = END - months_ago * timedelta(days=_DAYS)
    places = list(_places())
    outcomes = [json.dumps(outcome, separators=(",", ":"))[1:-1] for outcome in _outcomes(dice)]
    with path.open("w", encoding="utf-8") as file:
        for day in range(_DAYS):
            count = events * (day + 1) // _DAYS - events * day // _DAYS
            moments = sorted(islice(_moments(dice, day), count))
            file.writelines(
                _line(dice, end, moment, user, session, dice.choice(places), dice.choice(outcomes))
                for moment, user, session in moments
            )


def _moments(dice: random.Random, day: int) -> Iterator[tuple[int, int, int]]:
    """Yield without end: milliseconds since the first day, user, session. Few users have most of the sessions."""
    last = (day + 1) * _DAY_MS
    while True:
        user = int(_USERS * dice.random() ** 3)
        session = dice.getrandbits(32)
        moment = day * _DAY_MS + int(dice.random() * _DAY_MS)
        (length,) = dice.choices(_SESSION_LENGTHS, _LENGTH_WEIGHTS)
        for _ in range(length):
            yield min(moment, last), user, session
            moment += 1_000 + int(dice.random() * _LONGEST_PAUSE_MS)


def write_bad(path: Path, source: Path, every: int) -> int:
    """Write a log of which the last of so many lines is no event: not JSON, no user, no time, in turn.

    Returns how many these are.
    """
    say(f"writing {source.name} with one bad line in {every:,}")
    spoilt = [
        lambda line: line[: len(line) // 2] + b"\n",
        lambda line: line.replace(b'"userId":"', b'"nobody":"', 1),
        lambda line: line.replace(b'"timestamp":"', b'"timestamp":"the day after ', 1),
    ]
    bad = 0
    with source.open("rb") as lines, path.open("wb") as file:
        while stretch := list(islice(lines, every)):
            if len(stretch) == every:
                stretch[-1] = spoilt[bad % len(spoilt)](stretch[-1])
                bad += 1
            file.writelines(stretch)
    return bad


def _line(dice: random.Random, end: datetime, moment: int, user: int, session: int, place: Place, outcome: str) -> str:
    number = f"{dice.getrandbits(128):032x}"
    own_id = f"{number[:8]}-{number[8:12]}-4{number[13:16]}-a{number[17:20]}-{number[20:]}"
    when = (end + timedelta(milliseconds=moment - _DAYS * _DAY_MS)).isoformat(timespec="milliseconds")[:23]
    return (
        f'{{"id":"{own_id}","userId":"u-{user:05d}","sessionId":"s-{session:08x}","timestamp":"{when}Z",'
        f'"release":"1.4.{moment // (7 * _DAY_MS)}",'
        f"{place.before_number}{moment % 10_007}{place.after_number}{outcome}}}\n"
    )


def _places() -> Iterator[Place]:
    """Yield the places, the first of them most often: as many times as its turn comes."""
    pairs = [(page, kind) for page in _PAGES for kind in _FAILURES]
    for rank, (page, kind) in enumerate(pairs):
        action, message, advice = _FAILURES[kind]
        code = f"{kind}_{page.strip('/').replace('/', '_')}".upper()
        error = {"type": kind, "code": code, "message": f"{message}: item #, attempt 1", "userMessage": advice}
        context = {"page": page, "action": action, "inputData": {"form": page.strip("/"), "source": "web", "step": 2}}
        text = json.dumps({"error": error, "context": context}, separators=(",", ":"))[1:-1]
        before, after = text.split("#")
        yield from [Place(before, f"{after},")] * (1 + 60 // (1 + rank))


def _outcomes(dice: random.Random) -> Iterator[dict[str, Any]]:
    names, shares = list(_SEVERITIES), [weight for weight, _ in _SEVERITIES.values()]
    for severity in dice.choices(names, shares, k=1_000):
        blocked = dice.random() * 100 < _SEVERITIES[severity][1]
        impact = {
            "severity": severity,
            "userBlocked": blocked,
            "workflowFailed": severity == "critical",
            "dataLoss": False,
        }
        yield {"impact": impact, "recovery": dice.choice(_RECOVERIES)}


def _load(path: Path, source: Path) -> None:
    load(source, path)
    subprocess.run([ERRCLI, "rollup", "--db", path], check=True, stdout=subprocess.DEVNULL)
    # a while ago, so that there is something to compare: `verify` asks
    when = ["--now", (END - _RESOLVED_BEFORE).isoformat()]
    subprocess.run([ERRCLI, "resolve", most_common(path), *when, "--db", path], check=True, stdout=subprocess.DEVNULL)


def _load_newest(path: Path, source: Path) -> None:
    newest = path.with_suffix(".jsonl")
    with source.open(encoding="utf-8") as lines:
        newest.write_text("".join(deque(lines, FEW_EVENTS)), "utf-8")
    _load(path, newest)
    newest.unlink()


def made(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of the cache; what is missing is made, and then replaces its outdated namesakes."""
    path = CACHE / name
    if not path.exists():
        making = CACHE / f"making-{name}" / name
        shutil.rmtree(making.parent, ignore_errors=True)
        making.parent.mkdir(parents=True)
        make(making)
        for outdated in CACHE.glob(f"{name.rpartition('-')[0]}-*"):
            outdated.unlink()
        making.rename(path)
        shutil.rmtree(making.parent)
    return path


def _store_name(what: str) -> str:
    files = [file for pattern in _MAKES_A_STORE for file in _SOURCE.glob(pattern) if file.suffix in (".py", ".sql")]
    return f"{what}-{hash_of([Path(__file__), *sorted(files)])}.duckdb"


def hash_of(files: list[Path]) -> str:
    """Return a short name for the contents of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def load(log: Path, path: Path) -> None:
    """Load a log into a store with errcli."""
    say(f"loading {log.name} into a store with errcli ingest")
    subprocess.run([ERRCLI, "ingest", log, "--db", path], check=True, stdout=subprocess.DEVNULL)


def rows(path: Path, table: str = "user_errors") -> int:
    """Return how many rows a table of a store has; 0 where there is no store."""
    if not path.exists():
        return 0
    with duckdb.connect(str(path), read_only=True) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    return int(count)


def copy(source: Path, path: Path) -> None:
    """Copy a file, and wait until it is on disk: what is measured next shall not wait for that."""
    shutil.copyfile(source, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def say(text: str) -> None:
    """Tell on stderr what takes its time."""
    print(text, file=sys.stderr, flush=True)
