"""How much memory does loading take at most: of much, and of what nobody should have written?"""

import base64
import gzip
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedIOBase
from itertools import islice
from pathlib import Path

import duckdb
from bench import data, ingest
from bench.race import Held, Peak, require
from bench.timing import Process, environment

BOUND = 1_000
"""Millions of bytes."""

_GOOD = 1_000
"""Events before a hostile line, and as many after it."""

# A process is said to have held what the process was that started it: hence a small one in between.
_WATCH = """\
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_UNIT = 1 if sys.platform == "darwin" else 1024

_CHUNK = 1 << 20
_EVENT = (
    b'{"userId":"u-1","timestamp":"2026-03-31T18:00:00Z","error":{"type":"t","message":"m"},"context":{"inputData":'
)


def peaks(events: int) -> Iterator[Peak]:
    """Yield what is measured, with a log of so many events."""
    yield Peak(f"memory {events:,}", partial(_one_log, events), BOUND)
    yield Peak(f"memory {10 * events:,}", partial(_tenth, events), BOUND)
    yield Peak(f"memory {9 * events:,} regrouped", partial(_regrouped, events), BOUND)
    yield Peak("memory line of 100 MB", partial(_hostile, _write_long_line, 2 * _GOOD), BOUND)
    yield Peak("memory 1,000 lines of 1 MB", partial(_hostile, _write_long_lines, _GOOD), BOUND)
    yield Peak("memory 1,000,000 brackets", partial(_hostile, _write_nested, 2 * _GOOD), BOUND)
    yield Peak("memory gzip bomb, 1 GB", partial(_hostile, _write_bomb, 0), BOUND)
    yield Peak("memory 1 GiB, no line end", partial(_hostile, _write_endless, 0), BOUND)


def held(peak: Peak, folder: Path) -> Held:
    """Run a process once and return the most memory that it held. Raises SystemExit if it did not do its work."""
    process, store, events = peak.start(folder)
    data.say(f"measuring: {peak.what}")
    code, most, told = watched(process, folder)
    # a file without any event is a failure that is told in one line
    if code != 0 and (events > 0 or code != 1 or "Traceback" in told):
        raise SystemExit(f"{' '.join(process.arguments)}: exit code {code}\n{told}")
    require(f"{peak.what}: events stored", data.rows(store), events)
    return Held(peak, most)


def watched(process: Process, folder: Path) -> tuple[int, float, str]:
    """Run a process; return its exit code, the most memory that it held in millions of bytes, and its stderr."""
    process.before()
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *process.arguments],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    code, most = map(int, done.stdout.split())
    return code, most * _UNIT / 1_000_000, done.stderr


def _one_log(events: int, folder: Path) -> tuple[Process, Path, int]:
    store = folder / "own.duckdb"
    return ingest.into_new(data.log(events), store), store, events


def _tenth(events: int, folder: Path) -> tuple[Process, Path, int]:
    logs, store = ingest.ten_logs(events, folder.parent / "ten"), folder / "own.duckdb"
    return ingest.into_copy(logs.tenth, logs.nine, store), store, 10 * events


def _regrouped(events: int, folder: Path) -> tuple[Process, Path, int]:
    """Load a few events into a store that older masks made: all of its events get other shapes first."""
    nine, store = ingest.ten_logs(events, folder.parent / "ten").nine, folder / "own.duckdb"

    def copy() -> None:
        data.copy(nine, store)
        with duckdb.connect(str(store)) as connection:
            connection.execute("UPDATE mask_set SET version = 0")
            connection.execute("UPDATE shapes SET shape_hash = sha256(shape_hash)")

    process = ingest.into_copy(data.log(2 * _GOOD), nine, store)
    return process._replace(before=copy), store, 9 * events + 2 * _GOOD


def _hostile(write: Callable[[Path], None], events: int, folder: Path) -> tuple[Process, Path, int]:
    log, store = folder / "hostile.jsonl", folder / "own.duckdb"
    write(log)
    return ingest.into_new(log, store), store, events


def _write_long_line(path: Path) -> None:
    with path.open("wb") as file, data.log(2 * _GOOD).open("rb") as good:
        file.writelines(islice(good, _GOOD))
        file.write(_EVENT + b'"')
        _write_repeated(file, b"x", 100_000_000)
        file.write(b'"}}\n')
        file.writelines(good)


def _write_long_lines(path: Path) -> None:
    """Write lines that are just short enough to be read; none is like another, nor can be made much shorter."""
    dice = random.Random(_GOOD)  # noqa: S311 - the same numbers every time are what is wanted
    with path.open("wb") as file:
        for number in range(_GOOD):
            file.write(_EVENT + b'"%d ' % number + base64.b64encode(dice.randbytes(750_000)) + b'"}}\n')


def _write_nested(path: Path) -> None:
    """Write a line that is short enough to be read."""
    with data.log(2 * _GOOD).open("rb") as lines:
        good = list(lines)
    nested = _EVENT + b"[" * 500_000 + b"]" * 500_000 + b"}}\n"
    path.write_bytes(b"".join([*good[:_GOOD], nested, *good[_GOOD:]]))


def _write_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        _write_repeated(file, b"\0", 1_000_000_000)


def _write_endless(path: Path) -> None:
    with path.open("wb") as file:
        file.write(_EVENT + b'"')
        _write_repeated(file, b"x", (1 << 30) - file.tell())
        os.fsync(file.fileno())


def _write_repeated(file: BufferedIOBase, byte: bytes, count: int) -> None:
    chunk = byte * _CHUNK
    file.writelines(chunk for _ in range(count // _CHUNK))
    file.write(chunk[: count % _CHUNK])
