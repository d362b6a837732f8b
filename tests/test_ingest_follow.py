"""Does `ingest --follow` read what comes, whatever becomes of the files, let readers in, and end cleanly?"""

import json
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from errcli.ingest.follow import Follower, Left
from tests.processes import Process, ended, holding, start
from tests.support import Cli, Run, event, process

PATIENCE = 15.0


def lines(*users: str) -> str:
    return "".join(f"{json.dumps(event(user, id=user))}\n" for user in users)


def append(file: Path, text: str) -> None:
    with file.open("a") as log:
        log.write(text)


def rotate(log: Path, number: int, rest: str, new: str) -> None:
    """Rename a log, into which a rest is written then, and begin a new one."""
    renamed = log.with_name(f"{log.name}.{number}")
    log.rename(renamed)
    append(renamed, rest)
    log.write_text(new)


def stored(folder: Path) -> list[str]:
    """Return the users in the store; none while there is no store, or somebody writes."""
    try:
        with duckdb.connect(str(folder / "errcli.duckdb"), read_only=True) as connection:
            rows = connection.execute("SELECT user_id FROM user_errors ORDER BY user_id").fetchall()
    except duckdb.Error:
        return []
    return [user for (user,) in rows]


def wait_for(folder: Path, *users: str) -> None:
    """Ask again and again until just these users are in the store."""
    deadline = time.monotonic() + PATIENCE
    found: list[str] = []
    while time.monotonic() < deadline:
        found = stored(folder)
        if found == sorted(users):
            return
        time.sleep(0.02)
    pytest.fail(f"in the store are {found}, not {sorted(users)}")


@contextmanager
def following(folder: Path, *arguments: str) -> Iterator[Process]:
    """Follow until the end of the block, which has to end it."""
    running = start("ingest", "--follow", *arguments, "-f", "json", cwd=folder)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()


def stopped(running: Process, number: int = signal.SIGINT) -> dict[str, Any]:
    """End it by a signal; return its summary row, which adds up."""
    running.send_signal(number)
    done = ended(running)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    row = done.row
    parts = ("stored", "duplicates", "folded", "dropped", "rejected", "blank")
    assert row["lines"] == sum(row[part] for part in parts)
    return row


