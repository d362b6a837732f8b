"""Are captured errors in the file, once and whole, whatever happens to the processes that write it and to the disk?"""

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.capturing import events_of, ingested, program, run
from tests.processes import in_shell, wait_for
from tests.support import clean_environment

HEAVY = {"duckdb", "pyarrow", "typer", "rich", "msgspec", "logging", "json", "typing", "re", "inspect", "tenacity"}

MANY = """\
import sys
from errcli.capture import track_error, stats
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    track_error(f"error {number}", user=f"{name}-{number}", technical="x" * 200)
"""


def users_of(*files: Path) -> Counter[str]:
    return Counter(event["userId"] for event in events_of(*files))


@pytest.mark.parametrize(
    "names", ["track_error, error_boundary, configure, stats, flush, user_message, on_behalf_of", ""]
)
def test_importing_capture_imports_nothing_heavy(names: str, tmp_path: Path) -> None:
    text = f"import errcli.capture, sys{f'; from errcli.capture import {names}' if names else ''}; print(*sys.modules)"
    assert not HEAVY & set(run(text, tmp_path).out.split())


def test_all_that_was_tracked_is_in_the_file_when_a_process_ends(tmp_path: Path) -> None:
    assert run(MANY, tmp_path, "a", "3000") == (0, "", "")
    assert users_of(tmp_path / "errors.jsonl") == Counter(f"a-{number}" for number in range(3000))


def test_what_is_tracked_after_the_end_has_begun_is_in_the_file(tmp_path: Path) -> None:
    text = """\
import atexit
atexit.register(lambda: track_error("late", user="late"))
from errcli.capture import track_error
track_error("early", user="early")
"""
    assert run(text, tmp_path) == (0, "", "")
    assert [event["userId"] for event in events_of(tmp_path / "errors.jsonl")] == ["early", "late"]


def test_eight_processes_lose_and_tear_nothing_while_the_file_rotates(tmp_path: Path) -> None:
    settings = {"ERRCLI_CAPTURE_MAX_BYTES": "100000", "ERRCLI_CAPTURE_KEEP": "500", "ERRCLI_CAPTURE_DELAY": "0"}
    running = [program(MANY, tmp_path, name, "500", **settings) for name in "abcdefgh"]
    for each in running:
        out, err = each.communicate(timeout=60)
        assert (each.returncode, out, err) == (0, b"", b"")
    files = list(tmp_path.iterdir())
    assert len(files) > 10
    assert max(file.stat().st_size for file in files) <= 100_000
    assert users_of(*files) == Counter(f"{name}-{number}" for name in "abcdefgh" for number in range(500))


def test_of_rotated_files_as_many_stay_as_are_to_be_kept(tmp_path: Path) -> None:
    settings = {"ERRCLI_CAPTURE_MAX_BYTES": "20000", "ERRCLI_CAPTURE_KEEP": "2"}
    run(MANY, tmp_path, "a", "1000", **settings)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["errors.jsonl", "errors.jsonl.1", "errors.jsonl.2"]
    files = [tmp_path / name for name in ("errors.jsonl.2", "errors.jsonl.1", "errors.jsonl")]
    kept = [event["userId"] for event in events_of(*files)]
    assert kept == [f"a-{number}" for number in range(1000)][-len(kept) :]


def test_a_file_that_was_renamed_gets_no_more_lines(tmp_path: Path) -> None:
    text = """\
import os
from errcli.capture import track_error, flush
track_error("one", user="u-1"); flush()
os.rename("errors.jsonl", "yesterday.jsonl")
track_error("two", user="u-2"); flush()
os.unlink("errors.jsonl")
track_error("three", user="u-3")
"""
    assert run(text, tmp_path) == (0, "", "")
    assert users_of(tmp_path / "yesterday.jsonl") == Counter(["u-1"])
    assert users_of(tmp_path / "errors.jsonl") == Counter(["u-3"])


def is_event(line: bytes) -> bool:
    try:
        return bool(json.loads(line))
    except ValueError:
        return False


