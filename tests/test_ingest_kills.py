"""What is in the store after loads were killed at any moment, again and again, and then run to their end?"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from tests.support import Cli, clean_environment

LINES = 2000
SMALL_BURSTS = """\
import sys
from errcli import intake
from errcli.cli.main import run
from errcli.ingest import lines
lines._MOST_LINES = intake._FULL = 200
sys.exit(run(sys.argv[1:]))
"""
LONGEST_DELAY = 0.7
"""Seconds: start-up and some bursts; a store is killed several times, the last ones in the later bursts."""
KILLS_A_STORE = 5


class Log(NamedTuple):
    """A file, and what should become of it by plain Python."""

    path: Path
    events: dict[str, tuple[str, str]]
    rejected: list[tuple[int, str, str]]
    became: Counter[str]


def written(path: Path, source: random.Random) -> Log:
    """Write lines of every kind in random order: of an id the first one is stored."""
    log = Log(path, {}, [], Counter())
    texts = []
    for number in range(1, LINES + 1):
        kind = source.choices(
            ["new", "again", "cancelled", "bad", "no user", "no time", "blank"], [80, 6, 4, 3, 2, 2, 3]
        )
        text, became = line_of(kind[0], number, log.events, source)
        texts.append(text)
        log.became[became] += 1
        if became == "rejected":
            reason = {"bad": "not JSON", "no user": "no user", "no time": "bad time"}[kind[0]]
            log.rejected.append((number, reason, text))
    path.write_text("".join(f"{text}\n" for text in texts))
    return log


def line_of(kind: str, number: int, events: dict[str, tuple[str, str]], source: random.Random) -> tuple[str, str]:
    """Return a line, and what becomes of it; note it in `events` if it is stored."""
    if kind == "blank":
        return source.choice(["", "  "]), "blank"
    if kind == "bad":
        return f'{{"user_id": "u-{number}", broken', "rejected"
    record: dict[str, Any] = {
        "id": f"e-{number}",
        "user_id": f"u-{number % 40}",
        "timestamp": f"2026-03-0{1 + number // 1000}T12:{number % 60:02}:00Z",
        "error_type": "timeout",
        "error_message": "x" * source.randrange(200),
    }
    if kind == "again" and events:
        record |= {"id": source.choice(list(events)), "user_id": "another"}
        return json.dumps(record), "duplicates"
    if kind in ("no user", "no time"):
        changed = {"user_id": None} if kind == "no user" else {"timestamp": "soon"}
        return json.dumps(record | changed), "rejected"
    if kind == "cancelled":
        return json.dumps(record | {"error_code": "CANCELLED"}), "dropped"
    events[record["id"]] = (record["user_id"], record["error_message"])
    return json.dumps(record), "stored"


def killed_after(delay: float, log: Path, store: Path) -> bool:
    """Start a load and kill it after some seconds; return whether it was still at work."""
    command = [sys.executable, "-c", SMALL_BURSTS, "ingest", str(log), "--db", str(store)]
    with subprocess.Popen(
        command, env=clean_environment(), cwd=store.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        try:
            _, said = running.communicate(timeout=delay)
            assert running.returncode == 0, said.decode()
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def delays(source: random.Random) -> Iterator[float]:
    """Yield moments of a run without end, spread evenly over all of it, in random order."""
    while True:
        strata = list(range(50))
        source.shuffle(strata)
        yield from (LONGEST_DELAY * (stratum + source.random()) / 50 for stratum in strata)


def check_whole(cli: Cli, log: Log, store: Path) -> None:
    """Run a load to its end, and once more: exactly the file's lines, each accounted for once."""
    rest = cli("ingest", log.path, "--db", store, "-f", "json")
    assert rest.code == 0
    with duckdb.connect(str(store), read_only=True) as connection:
        rows = connection.execute("SELECT source_id, user_id, error_message FROM user_errors").fetchall()
        rejected = connection.execute("SELECT line_number, reason, text FROM rejected_lines ORDER BY ALL").fetchall()
        dropped = connection.execute("SELECT rule, sum(count) FROM dropped_counts GROUP BY ALL").fetchall()
        ledger = connection.execute(
            "SELECT lines, bytes, stored, duplicates, folded, dropped, rejected, blank FROM ingested_files"
        ).fetchall()
    assert sorted(rows) == sorted((name, *rest) for name, rest in log.events.items())
    assert rejected == log.rejected
    assert dropped == [("cancelled", log.became["dropped"])]
    assert all(lines == sum(parts) for lines, _, *parts in ledger)
    became = log.became
    assert [sum(column) for column in zip(*ledger, strict=True)] == [
        LINES, log.path.stat().st_size, became["stored"], became["duplicates"], 0, became["dropped"],
        became["rejected"], became["blank"],
    ]  # fmt: skip
    again = cli("ingest", log.path, "--db", store, "-f", "json")
    assert (again.row["lines"], again.err) == (0, f"errcli: note: nothing new in {log.path} since its line {LINES:,}\n")


@pytest.mark.parametrize(("kills", "seed"), [(50, 1), pytest.param(200, 2, marks=pytest.mark.slow)])
def test_kills_at_any_moment_lose_nothing_and_double_nothing(tmp_path: Path, cli: Cli, kills: int, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311
    log = written(tmp_path / "a.jsonl", source)
    moments = delays(source)
    done = 0
    for number in range(10 * kills):
        folder = tmp_path / f"store-{number}"
        folder.mkdir()
        for _ in range(KILLS_A_STORE):
            if not killed_after(next(moments), log.path, folder / "errcli.duckdb"):
                break
            done += 1
        check_whole(cli, log, folder / "errcli.duckdb")
        if done >= kills:
            return
    pytest.fail(f"only {done} loads were still at work when they were to be killed")
