"""Does errcli.js do in a browser what it does without one: load, send, outlive its page, ask before it crosses origins?"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")

from tests.javascript import MODULE, REACT
from tests.serving import Server, serving, stored

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH")

HTML = "<!doctype html><title>shop</title><link rel=icon href=data:,><div id=root></div>"
TRACKING = 'const errcli = await import("/errcli.js"); errcli.configure({user: "u-1", session: "s-1"});'


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: "Browser") -> "Iterator[Callable[[str], Page]]":
    """Open an empty page at an address; what it tells, throws or leaves unhandled ends the test."""
    context = browser.new_context()
    told: list[str] = []

    def visited(address: str) -> "Page":
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.route(address, lambda route: route.fulfill(body=HTML, content_type="text/html"))
        page.goto(address)
        return page

    yield visited
    context.close()
    assert told == []


@pytest.fixture
def other_origin(tmp_path: Path) -> Iterator[str]:
    """An application's own server, which has the module among its files."""
    folder = tmp_path / "static"
    folder.mkdir()
    shutil.copy(MODULE, folder)
    (folder / "index.html").write_text(HTML, "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        extensions_map = {".js": "text/javascript", ".html": "text/html"}  # noqa: RUF012

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def run(page: "Page", body: str) -> Any:
    """Return what the body of an asynchronous function returns in a page that has the module."""
    return page.evaluate(f"async () => {{ {TRACKING} {body} }}")


def address(server: Server, path: str = "/cart") -> str:
    return f"http://127.0.0.1:{server.port}{path}?coupon=secret"


def when_stored(server: Server, folder: Path, count: int) -> list[dict[str, Any]]:
    """Return events once so many requests were answered, and the server has ended: they are in the store by then."""
    while server.log.count("/api/v1/errors/track 202") < count:
        time.sleep(0.01)
    assert server.end() == 0
    return stored(folder, "id, user_id, session_id, page, error_type, error_message, user_blocked")


def test_an_error_is_in_the_store_with_its_page_and_user(
    tmp_path: Path, visit: "Callable[[str], Page]"
) -> None:
    with serving(tmp_path) as server:
        page = visit(address(server))
        event_id = run(page, "return errcli.trackError(new TypeError('x is undefined'));")
        (event,) = when_stored(server, tmp_path, 1)
    assert event == {
        "id": event_id,
        "user_id": "u-1",
        "session_id": "s-1",
        "page": "/cart",
        "error_type": "TypeError",
        "error_message": "x is undefined",
        "user_blocked": False,
    }


@pytest.mark.parametrize("leave", ["page.goto('about:blank')", "page.close()"])
def test_what_waits_when_the_page_is_left_is_stored_once(
    tmp_path: Path, visit: "Callable[[str], Page]", leave: str
) -> None:
    with serving(tmp_path) as server:
        page = visit(address(server))
        ids = run(page, "return [1, 2, 3].map((number) => errcli.trackError(`e-${number}`));")
        if leave == "page.close()":
            page.close()
        else:
            page.goto("about:blank")
        events = when_stored(server, tmp_path, 1)
    assert [event["id"] for event in events] == sorted(ids)


def test_a_failed_try_is_stored_when_the_page_is_left_before_the_next(
    tmp_path: Path, visit: "Callable[[str], Page]"
) -> None:
    with serving(tmp_path) as server:
        page = visit(address(server))
        run(page, "errcli.withRetry(() => { throw new Error('gone'); }); await Promise.resolve();")
        page.goto("about:blank")
        (event,) = when_stored(server, tmp_path, 1)
    assert event["error_message"] == "gone"


def test_more_than_a_beacon_holds_is_stored_once_while_the_page_stays(
    tmp_path: Path, visit: "Callable[[str], Page]"
) -> None:
    with serving(tmp_path) as server:
        page = visit(address(server))
        body = """
            const long = Array(9).fill("word ".repeat(400));
            const ids = Array.from({length: 19}, (_, number) => errcli.trackError(`e-${number}`, {inputData: long}));
            Object.defineProperty(document, "visibilityState", {value: "hidden"});
            document.dispatchEvent(new Event("visibilitychange"));
            while (errcli.stats().waiting) await new Promise((resolve) => setTimeout(resolve, 20));
            return ids;
        """
        ids = run(page, body)
        events = when_stored(server, tmp_path, 6)
    assert [event["id"] for event in events] == sorted(ids)


def test_what_nothing_handles_is_stored(tmp_path: Path, browser: "Browser") -> None:
    with serving(tmp_path) as server:
        page = browser.new_page()
        page.route(address(server), lambda route: route.fulfill(body=HTML, content_type="text/html"))
        page.goto(address(server))
        run(
            page,
            """
            errcli.captureGlobalErrors({userBlocked: true});
            setTimeout(() => { throw new RangeError("too far"); });
            Promise.reject(new TypeError("never handled"));
            fetch("http://127.0.0.1:1/");
            await new Promise((resolve) => setTimeout(resolve, 200));
            await errcli.flush();
            """,
        )
        events = when_stored(server, tmp_path, 1)
        page.close()
    assert sorted((event["error_type"], event["error_message"], event["user_blocked"]) for event in events) == [
        ("RangeError", "too far", True),
        ("TypeError", "never handled", True),
        ("network", "Failed to fetch", True),
    ]


def test_what_fails_in_react_is_stored_and_the_fallback_is_shown(
    tmp_path: Path, visit: "Callable[[str], Page]"
) -> None:
    with serving(tmp_path) as server:
        page = visit(address(server))
        for file in REACT:
            page.add_script_tag(path=file)
        shown = run(
            page,
            """
            const Boundary = errcli.createErrorBoundary(React);
            const Chart = () => { throw new Error("no data"); };
            const fallback = ({message}) => message;
            const tree = React.createElement(Boundary, {fallback, page: "/reports"}, React.createElement(Chart));
            const shown = ReactTestRenderer.create(tree).toJSON();
            await errcli.flush();
            return shown;
            """,
        )
        (event,) = when_stored(server, tmp_path, 1)
    assert shown == "Something went wrong on our side. Please try again, and contact us if it happens again."
    assert (event["page"], event["error_message"], event["user_blocked"]) == ("/reports", "no data", True)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_page_of_another_origin_may_send_where_the_server_says_so(
    tmp_path: Path, visit: "Callable[[str], Page]", other_origin: str, *, allowed: bool
) -> None:
    (tmp_path / "errcli.toml").write_text(f'[serve]\ncors_origins = ["{other_origin if allowed else "https://a.b"}"]\n')
    with serving(tmp_path) as server:
        page = visit(f"{other_origin}/")
        stats = run(
            page,
            f"""
            errcli.configure({{url: "http://127.0.0.1:{server.port}/api/v1/errors/track"}});
            errcli.trackError("flushed");
            await errcli.flush();
            errcli.trackError("left");
            return errcli.stats();
            """,
        )
        page.goto("about:blank")
        if allowed:
            assert len(when_stored(server, tmp_path, 2)) == 2
        else:
            assert server.end() == 0
            assert "202" not in server.log
    assert (stats["sent"], stats["waiting"]) == ((1, 1) if allowed else (0, 2))
