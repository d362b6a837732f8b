"""What is in the store after a load was killed: nothing of the file or all of it, and all of it after another run?"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.processes import wait_for
from tests.support import clean_environment, event, process, write_log

EVENTS = 30_000


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("logs")
    return [
        write_log(
            folder / f"{name}.jsonl",
            (event(f"u-{number % 50}", id=f"{name}-{number}", technical="x" * 200) for number in range(EVENTS)),
        )
        for name in ("a", "b")
    ]


def rows(store: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(store), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def begun(store: Path) -> bool:
    return store.exists()


def writing(store: Path) -> bool:
    """Whether the first bytes of the transaction are on disk."""
    log = store.with_name(f"{store.name}.wal")
    return (store.exists() and store.stat().st_size > 600_000) or (log.exists() and log.stat().st_size > 100_000)


def first_file_done(store: Path) -> bool:
    return store.exists() and store.stat().st_size > 1_000_000 and not store.with_name(f"{store.name}.wal").exists()


@pytest.mark.slow
@pytest.mark.parametrize("moment", [begun, writing, first_file_done])
def test_a_killed_load_is_all_or_nothing_a_file_and_the_next_run_completes_it(
    tmp_path: Path, logs: list[Path], moment: Callable[[Path], bool]
) -> None:
    store = tmp_path / "errcli.duckdb"
    command = [sys.executable, "-m", "errcli", "ingest", *map(str, logs)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        wait_for(lambda: moment(store), running)
        running.send_signal(signal.SIGKILL)
    done = process("ingest", *map(str, logs), "-f", "json", cwd=tmp_path)
    assert done.code == 0
    survived = rows(store, "SELECT file, stored FROM ingested_files WHERE duplicates = 0 ORDER BY ingested_at")
    assert survived == [(str(log), EVENTS) for log in logs]
    assert done.row["stored"] in (0, EVENTS, 2 * EVENTS)
    assert (done.row["lines"], done.row["duplicates"]) == (done.row["stored"], 0)
    expected = [(f"{log.stem}-{number}",) for log in logs for number in range(EVENTS)]
    assert sorted(rows(store, "SELECT source_id FROM user_errors")) == sorted(expected)


@pytest.fixture
def interrupted(tmp_path: Path) -> "subprocess.CompletedProcess[bytes]":
    """Interrupt a load from standard input that is at work: more is written than its first look takes."""
    command = [sys.executable, "-m", "errcli", "ingest", "-"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=clean_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write((json.dumps(event(technical="x" * 1000)).encode() + b"\n") * 4000)
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        running.stdin.close()
    return subprocess.CompletedProcess(command, running.returncode, b"", told)


def test_an_interrupted_load_exits_with_130_and_stores_nothing_of_the_file(
    interrupted: "subprocess.CompletedProcess[bytes]", tmp_path: Path
) -> None:
    assert interrupted.returncode == 130
    assert not (tmp_path / "errcli.duckdb").exists()


def test_an_interrupted_load_says_so_in_one_line(interrupted: "subprocess.CompletedProcess[bytes]") -> None:
    assert interrupted.stderr == b"errcli: interrupted: what was committed before stays\n"
