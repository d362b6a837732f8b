"""What tests of processes share: errcli started and not waited for, on a terminal, and a holder of the lock."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import Run, clean_environment

_HOLDER = """\
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
connection.close()
"""

Process = subprocess.Popen[bytes]


def start(*arguments: str, cwd: Path, **environment: str) -> Process:
    """Start errcli and do not wait for its end."""
    return subprocess.Popen(
        [sys.executable, "-m", "errcli", *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(**environment),
    )


def ended(running: Process) -> Run:
    """Wait for the end of a process."""
    out, err = running.communicate(timeout=60)
    return Run(running.returncode, out.decode(), err.decode())


def wait_for(condition: Callable[[], bool], running: Process) -> None:
    """Look again and again until it holds or the process has ended."""
    while running.poll() is None and not condition():
        time.sleep(0.001)


def in_shell(script: str, cwd: Path) -> Run:
    """Run a shell script in which `errcli` is this errcli."""
    defined = f'errcli() {{ "{sys.executable}" -m errcli "$@"; }}\n{script}'
    done = subprocess.run(
        ["bash", "-c", defined], cwd=cwd, capture_output=True, env=clean_environment(), check=False, timeout=60
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


class Holder:
    """A process that has the store open for writing."""

    def __init__(self, running: Process) -> None:
        self._running = running
        self.pid = running.pid

    def let_go(self) -> None:
        """Close the store and end."""
        self._running.communicate(b"\n", timeout=60)


@contextmanager
def holding(store: Path) -> Iterator[Holder]:
    """Hold a store for writing in another process until the end of the block, or until the holder lets go."""
    running = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"held\n"
    try:
        yield Holder(running)
    finally:
        if running.poll() is None:
            running.communicate(b"\n", timeout=60)


def on_terminal(columns: int, *arguments: str, cwd: Path, **environment: str) -> Run:
    """Run errcli on a terminal of that width; what it writes to stdout and to stderr is in `out`, as bytes came."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = clean_environment(**environment)
    del variables["COLUMNS"]
    running = subprocess.Popen(
        [sys.executable, "-m", "errcli", *arguments],
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=variables,
    )
    os.close(theirs)
    written = bytearray()
    try:
        while piece := _read(ours):
            written += piece
    finally:
        os.close(ours)
    return Run(running.wait(timeout=60), written.decode().replace("\r\n", "\n"), "")


def _read(terminal: int) -> bytes:
    """Read what came; nothing where the other side was closed, which Linux tells as an error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""