def told(running: Process, text: str) -> str:
    """Read what it says on stderr until a text stands there."""
    assert running.stderr is not None
    said = b""
    deadline = time.monotonic() + PATIENCE
    while text.encode() not in said:
        ready, _, _ = select.select([running.stderr], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"{text!r} was not said, but {said!r}"
        piece = os.read(running.stderr.fileno(), 4096)
        assert piece, f"{text!r} was not said, but {said!r}"
        said += piece
    return said.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_growth_is_read_and_a_signal_ends_it_with_a_summary(tmp_path: Path, number: int) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        append(log, lines("b", "a") + "\nnot JSON\n")
        wait_for(tmp_path, "a", "b")
        append(log, lines("c"))
        wait_for(tmp_path, "a", "b", "c")
        row = stopped(running, number)
    del row["seconds"]
    assert row == {
        "files": 1, "lines": 6, "stored": 3, "duplicates": 1, "folded": 0, "dropped": 0, "rejected": 1, "blank": 1,
    }  # fmt: skip
    assert process("ingest", "app.jsonl", "-f", "json", cwd=tmp_path).row["lines"] == 0


def test_lines_written_just_before_a_rename_are_read(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        append(log, lines("b", "c"))
        log.rename(tmp_path / "app.jsonl.1")
        log.write_text(lines("d"))
        wait_for(tmp_path, "a", "b", "c", "d")
        append(log, lines("e"))
        wait_for(tmp_path, "a", "b", "c", "d", "e")
        row = stopped(running)
    assert (row["lines"], row["stored"]) == (5, 5)


def test_a_renamed_file_that_grows_before_the_new_one_is_there_is_read(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        log.rename(tmp_path / "app.jsonl.1")
        append(tmp_path / "app.jsonl.1", lines("b"))
        wait_for(tmp_path, "a", "b")
        append(tmp_path / "app.jsonl.1", lines("c"))
        log.write_text(lines("d"))
        wait_for(tmp_path, "a", "b", "c", "d")
        row = stopped(running)
    assert (row["lines"], row["stored"]) == (4, 4)


def test_a_file_that_is_copied_and_truncated_is_read_from_its_new_beginning(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a", "b", "c"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a", "b", "c")
        (tmp_path / "app.jsonl.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)
        append(log, lines("d"))
        wait_for(tmp_path, "a", "b", "c", "d")
        append(log, lines("e", "f", "g", "h"))
        wait_for(tmp_path, *"abcdefgh")
        row = stopped(running)
    assert (row["lines"], row["stored"]) == (8, 8)


@pytest.mark.slow
def test_a_new_file_in_a_followed_directory_is_read(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "a.jsonl").write_text(lines("a"))
    with following(tmp_path, "logs") as running:
        wait_for(tmp_path, "a")
        (logs / "deep" / "b.log").write_text(lines("b"))
        (logs / "not-a-log.txt").write_text(lines("x"))
        wait_for(tmp_path, "a", "b")
        (logs / "a.jsonl").rename(logs / "a.jsonl.1")
        (logs / "a.jsonl").write_text(lines("c"))
        wait_for(tmp_path, "a", "b", "c")
        row = stopped(running)
    assert (row["lines"], row["stored"], row["duplicates"]) == (3, 3, 0)


def test_a_torn_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        whole = lines("b")
        append(log, whole[:20])
        (tmp_path / "app.jsonl").touch()
        append(tmp_path / "other.jsonl", lines("x"))
        append(log, whole[20:] + lines("c"))
        wait_for(tmp_path, "a", "b", "c")
        row = stopped(running)
    assert (row["lines"], row["stored"], row["rejected"]) == (3, 3, 0)


def test_a_torn_line_is_neither_counted_nor_lost_at_the_end(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    whole = lines("b")
    log.write_text(lines("a") + whole[:20])
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        row = stopped(running)
    assert (row["lines"], row["rejected"]) == (1, 0)
    append(log, whole[20:])
    assert process("ingest", "app.jsonl", "-f", "json", cwd=tmp_path).row["stored"] == 1


def test_readers_get_in_while_it_runs(tmp_path: Path, cli: Cli) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl") as running:
        wait_for(tmp_path, "a")
        for number in range(5):
            append(log, lines(f"b-{number}"))
            answer: Run = cli("user", "a", "--now", "latest", "--db", tmp_path / "errcli.duckdb", "-f", "json")
            assert [row["user_id"] for row in answer.rows] == ["a"]
        wait_for(tmp_path, "a", *(f"b-{number}" for number in range(5)))
        stopped(running)


@pytest.mark.slow
def test_a_store_that_another_process_holds_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl", "--wait", "1s") as running:
        wait_for(tmp_path, "a")
        with holding(tmp_path / "errcli.duckdb") as holder:
            append(log, lines("b"))
            said = told(running, f"(PID {holder.pid})")
            assert "busy" in said
            assert running.poll() is None
        wait_for(tmp_path, "a", "b")
        row = stopped(running)
    assert (row["lines"], row["stored"]) == (2, 2)


@pytest.mark.slow
def test_a_rest_that_found_the_store_busy_is_read_when_it_is_free(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl", "--wait", "1s") as running:
        wait_for(tmp_path, "a")
        with holding(tmp_path / "errcli.duckdb"):
            rotate(log, 1, lines("b"), lines("c"))
            told(running, "busy")
            told(running, "busy")
        wait_for(tmp_path, "a", "b", "c")
        row = stopped(running)
    assert (row["lines"], row["stored"], row["files"]) == (3, 3, 1)


@pytest.mark.slow
def test_all_rests_of_several_rotations_while_the_store_is_busy_are_read(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl", "--wait", "5s") as running:
        wait_for(tmp_path, "a")
        with holding(tmp_path / "errcli.duckdb"):
            for number in range(3):
                rotate(log, number, lines(f"rest-{number}"), lines(f"new-{number}"))
                time.sleep(0.8)  # a file is looked for twice a second
        wait_for(tmp_path, "a", *(f"{part}-{number}" for part in ("rest", "new") for number in range(3)))
        row = stopped(running)
    assert (row["lines"], row["stored"]) == (7, 7)


@pytest.mark.slow
def test_what_a_busy_store_did_not_take_until_the_end_is_told_with_the_command_that_reads_it(tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text(lines("a"))
    with following(tmp_path, "app.jsonl", "--wait", "1s") as running:
        wait_for(tmp_path, "a")
        with holding(tmp_path / "errcli.duckdb"):
            rotate(log, 1, lines("b"), lines("c"))
            told(running, "busy")
            told(running, "busy")
            running.send_signal(signal.SIGTERM)
            done = ended(running)
    assert (done.code, done.row["stored"]) == (3, 1)
    assert done.err.splitlines()[-1] == (
        "errcli: store-busy: following ended before all was stored, app.jsonl.1, app.jsonl "
        "(errcli ingest app.jsonl.1 app.jsonl reads the rest)"
    )
    assert process("ingest", "app.jsonl.1", "app.jsonl", "-f", "json", cwd=tmp_path).row["stored"] == 2


def texts(follower: Follower) -> list[str]:
    return [Path(changed.path).read_text() for changed in follower.changed()]


def test_a_renamed_file_waits_until_it_was_read_and_is_named_by_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = Path("app.jsonl")
    log.write_text("a")
    follower = Follower(["app.jsonl"])
    assert texts(follower) == ["a"]
    rotate(log, 1, "b", "c")
    next(follower.changed())
    follower.put_back()
    rotate(log, 2, "d", "e")
    follower.look()
    assert follower.left() == [
        Left("app.jsonl", "app.jsonl.1"), Left("app.jsonl", "app.jsonl.2"), Left("app.jsonl", "app.jsonl"),
    ]  # fmt: skip
    Path("app.jsonl.1").unlink()
    assert follower.left()[0] == Left("app.jsonl", None)
    assert texts(follower) == ["ab", "cd", "e"]
    assert (follower.left(), texts(follower)) == ([], [])


@pytest.mark.parametrize("arguments", [("-",), ("a.jsonl", "--dry-run"), ("a.jsonl", "-")])
def test_standard_input_and_a_dry_run_are_not_followed(cli: Cli, arguments: tuple[str, ...]) -> None:
    Path("a.jsonl").write_text(lines("a"))
    done = cli("ingest", "--follow", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err == "errcli: usage: a file on disk is wanted, --follow (leave out - and --dry-run)\n"
    assert not Path("errcli.duckdb").exists()


def test_what_does_not_exist_is_not_followed(cli: Cli) -> None:
    done = cli("ingest", "--follow", "no-such.jsonl")
    assert done.code == 2
    assert done.err.startswith("errcli: usage: no such file, no-such.jsonl")