@pytest.mark.parametrize("attempt", range(2))
def test_kill_9_takes_at_most_what_was_not_yet_written(attempt: int, tmp_path: Path) -> None:
    text = """\
import itertools
from errcli.capture import track_error, stats
for number in itertools.count():
    track_error("x" * 500, user=f"u-{number}")
    if number % 50 == 0:
        print(stats().written, flush=True)
"""
    running = program(text, tmp_path)
    file = tmp_path / "errors.jsonl"
    wait_for(lambda: file.exists() and file.stat().st_size > 1_500_000 * (attempt + 1), running)
    running.send_signal(signal.SIGKILL)
    out, _ = running.communicate(timeout=60)
    written = int(out.splitlines()[-1])
    assert written > 0
    # the next one begins on a line of its own, whatever the killed one left
    assert run(MANY, tmp_path, "next", "10") == (0, "", "")
    lines = file.read_bytes().splitlines()
    torn = [line for line in lines if not is_event(line)]
    whole = [json.loads(line)["userId"] for line in lines if line not in torn]
    killed = whole[:-10]
    assert killed == [f"u-{number}" for number in range(len(killed))]
    assert len(killed) >= written
    assert whole[-10:] == [f"next-{number}" for number in range(10)]
    assert len(torn) <= 1


FORKS = """\
import os, threading
from errcli.capture import track_error, flush, stats
stop = threading.Event()
counted = [0, 0]
def track(name, place):
    while not stop.wait(0.0005):  # so few that no file becomes full
        track_error("parent", user=f"{name}-{counted[place]}", input_data={"a": 1})
        counted[place] += 1
threads = [threading.Thread(target=track, args=(name, place)) for place, name in enumerate("ab")]
for thread in threads:
    thread.start()
def fork(first):
    for child in range(first, first + 10):
        pid = os.fork()
        if pid == 0:
            track_error("child", user=f"child-{child}", input_data={"a": 1})
            done = flush(20)
            os._exit(0 if done and stats().written == 1 else 1)
        assert os.waitpid(pid, 0)[1] == 0
forker = threading.Thread(target=fork, args=(10,))
forker.start()
fork(0)
forker.join()
stop.set()
for thread in threads:
    thread.join()
print(*counted)
"""


def test_processes_that_fork_while_threads_track_write_each_error_once(tmp_path: Path) -> None:
    done = run(FORKS, tmp_path, ERRCLI_CAPTURE_DELAY="0.001")
    assert (done.code, done.err) == (0, "")
    a, b = map(int, done.out.split())
    expected = [*(f"a-{n}" for n in range(a)), *(f"b-{n}" for n in range(b)), *(f"child-{n}" for n in range(20))]
    assert users_of(tmp_path / "errors.jsonl") == Counter(expected)


def test_a_child_writes_nothing_of_what_waited_in_its_parent(tmp_path: Path) -> None:
    text = """\
import os
from errcli.capture import track_error, flush, stats
track_error("it broke", user="parent")
pid = os.fork()
if pid == 0:
    assert stats() == (0, 0, 0, 0, 0)
    track_error("it broke", user="child")
    raise SystemExit
os.waitpid(pid, 0)
"""
    assert run(text, tmp_path, ERRCLI_CAPTURE_DELAY="0.5") == (0, "", "")
    assert users_of(tmp_path / "errors.jsonl") == Counter(["parent", "child"])


def test_processes_of_multiprocessing_write_what_they_tracked_before_they_end(tmp_path: Path) -> None:
    text = """\
import multiprocessing
from errcli.capture import track_error
def work(number):
    track_error("it broke", user=f"u-{number}")
processes = [multiprocessing.get_context("fork").Process(target=work, args=(n,)) for n in range(4)]
track_error("it broke", user="parent")
for each in processes: each.start()
for each in processes: each.join()
"""
    assert run(text, tmp_path) == (0, "", "")
    assert users_of(tmp_path / "errors.jsonl") == Counter(["parent", "u-0", "u-1", "u-2", "u-3"])


