"""What does a captured event say, which errors are none, and does ingest take whatever an application gives?"""

import asyncio
import itertools
import json
import math
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.capture import MESSAGES, configure, flush, on_behalf_of, stats, track_error, user_message
from errcli.capture.counts import Stats
from errcli.capture.events import _PLACES, event_of
from errcli.capture.lines import Lines
from errcli.ingest.decoding import decode
from errcli.ingest.formats import native
from errcli.ingest.reading import Reading
from errcli.ingest.redact import Redactor, redacted
from tests.capturing import Captured, ingested
from tests.support import process

_numbers = itertools.count()


def test_an_event_says_all_that_was_said_in_the_nested_form(captured: Captured) -> None:
    configure(file=captured.file, release="1.4.2")
    event_id = track_error(
        "Payment of 87.10 EUR timed out", user="u-1", session="s-1", page="/checkout", action="pay", severity="high",
        user_blocked=True, workflow_failed=False, data_loss=False, type="timeout", code="PAYMENT_TIMEOUT",
        user_message="Please try again.", technical="GatewayTimeout", workflow="wf-1", agent="a-1",
        input_data={"order": 7}, previous_errors=["CARD_DECLINED"], recovered=False, recovery_method="retry",
        recovery_user_action="reload", fingerprint="payments",
    )  # fmt: skip
    event = captured.event
    assert UUID(event["id"]).version == 4
    assert abs(datetime.fromisoformat(event.pop("timestamp")).timestamp() - datetime.now().timestamp()) < 60  # noqa: DTZ005
    assert event == {
        "id": event_id,
        "userId": "u-1",
        "sessionId": "s-1",
        "release": "1.4.2",
        "fingerprint": "payments",
        "error": {
            "type": "timeout",
            "code": "PAYMENT_TIMEOUT",
            "message": "Payment of 87.10 EUR timed out",
            "userMessage": "Please try again.",
            "technical": "GatewayTimeout",
        },
        "context": {
            "page": "/checkout",
            "action": "pay",
            "workflowId": "wf-1",
            "agentId": "a-1",
            "inputData": {"order": 7},
            "previousErrors": ["CARD_DECLINED"],
        },
        "impact": {"severity": "high", "userBlocked": True, "workflowFailed": False, "dataLoss": False},
        "recovery": {"attempted": True, "successful": False, "method": "retry", "userAction": "reload"},
    }


def test_what_was_not_said_is_not_in_the_event(captured: Captured) -> None:
    track_error("it broke")
    event = captured.event
    assert event.keys() == {"id", "userId", "timestamp", "error", "impact"}
    assert (event["userId"], event["error"]) == ("anonymous", {"type": "unknown", "message": "it broke"})
    assert event["impact"] == {"severity": "medium"}


class CardDeclinedError(Exception):
    code = "CARD_DECLINED"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError("late"), ("timeout", "TIMEOUT")),
        (ConnectionResetError("gone"), ("network", "NETWORK_ERROR")),
        (PermissionError("no"), ("permission", "PERMISSION_DENIED")),
        (CardDeclinedError("no"), ("CardDeclinedError", "CARD_DECLINED")),
        (KeyError("x"), ("KeyError", None)),
    ],
)
def test_type_and_code_come_from_the_exception(
    error: Exception, kind: tuple[str, str | None], captured: Captured
) -> None:
    track_error(error, user="u-1")
    said = captured.event["error"]
    assert (said["type"], said.get("code")) == kind


def test_an_exception_brings_its_message_and_its_traceback(captured: Captured) -> None:
    try:
        int("three")
    except ValueError as error:
        track_error(error, user="u-1")
    said = captured.event["error"]
    assert (said["type"], said["message"]) == ("ValueError", "invalid literal for int() with base 10: 'three'")
    assert said["technical"].startswith("Traceback (most recent call last):\n")
    assert 'int("three")' in said["technical"]


def test_what_the_input_is_when_it_is_tracked_counts(captured: Captured) -> None:
    basket = {"items": ["a"]}
    track_error("it broke", user="u-1", input_data=basket)
    basket["items"].append("b")
    assert captured.event["context"]["inputData"] == {"items": ["a"]}


