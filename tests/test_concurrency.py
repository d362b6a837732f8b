"""What happens when several processes want one store, or one is interrupted: does anybody lose anything?"""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.processes import ended, holding, start
from tests.support import SAMPLE, Run, event, process, write_log

NOW = "2026-03-01T12:30:00Z"
BUSY = r"errcli: store-busy: [^\n]*errcli\.duckdb[^\n]*--wait[^\n]*\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of two events, and a log of another."""
    path = tmp_path_factory.mktemp("loaded")
    write_log(path / "log.jsonl", [event("u-1", id="a"), event("u-1", id="b")])
    write_log(path / "more.jsonl", [event("u-2", id="c")])
    assert process("ingest", "log.jsonl", cwd=path).code == 0
    return path


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    """Return a working directory of the test's own with that store and that log."""
    return Path(shutil.copytree(loaded, tmp_path / "work"))


def stored(folder: Path) -> int:
    """Count the events by the engine's own means."""
    count: int = process("query", "SELECT count(*) AS n FROM user_errors", "-f", "json", cwd=folder).row["n"]
    return count


@pytest.mark.parametrize(
    ("arguments", "wait"),
    [
        (["user", "u-1"], "0s"), (["user", "u-1"], "1s"), (["db", "info"], "0s"), (["rollup"], "1s"),
        (["ingest", "more.jsonl"], "0s"), (["db", "compact"], "0s"),
    ],
    ids=str,
)  # fmt: skip
def test_a_held_store_is_code_3_after_the_wait(folder: Path, arguments: list[str], wait: str) -> None:
    with holding(folder / "errcli.duckdb"):
        run = process(*arguments, "--wait", wait, cwd=folder)
    assert (run.code, run.out) == (3, "")
    assert re.fullmatch(BUSY, run.err)
    assert stored(folder) == 2


def test_the_message_names_the_process_that_holds_the_store(folder: Path) -> None:
    with holding(folder / "errcli.duckdb") as holder:
        run = process("user", "u-1", "--wait", "0s", cwd=folder)
    assert str(holder.pid) in run.err


def test_the_wait_can_be_a_setting(folder: Path) -> None:
    with holding(folder / "errcli.duckdb"):
        assert process("user", "u-1", cwd=folder, ERRCLI_STORE_WAIT="0s").code == 3


@pytest.mark.parametrize("arguments", [["user", "u-1", "--now", NOW], ["ingest", "more.jsonl"]], ids=" ".join)
def test_who_waits_gets_in_when_the_holder_lets_go(folder: Path, arguments: list[str]) -> None:
    with holding(folder / "errcli.duckdb") as holder:
        waiting = start(*arguments, "--wait", "50s", cwd=folder)
        refused = process("user", "u-1", "--wait", "0s", cwd=folder)  # by now the other one is waiting, too
        assert (refused.code, waiting.poll()) == (3, None)
        holder.let_go()
        run = ended(waiting)
    assert (run.code, run.err) == (0, "")


def test_two_loads_at_once_both_succeed_and_lose_nothing(tmp_path: Path) -> None:
    for name in ("left", "right"):
        write_log(tmp_path / f"{name}.jsonl", [event(f"u-{n % 7}", id=f"{name}-{n}") for n in range(4_000)])
    both = [start("ingest", f"{name}.jsonl", "-f", "csv", cwd=tmp_path) for name in ("left", "right")]
    for run in map(ended, both):
        assert (run.code, run.err) == (0, "")
        assert run.out.splitlines()[1].startswith("1,4000,4000,0,")
    assert stored(tmp_path) == 8_000