def test_a_signal_handler_may_track_while_the_program_tracks(tmp_path: Path) -> None:
    text = """\
import itertools, signal
from errcli.capture import track_error
handled = itertools.count()
def handle(*_):
    track_error("signal", user=f"signal-{next(handled)}")
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for number in range(5000):
    track_error("it broke", user=f"u-{number}")
signal.setitimer(signal.ITIMER_REAL, 0)
print(next(handled))
"""
    done = run(text, tmp_path)
    assert (done.code, done.err) == (0, "")
    users = users_of(tmp_path / "errors.jsonl")
    assert users == Counter([*(f"u-{n}" for n in range(5000)), *(f"signal-{n}" for n in range(int(done.out)))])


def test_what_finds_no_room_in_the_queue_is_counted(tmp_path: Path) -> None:
    text = """\
from errcli.capture import configure, flush, stats, track_error
configure(queue_bytes=50_000, delay=30)
for number in range(100):
    track_error("x" * 9_000, user=f"u-{number}")
before = stats()
flush()
print(before.shed + before.waiting + before.written, before.shed > 0, stats().written + stats().shed)
"""
    done = run(text, tmp_path)
    assert (done.code, done.out, done.err) == (0, "100 True 100\n", "")


FULL = """\
from errcli.capture import flush, stats, track_error
for number in range(300):
    track_error("x" * 200, user=f"u-{number}", input_data={"n": number})
    if number % 10 == 0:
        flush()
flush()
print(stats().written, stats().failed)
"""


def test_a_full_disk_is_told_once_and_what_fits_is_whole(tmp_path: Path) -> None:
    (tmp_path / "full.py").write_text(FULL)
    done = in_shell(f'ulimit -f 16; "{sys.executable}" full.py', tmp_path)
    assert done.code == 0
    file = re.escape(str(tmp_path / "errors.jsonl"))
    assert re.fullmatch(
        f"errcli.capture: {file}: File too large; errors that cannot be written are counted in .*\n", done.err
    )
    written, failed = map(int, done.out.split())
    assert (written > 0, failed > 0, written + failed) == (True, True, 300)
    assert len(events_of(tmp_path / "errors.jsonl")) == written


@pytest.mark.parametrize(
    ("file", "reason"),
    [("missing/errors.jsonl", "No such file or directory"), (".", "Is a directory"), ("/dev/null", "no regular file")],
)
def test_a_file_that_cannot_be_written_harms_nobody(file: str, reason: str, tmp_path: Path) -> None:
    done = run(FULL, tmp_path, ERRCLI_CAPTURE_FILE=file)
    assert (done.code, done.out) == (0, "0 300\n")
    assert re.fullmatch(f"errcli.capture: [^\n]+: {reason}; [^\n]+\n", done.err)


HOLDER = """\
import fcntl, time
file = open("errors.jsonl", "a")
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
time.sleep(60)
"""


def test_a_process_that_stopped_while_it_held_the_file_does_not_stop_the_others(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=tmp_path, stdout=subprocess.PIPE, env=clean_environment()
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"\n"
    text = """\
import time
from errcli.capture import flush, stats, track_error
track_error("it broke", user="u-1")
print(flush(0.2), stats().waiting)
for number in range(1000):
    track_error("it broke", user=f"u-{number}", session="s")
flush()  # the end of a process has no time for a holder that is slow to be killed
"""
    running = program(text, tmp_path)
    assert running.stdout is not None
    assert running.stdout.readline() == b"False 1\n"
    holder.kill()
    holder.communicate()
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")
    assert len(events_of(tmp_path / "errors.jsonl")) == 1001


@pytest.mark.slow
def test_the_rotated_files_are_loaded_like_any_other(tmp_path: Path) -> None:
    run(MANY, tmp_path, "a", "400", ERRCLI_CAPTURE_MAX_BYTES="30000", ERRCLI_CAPTURE_KEEP="100")
    files = sorted(tmp_path.iterdir())
    assert len(files) > 3
    assert ingested(files, "SELECT count(DISTINCT user_id) AS n FROM user_errors") == [{"n": 400}]
