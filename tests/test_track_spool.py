"""Is an event that is tracked while the store is held put aside, and taken in once?"""

import json
import resource
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from errcli.event import Event
from errcli.ingest.spool import put_aside
from tests.processes import ended, holding, start
from tests.support import process

SPOOL = "errcli.duckdb.spool"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a store that holds one event, of u-0."""
    assert process("track", "--user", "u-0", cwd=tmp_path).code == 0
    return tmp_path


def users(folder: Path) -> list[str]:
    rows = process("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "json", cwd=folder).rows
    return [row["user_id"] for row in rows]


def spooled(folder: Path) -> list[bytes]:
    return (folder / SPOOL).read_bytes().splitlines()


def test_an_event_waits_beside_a_held_store_and_the_next_ingest_takes_it_in(folder: Path) -> None:
    with holding(folder / "errcli.duckdb"):
        run = process("track", "--user", "u-1", "--message", "password=hunter2", cwd=folder)
        assert (run.code, "waits beside it" in run.err) == (0, True)
        (line,) = spooled(folder)
        assert json.loads(line)["id"] == run.out.strip()
        assert b"hunter2" not in line
    (folder / "empty.log").touch()
    run = process("ingest", "empty.log", cwd=folder)
    assert "events that waited beside the store and are taken in: 1" in run.err
    assert users(folder) == ["u-0", "u-1"]
    assert spooled(folder) == []
    assert "waited" not in process("ingest", "empty.log", cwd=folder).err


@pytest.mark.slow
def test_the_next_track_takes_it_in_too(folder: Path) -> None:
    with holding(folder / "errcli.duckdb"):
        assert process("track", "--user", "u-1", cwd=folder).code == 0
    assert process("track", "--user", "u-2", cwd=folder).code == 0
    assert users(folder) == ["u-0", "u-1", "u-2"]


@pytest.mark.slow
def test_an_event_is_stored_and_its_id_told_though_those_that_wait_cannot_be_taken_in(folder: Path) -> None:
    (folder / f"{SPOOL}.taken").mkdir()
    run = process("track", "--user", "u-1", cwd=folder)
    assert (run.code, len(run.out.strip())) == (0, 36)
    assert "events that wait beside the store could not be taken in" in run.err
    assert users(folder) == ["u-0", "u-1"]


def test_a_spool_that_was_not_emptied_adds_nothing_twice(folder: Path) -> None:
    with holding(folder / "errcli.duckdb"):
        assert process("track", "--user", "u-1", cwd=folder).code == 0
        kept = (folder / SPOOL).read_bytes()
    process("track", "--user", "u-2", cwd=folder)
    (folder / SPOOL).write_bytes(kept)  # as a kill between storing and emptying leaves it
    process("track", "--user", "u-3", cwd=folder)
    assert users(folder) == ["u-0", "u-1", "u-2", "u-3"]


@pytest.mark.slow
def test_nobody_waits_for_an_ingest_that_waits_for_the_store(folder: Path) -> None:
    (folder / "empty.log").touch()
    with duckdb.connect(folder / "errcli.duckdb", read_only=True) as reader:  # readers may come in, writers not
        assert process("track", "--user", "u-1", cwd=folder).code == 0
        waiting = start("ingest", "empty.log", "--wait", "50s", cwd=folder)
        while not (folder / f"{SPOOL}.taken").exists() or spooled(folder):
            assert waiting.poll() is None
        assert process("track", "--user", "u-2", cwd=folder).code == 0
        assert (len(spooled(folder)), waiting.poll()) == (1, None)
        reader.close()
        assert ended(waiting).code == 0
    assert process("ingest", "empty.log", cwd=folder).code == 0
    assert users(folder) == ["u-0", "u-1", "u-2"]
    assert sorted(each.name for each in folder.iterdir()) == ["empty.log", "errcli.duckdb", SPOOL]


@pytest.mark.slow
def test_what_a_killed_ingest_had_taken_is_taken_in_by_the_next(folder: Path) -> None:
    with holding(folder / "errcli.duckdb"):
        assert process("track", "--user", "u-1", cwd=folder).code == 0
    (folder / SPOOL).rename(folder / f"{SPOOL}.taken")
    assert process("track", "--user", "u-2", cwd=folder).code == 0
    assert users(folder) == ["u-0", "u-1", "u-2"]


@pytest.mark.slow
def test_many_processes_lose_nothing(folder: Path) -> None:
    names = [f"p-{number}" for number in range(8)]
    with holding(folder / "errcli.duckdb"):
        running = [start("track", "--user", name, "--wait", "0s", cwd=folder) for name in names]
        assert [ended(each).code for each in running] == [0] * 8
    process("track", "--user", "u-9", cwd=folder)
    assert users(folder) == [*names, "u-0", "u-9"]


@pytest.mark.slow
def test_a_torn_line_takes_no_other_event_with_it(folder: Path) -> None:
    (folder / SPOOL).write_bytes(b'{"id": "3f')
    with holding(folder / "errcli.duckdb"):
        assert process("track", "--user", "u-1", cwd=folder).code == 0
    assert "waited beside the store and are taken in: 1" in process("track", "--user", "u-2", cwd=folder).err
    assert users(folder) == ["u-0", "u-1", "u-2"]
    rejected = process("query", "SELECT reason, text FROM rejected_lines", "-f", "json", cwd=folder).row
    assert rejected == {"reason": "not JSON", "text": '{"id": "3f'}


@pytest.mark.slow
def test_an_event_of_over_a_mebibyte_waits_like_any_other(folder: Path) -> None:
    event = {"user_id": "big", "error": {"type": "t", "technical": "x y" * 600_000}}
    with holding(folder / "errcli.duckdb"):
        assert process("track", cwd=folder, stdin=json.dumps(event).encode()).code == 0
    process("track", "--user", "u-1", cwd=folder)
    assert users(folder) == ["big", "u-0", "u-1"]


def put_many_aside(folder: Path, count: int, technical: str) -> None:
    """Let events wait of users w-0 and on."""
    for number in range(count):
        event = Event(
            id=UUID(int=number), user_id=f"w-{number}", timestamp=datetime(2026, 3, 1, tzinfo=UTC), error_type="t",
            technical=technical,
        )  # fmt: skip
        put_aside(folder / SPOOL, [event])


@pytest.mark.slow
def test_what_is_taken_in_with_more_than_one_commit_keeps_its_line_numbers(folder: Path) -> None:
    put_many_aside(folder, 9, "x y" * 1_700_000)  # more than half a portion each
    with (folder / SPOOL).open("ab") as spool:
        spool.write(b'{"id": "3f\n')
    assert "waited beside the store and are taken in: 9" in process("track", "--user", "u-1", cwd=folder).err
    assert users(folder) == ["u-0", "u-1", *(f"w-{number}" for number in range(9))]
    ledger = "SELECT lines, stored, rejected FROM ingested_files WHERE lines > 1 ORDER BY ALL"
    rows = process("query", ledger, "-f", "json", cwd=folder).rows
    assert rows == [{"lines": 2, "stored": 1, "rejected": 1}, {"lines": 8, "stored": 8, "rejected": 0}]
    rejected = process("query", "SELECT line_number, text FROM rejected_lines", "-f", "json", cwd=folder).row
    assert rejected == {"line_number": 10, "text": '{"id": "3f'}


@pytest.mark.slow
def test_long_events_that_wait_are_taken_in_though_memory_does_not_hold_all_of_them(folder: Path) -> None:
    put_many_aside(folder, 700, ("x" * 99 + "\n") * 9000)
    assert "waited beside the store and are taken in: 700" in process("track", "--user", "u-1", cwd=folder).err
    assert len(users(folder)) == 702
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000