@pytest.mark.slow
def test_the_same_file_twice_at_once_is_stored_once(tmp_path: Path) -> None:
    write_log(tmp_path / "log.jsonl", [event("u-1", id=f"e{n}") for n in range(2_000)])
    runs = [ended(each) for each in [start("ingest", "log.jsonl", "-f", "csv", cwd=tmp_path) for _ in range(2)]]
    assert [run.code for run in runs] == [0, 0]
    late, first = sorted((run.out.splitlines()[1] for run in runs), key=lambda row: ",2000,2000,0," in row)
    assert first.startswith("1,2000,2000,0,")
    # The late one finds the other's events, or, where that was done before it looked, that nothing in the file is new.
    assert late.startswith(("1,2000,0,2000,", "1,0,0,0,"))
    assert stored(tmp_path) == 2_000


@pytest.mark.slow
def test_ten_of_all_kinds_at_once_all_succeed(folder: Path) -> None:
    for name in ("p", "q", "r"):
        write_log(folder / f"{name}.jsonl", [event(f"u-{name}", id=f"{name}-{n}") for n in range(500)])
    commands = [
        ["ingest", "p.jsonl"], ["rollup"], ["user", "u-1"], ["ingest", "q.jsonl"], ["patterns", "--now", NOW],
        ["rollup"], ["ingest", "r.jsonl"], ["query", "SELECT count(*) FROM events"], ["track", "--user", "u-t"],
        ["prune", "--keep", "30000d"],
    ]  # fmt: skip
    runs = [ended(each) for each in [start(*command, "--wait", "50s", cwd=folder) for command in commands]]
    assert [(run.code, "busy" in run.err) for run in runs] == [(0, False)] * 10
    assert stored(folder) == 2 + 3 * 500 + 1
    assert process("rollup", cwd=folder).code == process("db", "doctor", cwd=folder).code == 0


def _interrupted_load(folder: Path) -> Run:
    """Interrupt a load that has stored its first file and waits for the second, which is a pipe."""
    write_log(folder / "log.jsonl", [event("u-1", id="a")])
    os.mkfifo(folder / "pipe.jsonl")
    writer = os.open(folder / "pipe.jsonl", os.O_RDWR)
    try:
        loading = start("ingest", "log.jsonl", "pipe.jsonl", cwd=folder)
        while process("user", "u-1", "-f", "csv", cwd=folder).out.count("\n") < 2:
            assert loading.poll() is None
        loading.send_signal(signal.SIGINT)
        return ended(loading)
    finally:
        os.close(writer)


def test_an_interrupted_load_is_code_130_and_keeps_what_was_committed(tmp_path: Path) -> None:
    run = _interrupted_load(tmp_path)
    assert (run.code, run.out) == (130, "")
    assert "Traceback" not in run.err
    assert stored(tmp_path) == 1
    assert process("db", "doctor", cwd=tmp_path).code == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["errcli.duckdb", "log.jsonl", "pipe.jsonl"]


def test_an_interrupted_load_says_so_in_one_line(tmp_path: Path) -> None:
    assert re.fullmatch(r"errcli: interrupted[^\n]*\n", _interrupted_load(tmp_path).err)


@pytest.mark.parametrize("limit", ["0", "2"])
def test_an_interrupted_query_ends_at_once_with_130(folder: Path, limit: str) -> None:
    endless = "SELECT sum(a.i * b.i) FROM range(10000000) AS a(i), range(10000000) AS b(i)"
    running = start("query", endless, "--limit", limit, cwd=folder)
    while process("rollup", "--wait", "0s", cwd=folder).code == 0:  # 3 as soon as the reader has the store
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    run = ended(running)
    assert (run.code, run.out) == (130, "")


@pytest.mark.slow
def test_a_killed_load_can_be_run_again(tmp_path: Path) -> None:
    killed = start("ingest", str(SAMPLE), cwd=tmp_path)
    while not (tmp_path / "errcli.duckdb").exists():  # from here on it writes
        assert killed.poll() is None
    killed.kill()
    killed.communicate()
    assert process("ingest", str(SAMPLE), cwd=tmp_path).code == 0
    lines = SAMPLE.read_text("utf-8").splitlines()
    assert stored(tmp_path) == sum('"code":"CANCELLED"' not in line for line in lines)
