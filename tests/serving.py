"""What tests of `errcli serve` share: the app in this process, and a server in one of its own."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2 as httpx

from tests.support import clean_environment, process

if TYPE_CHECKING:
    from tests.processes import Process

READ, WRITE = "r" * 16, "w" * 16
TOKENS = {"ERRCLI_SERVE_READ_TOKEN": READ, "ERRCLI_SERVE_WRITE_TOKEN": WRITE}


class Server:
    """`errcli serve` as a process, and a client of it."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.folder = folder
        self._log = (folder / "serve.log").open("wb")
        self.running: Process = subprocess.Popen(
            [sys.executable, "-m", "errcli", "serve", "--port", "0", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            env=clean_environment(**environment),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        self.port = self._port()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "serve.log").read_text("utf-8")

    def post(self, events: Any, **headers: str) -> httpx.Response:
        """Post what is to be tracked."""
        return self.client.post("/api/v1/errors/track", json=events, headers=headers)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.client.close()
        self.running.send_signal(number)
        code = self.running.wait(timeout=60)
        self._log.close()
        return code

    def _port(self) -> int:
        while self.running.poll() is None:
            found = re.search(r"listening on http://\S+:(\d+);", self.log)
            if found:
                self._wait_until_it_answers(int(found[1]))
                return int(found[1])
            time.sleep(0.02)
        raise AssertionError(self.log)

    @staticmethod
    def _wait_until_it_answers(port: int) -> None:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=60)  # connections are taken before it is ready, and wait


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Run a server until the end of the block."""
    server = Server(folder, *arguments, **environment)
    try:
        yield server
    finally:
        if server.running.poll() is None:
            server.end(signal.SIGKILL)


def stored(folder: Path, columns: str = "id") -> list[dict[str, Any]]:
    """Return some columns of the events in a folder's store."""
    done = process("query", f"SELECT {columns} FROM user_errors ORDER BY ALL", "-f", "json", "--limit", "0", cwd=folder)
    return done.rows