def test_secrets_do_not_reach_the_file_and_ids_stay(captured: Captured) -> None:
    configure(file=captured.file, redact_keys=["iban"])
    track_error(
        "login with password=hunter2 failed", user="4111111111111111", technical="Authorization: Bearer abcdef123456",
        input_data={"card": {"number": "4111 1111 1111 1111"}, "IBAN": "DE02", "amount": 3}, page="/?token=abcdef123",
    )  # fmt: skip
    event = captured.event
    assert event["userId"] == "4111111111111111"
    assert event["error"]["message"] == "login with password=[redacted] failed"
    assert event["error"]["technical"] == "Authorization: [redacted]"
    assert event["context"] == {
        "page": "/?token=[redacted]",
        "inputData": {"card": "[redacted]", "IBAN": "[redacted]", "amount": 3},
    }


def test_a_secret_at_the_end_of_what_is_kept_of_a_text_does_not_stay_in_part(captured: Captured) -> None:
    token = "ghp_" + "a1" * 20
    for place in range(32_768 - len(token) - 5, 32_768 + 5, 7):
        track_error("x" * place + " " + token, user="u-1", code=str(place))
    assert all("ghp_a1" not in event["error"]["message"] for event in captured.events)


def test_the_same_error_of_a_user_within_a_second_is_one_event(captured: Captured) -> None:
    before = stats()
    first = track_error("it broke", user="u-2", page="/a")
    assert track_error("it broke", user="u-2", page="/a") == first
    others = [
        track_error("it broke", user="u-3", page="/a"),
        track_error("it broke", user="u-2", page="/b"),
        track_error("it broke still", user="u-2", page="/a"),
    ]
    assert [event["id"] for event in captured.events] == [first, *others]
    assert stats().ignored - before.ignored == 1


def test_what_was_called_off_is_no_error(captured: Captured) -> None:
    track_error("no matter", user="u-1", code="CANCELLED")
    track_error(asyncio.CancelledError(), user="u-1")
    assert captured.events == []


def test_an_exception_on_its_way_up_is_one_event(captured: Captured) -> None:
    error = KeyError("missing")
    first = track_error(error, user="u-4", page="/a")
    assert track_error(error, user="u-4", page="/b", action="anything") == first
    assert track_error(error) == first  # a server logs it when the request is over
    assert len(captured.events) == 1
    assert track_error(error, user="u-5") != first  # a result that failed, and that many wait for


def test_who_is_not_named_is_the_user_on_whose_behalf_code_runs(captured: Captured) -> None:
    with on_behalf_of("u-6", lambda: "s-6", "/cart"):
        track_error("one")
        track_error("two", user="u-7", page="/other")
    track_error("three")
    told = [(e["userId"], e.get("sessionId"), e.get("context", {}).get("page")) for e in captured.events]
    assert told == [("u-6", "s-6", "/cart"), ("u-7", "s-6", "/other"), ("anonymous", None, None)]


def test_a_function_that_tells_the_user_and_fails_leaves_nobody(captured: Captured) -> None:
    track_error("one", user=lambda: 1 // 0)
    assert captured.event["userId"] == "anonymous"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TimeoutError(), "TIMEOUT"),
        (ConnectionError(), "NETWORK_ERROR"),
        ("WORKFLOW_FAILED", "WORKFLOW_FAILED"),
        (ValueError(), "UNKNOWN"),
        ("NO_SUCH_CODE", "UNKNOWN"),
        (None, "UNKNOWN"),
    ],
)
def test_a_user_is_told_what_the_code_means(error: Any, code: str) -> None:
    assert user_message(error) == MESSAGES[code]


def test_an_application_adds_messages_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MESSAGES, "CARD_DECLINED", "Your bank said no.")
    assert user_message(CardDeclinedError()) == "Your bank said no."


class Silent:
    """Says nothing of itself, not even whether it is true."""

    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__

    def __bool__(self) -> bool:
        raise RuntimeError

    def __call__(self) -> None:
        raise RuntimeError


