"""How does `errcli dashboard` begin and end: on a terminal, without one, without its extra, without a store?"""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.processes import on_terminal
from tests.support import clean_environment, process

_WITHOUT_TEXTUAL = (
    "import sys; sys.modules['textual'] = None; from errcli.cli.main import run; sys.exit(run(sys.argv[1:]))"
)


def test_without_a_terminal_it_is_one_line_and_code_2(tmp_path: Path) -> None:
    run = process("dashboard", cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert (
        run.err
        == "errcli: usage: a dashboard needs a terminal, dashboard (errcli overview writes to a pipe or a file)\n"
    )


def test_without_its_extra_it_is_one_line_and_code_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_TEXTUAL, "dashboard"],
        cwd=tmp_path, capture_output=True, text=True, env=clean_environment(), check=False, timeout=60,
    )  # fmt: skip
    told = "errcli: missing-extra: textual is not installed, dashboard (pip install 'errcli[tui]')\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no-store: there is no store, errcli.duckdb"),
        (["--refresh", "0s"], "usage: '0s' is too short, --refresh"),
        (["--refresh", "soon"], "usage: 'soon' is not a duration, --refresh"),
        (["--since", "soon"], "usage: 'soon' is not a time, --since"),
        (["--now", "soon"], "usage: 'soon' is not a time, --now"),
        (["--tz", "Nowhere"], "usage: 'Nowhere' is not a time zone, --tz"),
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_told_before_the_screen_is_taken(
    tmp_path: Path, arguments: list[str], told: str
) -> None:
    run = on_terminal(80, "dashboard", *arguments, cwd=tmp_path)
    assert run.code == 2
    assert run.out.startswith(f"errcli: {told}")
    assert run.out.count("\n") == 1


@pytest.mark.parametrize("end", [b"q", b"\x03", signal.SIGTERM, signal.SIGHUP], ids=["q", "ctrl+c", "TERM", "HUP"])
def test_on_a_terminal_it_shows_the_board_until_it_is_ended_and_leaves_nothing(
    sample_db: Path, tmp_path: Path, end: bytes | signal.Signals
) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    running = subprocess.Popen(
        [sys.executable, "-m", "errcli", "dashboard", "--now", "latest", "--db", str(sample_db)],
        stdin=theirs, stdout=theirs, stderr=theirs, env=clean_environment(TMPDIR=str(tmp_path)),
    )  # fmt: skip
    os.close(theirs)
    shown = bytearray()
    deadline = time.monotonic() + 60
    while b"143 errors" not in shown and time.monotonic() < deadline:
        shown += os.read(ours, 65_536)
    if isinstance(end, bytes):
        os.write(ours, end)
    else:
        running.send_signal(end)
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:
        pass  # the other side is closed
    os.close(ours)
    assert running.wait(timeout=60) == 0
    assert b"143 errors" in shown
    assert b"\x1b[?1049l" in shown, "the terminal is as it was"
    assert list(tmp_path.iterdir()) == []
