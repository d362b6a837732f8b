"""What did a request run into that its application did not handle: middleware for ASGI and for WSGI."""

from __future__ import annotations

from functools import partial

from errcli.capture.behalf import CURRENT, Behalf, let_go
from errcli.capture.tracking import track_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
    from typing import Any

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

    Environ = dict[str, Any]
    WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class ASGIMiddleware:
    """Tracks what requests and websockets raise, and lets it go on up (ASGI 3).

    `user`, `session` and `page` are functions of the scope. They are called only when there is an error: one that was
    raised, or one that is tracked meanwhile and does not name them. By default the page is the route's path
    (`/orders/{id}`), where the framework leaves that in the scope, else the request's. The action is the method.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        user: Callable[[Scope], Any] | None = None,
        session: Callable[[Scope], Any] | None = None,
        page: Callable[[Scope], Any] | None = None,
    ) -> None:
        self._app = app
        self._user, self._session, self._page = user, session, page or _route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        token = CURRENT.set(_behalf(scope, self._user, self._session, self._page))
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            _track(error, scope.get("method", "websocket"))
            raise
        finally:
            let_go(token)


class WSGIMiddleware:
    """Tracks what requests raise, up to the last of their body, and lets it go on up (PEP 3333).

    `user`, `session` and `page` are functions of the environ. They are called only when there is an error: one that was
    raised, or one that is tracked meanwhile and does not name them. By default the page is the request's path. The
    action is the method.
    """

    def __init__(
        self,
        app: WSGIApp,
        *,
        user: Callable[[Environ], Any] | None = None,
        session: Callable[[Environ], Any] | None = None,
        page: Callable[[Environ], Any] | None = None,
    ) -> None:
        self._app = app
        self._user, self._session, self._page = user, session, page or _path_of

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one request."""
        behalf = _behalf(environ, self._user, self._session, self._page)
        action = environ.get("REQUEST_METHOD")
        token = CURRENT.set(behalf)
        try:
            body = self._app(environ, start_response)
        except Exception as error:
            _track(error, action)
            raise
        finally:
            let_go(token)
        # a list is there already, and a server asks how long it is
        return body if isinstance(body, list | tuple) else _Body(body, behalf, action)


class _Body:
    """A body that is made piece by piece, each on behalf of the request's user."""

    def __init__(self, body: Iterable[bytes], behalf: Behalf, action: Any) -> None:
        self._body = body
        self._behalf = behalf
        self._action = action
        self._pieces: Iterator[bytes] | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece: bytes = self._on_behalf(self._next)
        return piece

    def close(self) -> None:
        """Close the application's body."""
        close = getattr(self._body, "close", None)
        if close is not None:
            self._on_behalf(close)

    def _next(self) -> bytes:
        if self._pieces is None:
            self._pieces = iter(self._body)
        return next(self._pieces)

    def _on_behalf(self, function: Callable[[], Any]) -> Any:
        token = CURRENT.set(self._behalf)
        try:
            return function()
        except StopIteration:
            raise
        except Exception as error:
            _track(error, self._action)
            raise
        finally:
            let_go(token)


def _behalf(request: Any, *functions: Callable[[Any], Any] | None) -> Behalf:
    return Behalf(*(None if function is None else partial(function, request) for function in functions))


def _track(error: Exception, action: Any) -> None:
    track_error(error, action=action, severity="high", user_blocked=True)


def _route_of(scope: Scope) -> Any:
    return getattr(scope.get("route"), "path", None) or scope["path"]


def _path_of(environ: Environ) -> Any:
    return environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