class SecretiveError(Exception):
    """An exception that shows nothing."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError

    @property
    def code(self) -> str:
        raise RuntimeError


@dataclass
class Order:
    number: Any


def cyclic() -> list[Any]:
    found: list[Any] = [{"again": []}]
    found[0]["again"].append(found)
    return found


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


ODD = [
    Silent(), SecretiveError(), cyclic(), nested(98), nested(99), nested(700), nested(5000), "\ud800", "\udfff \ud83d",
    "\x00\x1b[31m", "", " ", "x" * 300_000, b"\xff", 10**400, 2**64, math.nan, math.inf, -math.inf, True, 0, float,
    {Silent(): Silent()}, {1: 2, None: 3, ("a",): 4}, Order(Silent()), {"\ud800": "\udc00"}, [[]] * 5000, iter([]),
    object(),
    {str(number): number for number in range(2_000)}, "\x00" * 40_000, ["\x01" * 2_000] * 21,
    {"password": nested(97)},
]  # fmt: skip
anything = st.recursive(
    st.sampled_from(range(len(ODD))).map(lambda place: ODD[place])
    | st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.dates()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = sorted(_PLACES.keys() | {"user", "session", "fingerprint"})
LINES = Lines()


@settings(max_examples=60, deadline=None)
@given(anything, st.dictionaries(st.sampled_from(NAMES), anything))
def test_whatever_is_tracked_becomes_a_line_that_ingest_takes(error: Any, fields: Any) -> None:
    line = LINES.line_of(event_of(error, fields))
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert len(line) <= 1 << 20
    assert native.to_event(decode(line), line, Reading()).error_type


@pytest.mark.slow
def test_an_odd_thing_in_every_field_is_stored(captured: Captured) -> None:
    before = stats()
    for number, odd in enumerate(ODD):
        UUID(track_error(odd, user=f"odd-{number}", input_data=dict.fromkeys(NAMES, odd)))
        UUID(track_error(odd, **{"code": f"{number}"} | {name: odd for name in NAMES if name != "code"}))
    assert flush(30)
    became = Stats(*(new - old for new, old in zip(stats(), before, strict=True)))
    assert became == Stats(written=2 * len(ODD), waiting=0, ignored=0, shed=0, failed=0)
    assert captured.rows("SELECT count(*) AS n FROM user_errors") == [{"n": 2 * len(ODD)}]


secretive = st.lists(
    st.sampled_from(
        ["password=hunter2", '{"token": "abcdef"}', "Bearer abc123def456", "4111 1111 1111 1111", "hello ", "é", "-",
         "AKIAABCDEFGHIJKLMNOP", "ghp_" + "a1" * 12, "cookie: a=b", "key", "postgres://u:p4ss@db/x", "\\u0070assword=x"]
    ),
    max_size=4,
).map(" ".join)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(secretive, secretive, st.dictionaries(st.sampled_from(["a", "apiKey", "card"]), secretive))
def test_redaction_finds_what_that_of_ingest_finds(message: str, page: str, data: dict[str, str]) -> None:
    event = event_of(message, {"page": page, "input_data": data, "user": "u-1"})
    line = LINES.line_of(event)
    plain = {**event, "timestamp": event["timestamp"].isoformat(), "context": {"page": page, "inputData": data}}
    ours = native.to_event(json.loads(line), line, Reading())
    assert ours == redacted(native.to_event(plain, line, Reading()), Redactor())


def test_a_wrong_setting_is_refused_where_it_is_given_and_told_where_it_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="max_bytes is 10: a number from 4096 on is wanted"):
        configure(max_bytes=10)
    with pytest.raises(ValueError, match="file is 3: a path is wanted"):
        configure(file=3)  # type: ignore[arg-type]
    monkeypatch.setenv("ERRCLI_CAPTURE_KEEP", "many")
    monkeypatch.setenv("ERRCLI_CAPTURE_FILE", str(tmp_path / "from-environment.jsonl"))
    configure()
    assert capfd.readouterr().err.startswith("errcli.capture: ERRCLI_CAPTURE_KEEP: ")
    track_error("it broke", user=f"u-{next(_numbers)}")
    assert flush(10)
    assert len(ingested([tmp_path / "from-environment.jsonl"], "FROM user_errors")) == 1


def test_a_word_that_track_error_does_not_know_loses_no_error(
    captured: Captured, capfd: pytest.CaptureFixture[str]
) -> None:
    track_error("it broke", user="u-1", pgae="/cart")  # type: ignore[call-arg]
    assert captured.event["userId"] == "u-1"
    assert capfd.readouterr().err == "errcli.capture: track_error takes no 'pgae', which is left out\n"


def test_the_command_line_takes_no_offence_at_the_settings_of_an_application(tmp_path: Path) -> None:
    assert process("config", "show", cwd=tmp_path, ERRCLI_CAPTURE_FILE="x.jsonl").code == 0
    assert process("config", "show", cwd=tmp_path, ERRCLI_CAPTURES="x.jsonl").code == 2
    assert not os.listdir(tmp_path)  # noqa: PTH208
