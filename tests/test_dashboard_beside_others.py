"""Does a dashboard stay out of the way of those who write to its store, and show what they wrote?"""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from errcli.config import Config
from errcli.dashboard.questions import Ask, Questions, Setting
from errcli.errors import NoStoreError, StoreBusyError
from errcli.store.connection import StoreOptions, reading
from errcli.store.snapshot import mark_of, snapshot
from tests.dashboards import Player, play
from tests.processes import holding, in_shell
from tests.support import event, process, write_log

pytestmark = pytest.mark.slow  # processes that wait for each other

NOW = "2026-03-01T12:30:00Z"
WITHOUT_WAIT = ("--wait", "0s")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with one error of u-1."""
    write_log(tmp_path / "log.jsonl", [event("u-1", id="first")])
    assert process("ingest", "log.jsonl", cwd=tmp_path).code == 0
    return tmp_path / "errcli.duckdb"


def more(folder: Path, user: str) -> None:
    """Write another error into the log."""
    with (folder / "log.jsonl").open("a") as log:
        log.write(f'{{"user_id": "{user}", "timestamp": "2026-03-01T12:10:00Z", "error_type": "timeout"}}\n')


def count(snapshot_of: StoreOptions) -> int:
    with snapshot(snapshot_of) as (opened, _):
        number: int = opened.scalar("SELECT count(*) FROM user_errors")
        return number


def test_who_writes_does_not_wait_for_a_snapshot_though_it_would_for_a_reader(store: Path) -> None:
    options = StoreOptions(store, wait=0)
    more(store.parent, "u-2")
    with reading(options):
        assert process("ingest", "log.jsonl", *WITHOUT_WAIT, cwd=store.parent).code == 3
    with snapshot(options) as (opened, mark):
        assert mark_of(options) == mark
        assert process("ingest", "log.jsonl", *WITHOUT_WAIT, cwd=store.parent).code == 0
        assert opened.run("SELECT user_id FROM user_errors") == [("u-1",)], "what it shows stays"
        assert mark_of(options) != mark
    assert count(options) == 2


def test_a_snapshot_leaves_nothing_behind_even_while_it_is_open(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with snapshot(StoreOptions(store)):
        assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert list(folder.iterdir()) == []


def test_a_store_that_is_held_cannot_be_copied_and_can_be_afterwards(store: Path) -> None:
    options = StoreOptions(store, wait=0)
    with holding(store) as holder:
        with pytest.raises(StoreBusyError), snapshot(options):
            pass
        holder.let_go()
    assert count(options) == 1


def test_what_a_killed_writer_left_in_its_log_is_in_the_snapshot(store: Path) -> None:
    script = """
import duckdb, os, signal, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("SET checkpoint_threshold = '1TB'")
connection.execute("UPDATE user_errors SET page = '/killed'")
os.kill(os.getpid(), signal.SIGKILL)
"""
    (store.parent / "killed.py").write_text(script, "utf-8")
    done = subprocess.run([sys.executable, "killed.py", str(store)], cwd=store.parent, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert store.with_name(f"{store.name}.wal").exists()
    with snapshot(StoreOptions(store, wait=0)) as (opened, _):
        assert opened.run("SELECT page FROM user_errors") == [("/killed",)]


def test_every_snapshot_beside_a_writer_at_work_is_whole(tmp_path: Path) -> None:
    for number in range(4):
        write_log(tmp_path / f"{number}.jsonl", [event(f"u-{n % 9}", id=f"{number}-{n}") for n in range(1_000)])
    assert process("ingest", "0.jsonl", cwd=tmp_path).code == 0
    loads = " && ".join(f"errcli ingest {number}.jsonl" for number in range(1, 4))
    options = StoreOptions(tmp_path / "errcli.duckdb", wait=10)

    async def beside() -> tuple[list[int], int]:
        loading = asyncio.create_task(asyncio.to_thread(in_shell, loads, tmp_path))
        counts = []
        while not loading.done():
            counts.append(await asyncio.to_thread(count, options))
        return counts, (await loading).code

    counts, code = asyncio.run(beside())
    assert code == 0
    assert counts == sorted(counts)
    assert {number % 1_000 for number in counts} == {0}
    assert count(options) == 4_000


def test_an_error_of_another_process_is_shown_within_the_time_of_a_refresh(store: Path) -> None:
    async def played(player: Player) -> None:
        assert "u-2" not in player.text
        more(store.parent, "u-2")
        done = await asyncio.to_thread(process, "ingest", "log.jsonl", cwd=store.parent)
        assert done.code == 0
        await player.shows("u-2")

    play(store, played, now=NOW, pace=0.1)


def test_a_busy_store_is_told_with_the_age_of_what_is_shown_until_it_is_free(store: Path) -> None:
    async def played(player: Player) -> None:
        with holding(store) as holder:
            await player.shows("another process holds the store; shown is what was there")
            assert "u-1" in player.text
            await player.press("r", "escape")
            holder.let_go()
        await player.until(lambda: "another process" not in player.text)

    play(store, played, now=NOW, pace=0.1)


def test_a_store_that_is_compacted_or_pruned_is_shown_as_it_is_then(store: Path) -> None:
    async def played(player: Player) -> None:
        for command in (["db", "compact"], ["rollup"], ["prune", "--keep", "1d"]):
            done = await asyncio.to_thread(process, *command, cwd=store.parent)
            assert done.code == 0
        await player.shows("4 Newest errors: none")
        await player.shows("the store has no events")

    play(store, played, now=NOW, pace=0.1)


def test_a_store_that_is_gone_is_told_and_shown_again_when_it_is_back(store: Path) -> None:
    away = store.with_name("away")

    async def played(player: Player) -> None:
        await asyncio.to_thread(store.rename, away)
        await player.shows("there is no store; shown is what was there")
        assert "u-1" in player.text
        await asyncio.to_thread(away.rename, store)
        await player.until(lambda: "there is no store" not in player.text)
        await asyncio.to_thread(store.write_bytes, b"no database at all")
        await player.shows("not a DuckDB file")
        assert "u-1" in player.text

    play(store, played, now=NOW, pace=0.1)


def test_what_is_asked_at_the_end_is_given_up(store: Path) -> None:
    questions = Questions(Setting(StoreOptions(store), Config(), "1h", "5s", NOW))
    assert len(questions.ask([Ask("recent")]).results) == 1
    questions.close()
    assert questions.ask([Ask("recent")]).results == []


def test_a_store_that_never_was_is_a_trouble_without_answers(tmp_path: Path) -> None:
    questions = Questions(Setting(StoreOptions(tmp_path / "none"), Config(), "1h", "5s"))
    answers = questions.ask([Ask("recent")])
    assert (answers.results, answers.read_at, type(answers.trouble)) == ([], None, NoStoreError)
