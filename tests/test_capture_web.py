"""Do the middlewares track what a request raises, for whom and where, and pass everything else through?"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from errcli.capture import ASGIMiddleware, WSGIMiddleware, track_error
from tests.capturing import Captured

Environ = dict[str, Any]
Start = Callable[..., Any]


def call_wsgi(app: Any, **environ: Any) -> list[bytes]:
    """Call an application as a server does, checked by Python's own validator."""
    setup_testing_defaults(environ)
    environ = {"QUERY_STRING": "", "SCRIPT_NAME": "", **environ}
    body = validator(app)(environ, lambda *_: lambda _: None)
    try:
        return list(body)
    finally:
        body.close()  # type: ignore[attr-defined]


def user_of(environ: Environ) -> str:
    user: str = environ["REMOTE_USER"]
    return user


def failing(_environ: Environ, _start_response: Start) -> list[bytes]:
    raise TimeoutError("late")


def test_wsgi_tracks_what_an_application_raises(captured: Captured) -> None:
    app = WSGIMiddleware(failing, user=user_of, session=lambda environ: environ["HTTP_COOKIE"])
    with pytest.raises(TimeoutError):
        call_wsgi(app, REMOTE_USER="u-1", PATH_INFO="/orders", REQUEST_METHOD="POST", HTTP_COOKIE="s-1")
    event = captured.event
    assert (event["userId"], event["sessionId"]) == ("u-1", "s-1")
    assert event["context"] == {"page": "/orders", "action": "POST"}
    assert event["impact"] == {"severity": "high", "userBlocked": True}


def test_wsgi_tracks_what_is_raised_while_the_body_is_made_and_closes_it(captured: Captured) -> None:
    closed = []

    def streaming(_environ: Environ, start_response: Start) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        try:
            yield b"one"
            track_error("on the way")
            raise ConnectionError("gone")
        finally:
            closed.append(True)

    with pytest.raises(ConnectionError):
        call_wsgi(WSGIMiddleware(streaming, user=user_of), REMOTE_USER="u-2")
    assert [event["userId"] for event in captured.events] == ["u-2", "u-2"]
    assert closed == [True]


def test_wsgi_passes_an_answer_through(captured: Captured) -> None:
    def answering(_environ: Environ, start_response: Start) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"one", b"two"]

    assert call_wsgi(WSGIMiddleware(answering)) == [b"one", b"two"]
    assert captured.events == []


def test_a_user_that_cannot_be_told_is_nobody_and_the_error_goes_on_up(captured: Captured) -> None:
    with pytest.raises(TimeoutError):
        call_wsgi(WSGIMiddleware(failing, user=user_of))
    assert captured.event["userId"] == "anonymous"


async def no_receive() -> Any:
    return {"type": "http.request"}


async def no_send(_: Any) -> None:
    return None


def call_asgi(app: Any, **scope: Any) -> None:
    asyncio.run(app({"type": "http", "path": "/orders/7", "method": "GET", **scope}, no_receive, no_send))


def test_asgi_tracks_what_an_application_raises_and_what_it_tracks_meanwhile(captured: Captured) -> None:
    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        scope["user"] = "u-1"  # as middleware within does
        await asyncio.create_task(later())
        raise TimeoutError("late")

    async def later() -> None:
        track_error("on the way", page="/elsewhere")

    with pytest.raises(TimeoutError):
        call_asgi(ASGIMiddleware(app, user=lambda scope: scope["user"], session=lambda scope: scope["path"][8:]))
    told = [(e["userId"], e["sessionId"], e["context"]["page"]) for e in captured.events]
    assert told == [("u-1", "7", "/elsewhere"), ("u-1", "7", "/orders/7")]


def test_asgi_tracks_websockets_and_lets_the_lifespan_alone(captured: Captured) -> None:
    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError(scope["type"])

    for kind in ("websocket", "lifespan"):
        with pytest.raises(RuntimeError):
            asyncio.run(ASGIMiddleware(app)({"type": kind, "path": "/live"}, no_receive, no_send))
    event = captured.event
    assert (event["error"]["message"], event["context"]) == ("websocket", {"page": "/live", "action": "websocket"})


def test_requests_that_are_served_at_once_keep_their_users_apart(captured: Captured) -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.sleep(0)
        track_error("it broke")
        await asyncio.sleep(0)

    async def many() -> None:
        served = ASGIMiddleware(app, user=lambda scope: scope["n"])
        await asyncio.gather(*(served({"type": "http", "path": "/", "n": n}, no_receive, no_send) for n in range(20)))

    asyncio.run(many())
    assert sorted(int(event["userId"]) for event in captured.events) == list(range(20))
