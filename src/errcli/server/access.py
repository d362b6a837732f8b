"""What is told of each request: one line on stderr without anything that a user or an application said."""

import time
from datetime import UTC, datetime

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from errcli import diagnostics
from errcli.server.answers import RefusalError, Told
from errcli.server.serving import Serving

_NO_ROUTE = "-"


class Access:
    """Tells of requests, and of what went wrong in them: an answer never shows a traceback."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._log = serving.log
        self._debug = serving.debug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and tell how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass
        except Exception as error:  # noqa: BLE001 - the last line of defence: one line, and an answer without it
            diagnostics.report(error, debug=self._debug)
            if not status:
                refusal = RefusalError(500, Told("internal", "the server failed", "", "its log says why"))
                await refusal.response(scope, receive, sending)
        if self._log:
            seconds = time.perf_counter() - began
            # the path as it is declared: in a real one there may be somebody's name
            route = getattr(scope.get("route"), "path_format", _NO_ROUTE)
            moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            diagnostics.line(f"{moment} {scope['method']} {route} {status or '-'} {seconds * 1000:.1f}ms")
