"""How fast does `errcli serve` accept events, against a bare FastAPI route that checks them and appends to a file?"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import data
from bench.race import Entry, Race, require
from bench.timing import Process, environment

_BOUND = 2.0
_EVENTS, _CLIENTS = 10_000, 50
_POST = Path(__file__).parent / "post.py"

_BARE = """
import sys
from datetime import datetime
from typing import Any
from uuid import UUID
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

class Error(BaseModel):
    type: str = "unknown"
    code: str | None = None
    message: str | None = None
    user_message: str | None = None
    technical: str | None = None

class Context(BaseModel):
    page: str | None = None
    action: str | None = None
    workflow_id: str | None = None
    agent_id: str | None = None
    input_data: Any = None
    previous_errors: list[str] | None = None

class Impact(BaseModel):
    severity: str | None = None
    user_blocked: bool | None = None
    workflow_failed: bool | None = None
    data_loss: bool | None = None

class Recovery(BaseModel):
    attempted: bool | None = None
    successful: bool | None = None
    method: str | None = None
    user_action: str | None = None

class Event(BaseModel):
    id: UUID
    user_id: str
    session_id: str | None = None
    timestamp: datetime
    error: Error
    context: Context = Context()
    impact: Impact = Impact()
    recovery: Recovery = Recovery()
    release: str | None = None
    fingerprint: str | None = None

app = FastAPI()
log = open(sys.argv[2], "ab")

@app.post("/api/v1/errors/track", status_code=202)
async def track(event: Event) -> dict[str, list[UUID]]:
    log.write(event.model_dump_json().encode() + b"\\n")
    log.flush()
    return {"ids": [event.id]}

uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False, server_header=False, proxy_headers=False,
            ws="none")
"""


def races(pairs: int) -> Iterator[Race]:
    """Yield the race."""
    yield Race("serve track", "a bare route", _track, _BOUND, pairs)


class _Server:
    """A server that is started before each run, with nothing in its file."""

    def __init__(self, arguments: list[str], port: int, folder: Path) -> None:
        self._arguments = arguments
        self._port = port
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, *files: Path) -> None:
        """Stop the server that runs, remove files, start anew, and wait until it listens."""
        self.stop()
        for file in files:
            file.unlink(missing_ok=True)
        self._running = subprocess.Popen(
            self._arguments, cwd=self._folder, env=environment(self._folder), stderr=subprocess.DEVNULL
        )
        while self._running.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise SystemExit(f"{' '.join(self._arguments)}: exit code {self._running.returncode}")

    def stop(self) -> None:
        """End the server, which takes in what waits."""
        if self._running is not None:
            self._running.terminate()
            self._running.wait()
            self._running = None


def _track(folder: Path) -> Entry:
    store, log, script = folder / "own.duckdb", folder / "rival.jsonl", folder / "bare.py"
    script.write_text(_BARE, "utf-8")
    port, rival_port = _free_port(), _free_port()
    serve = [str(data.ERRCLI), "serve", "--port", str(port), "--db", str(store), "--no-log"]
    own = _Server(serve, port, folder)
    rival = _Server([sys.executable, str(script), str(rival_port), str(log)], rival_port, folder)

    def only(this: _Server, other: _Server, file: Path) -> None:
        other.stop()
        this.start(file)

    def check() -> None:
        own.stop()
        rival.stop()
        require("events accepted", (data.rows(store), len(log.read_bytes().splitlines())), (_EVENTS, _EVENTS))

    return Entry(
        Process(_posting(port), partial(only, own, rival, store)),
        Process(_posting(rival_port), partial(only, rival, own, log)),
        check,
    )


def _posting(port: int) -> list[str]:
    return [sys.executable, str(_POST), str(port), str(_EVENTS), str(_CLIENTS)]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
