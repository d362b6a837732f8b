"""Does the code of the page "from your application to an answer" do what the page says?"""

import re
from pathlib import Path
from typing import Any

import pytest

from errcli.capture import MESSAGES, flush
from errcli.capture.settings import Settings
from tests.capturing import Captured, events_of, ingested, run
from tests.support import REPOSITORY

PAGE = (REPOSITORY / "docs" / "from-your-application.md").read_text("utf-8")


def code(heading: str, number: int = 0) -> str:
    """Return a block of Python below a heading of the page."""
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section
    blocks: list[str] = re.findall(r"```python\n(.*?)```", section[1], re.DOTALL)
    return blocks[number]


def test_the_first_example_tracks_what_it_raises(captured: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def charge(_basket: list[str]) -> None:
        raise TimeoutError("no answer")

    monkeypatch.chdir(captured.file.parent)
    names: dict[str, Any] = {"charge": charge}
    exec(code("From your application to an answer"), names)  # noqa: S102
    with pytest.raises(TimeoutError):
        names["pay"]("u-1", ["a", "b"])
    (row,) = captured.rows("SELECT user_id, release, error_code, page, user_blocked, input_data FROM user_errors")
    assert row == {
        "user_id": "u-1", "release": "1.4.2", "error_code": "TIMEOUT", "page": "/checkout", "user_blocked": True,
        "input_data": '{"items":2}',
    }  # fmt: skip


def test_the_fastapi_application_tracks_its_users_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastapi")
    testclient = pytest.importorskip("fastapi.testclient")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "app"}
    exec(code("FastAPI"), names)  # noqa: S102
    client = testclient.TestClient(names["app"], raise_server_exceptions=False)
    headers = {"x-user": "u-1", "x-session": "s-1"}
    assert client.get("/orders/4", headers=headers).json() == {"order": 4, "share": 0.25}
    assert client.get("/orders/0", headers=headers).status_code == 500
    assert client.get("/reports/sales", headers=headers).json() == {"name": "sales", "rows": None}
    assert flush(10)
    rows = ingested(
        [tmp_path / "errors.jsonl"],
        "SELECT user_id, session_id, error_type, page, action, severity, workflow_failed FROM user_errors ORDER BY 4",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("u-1", "s-1", "ZeroDivisionError", "/orders/{order}", "GET", "high", None),
        ("u-1", "s-1", "timeout", "/reports", "export", "critical", True),
    ]


DJANGO = """\
import django
from django.conf import settings
settings.configure(
    ROOT_URLCONF="shop.urls", SECRET_KEY="x", ALLOWED_HOSTS=["*"], INSTALLED_APPS=["shop.apps.ShopConfig"],
    LOGGING_CONFIG=None, MIDDLEWARE=["shop.auth.authenticated", "shop.middleware.errors_of_the_user"],
)
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
print(client.get("/orders/0/").status_code, client.get("/note/").status_code, client.get("/orders/4/").content)
"""
AUTHENTICATION = """\
from types import SimpleNamespace
def authenticated(get_response):
    def respond(request):
        request.user = SimpleNamespace(pk=7)
        request.session = SimpleNamespace(session_key="s-1")
        return get_response(request)
    return respond
"""
URLS = """\
from django.http import HttpResponse
from django.urls import path
from errcli.capture import track_error
def order(request, number):
    return HttpResponse(str(1 / number))
def note(request):
    track_error("note is empty", severity="low")
    return HttpResponse("noted")
urlpatterns = [path("orders/<int:number>/", order), path("note/", note)]
"""


def test_the_django_application_tracks_its_users_errors(tmp_path: Path) -> None:
    pytest.importorskip("django")
    shop = tmp_path / "shop"
    shop.mkdir()
    for name, text in {
        "__init__": "", "apps": code("Django"), "middleware": code("Django", 1), "auth": AUTHENTICATION, "urls": URLS,
    }.items():  # fmt: skip
        (shop / f"{name}.py").write_text(text, "utf-8")
    done = run(DJANGO, tmp_path)
    assert (done.code, done.out) == (0, "500 200 b'0.25'\n")
    rows = ingested(
        [tmp_path / "errors.jsonl"],
        "SELECT user_id, session_id, error_type, page, action, severity, user_blocked FROM user_errors ORDER BY 6",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("7", "s-1", "ZeroDivisionError", "/orders/<int:number>/", "GET", "high", True),
        ("7", "s-1", "unknown", "/note/", None, "low", None),
    ]


def test_the_handler_makes_an_event_of_a_logged_exception(tmp_path: Path) -> None:
    assert run(code("Plain logging"), tmp_path).code == 0
    (event,) = events_of(tmp_path / "errors.jsonl")
    assert (event["userId"], event["error"]["type"], event["impact"]["severity"]) == ("u-1042", "KeyError", "high")
    assert event["context"]["inputData"]["logged"] == "payment failed"


def test_what_is_tried_again_ends_in_a_message_for_the_user(
    captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tenacity")

    def gateway(_basket: list[str]) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setitem(MESSAGES, "CARD_DECLINED", "")
    names: dict[str, Any] = {"gateway": gateway}
    exec(code("Trying again"), names)  # noqa: S102
    assert names["checkout"](["a"]) == MESSAGES["NETWORK_ERROR"]
    assert [event["context"]["inputData"]["retryAttempt"] for event in captured.events] == [1, 2, 3]


def test_the_table_of_settings_is_that_of_the_code() -> None:
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ?`?([^|`]*?)`? ?\|", PAGE, re.MULTILINE)
    defaults = {name: "" if not value else str(value) for name, value in Settings()._asdict().items()}
    assert told == [(name, f"ERRCLI_CAPTURE_{name.upper()}", default) for name, default in defaults.items()]
