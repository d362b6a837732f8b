"""Who may ask? Whoever shows a token; without tokens this machine alone, and no page of another site on it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from errcli.server.answers import RefusalError, Told
from errcli.server.serving import Serving

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Lets requests through that may be answered; the others learn nothing of what there is."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._tokens = serving.tokens
        self._names = serving.names
        self._origins = frozenset(serving.config.serve.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (self._app if refusal is None else refusal.response)(scope, receive, send)

    def _refusal(self, scope: Scope) -> RefusalError | None:
        headers = dict(scope["headers"])
        if self._tokens is not None:
            if self._tokens.allow(scope["method"], headers.get(b"authorization", b"")):
                return None
            return RefusalError(401, Told("unauthorized", "no valid token"), {"www-authenticate": "Bearer"})
        host = headers.get(b"host", b"").decode("latin-1")
        if _without_port(host) not in self._names:
            return RefusalError(400, Told("bad-host", "not a name of this server", "Host"))
        origin = headers.get(b"origin", b"").decode("latin-1")
        # a page elsewhere may send what needs no preflight, and would not even see the answer
        if scope["method"] not in _SAFE and origin and origin not in self._origins and origin != f"http://{host}":
            return RefusalError(403, Told("bad-origin", "pages of this origin may not do that", "Origin"))
        return None


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host
