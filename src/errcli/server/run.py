"""How does a server run: on a socket of its own, until SIGTERM or Ctrl-C; what it has begun is finished first."""

import gc
import signal
import socket

import uvicorn

from errcli import diagnostics
from errcli.errors import ListenError
from errcli.server.app import build
from errcli.server.serving import Serving

_BACKLOG = 2048
_GRACE = 30
"""Seconds that requests have to end."""


def run(serving: Serving, port: int) -> None:
    """Serve until a signal ends it; after Ctrl-C raises KeyboardInterrupt. Raises ListenError."""
    app = build(serving)
    with _listening(serving.host, port) as listener:
        host = f"[{serving.host}]" if ":" in serving.host else serving.host
        diagnostics.note(f"listening on http://{host}:{listener.getsockname()[1]}; Ctrl-C ends it")
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=_GRACE,
        )
        # uvicorn sends the signal that ended it once more, to whoever handled it before: SIGTERM is no failure
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        gc.freeze()  # what is here stays, and need not be looked at again and again
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            signal.signal(signal.SIGTERM, before)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends answers without delay only where it sees that this is TCP
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        what = error.strerror or str(error)
        raise ListenError(what, f"{host}:{port}", "--port names another, --host another address") from error
    return listener
