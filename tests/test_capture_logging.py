"""Which records of Python's logging become events, and what do these say?"""

import logging
from collections.abc import Iterator

import pytest

from errcli.capture import Handler, on_behalf_of
from tests.capturing import Captured


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    found = logging.getLogger("shop")
    found.propagate = False
    found.setLevel(logging.DEBUG)
    handler = Handler(user=lambda record: record.thread_user if hasattr(record, "thread_user") else None)
    found.addHandler(handler)
    yield found
    found.removeHandler(handler)


def test_the_severity_is_the_levels_and_what_is_below_warning_is_no_error(
    logger: logging.Logger, captured: Captured
) -> None:
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, 45, logging.CRITICAL):
        logger.log(level, "level %d", level)
    told = [(event["error"]["message"], event["impact"]["severity"]) for event in captured.events]
    assert told == [("level 30", "medium"), ("level 40", "high"), ("level 45", "high"), ("level 50", "critical")]


def test_extra_says_the_rest(logger: logging.Logger, captured: Captured) -> None:
    extra = {
        "user_id": 7, "session_id": "s-1", "page": "/cart", "action": "load", "error_code": "CART_EMPTY",
        "severity": "low", "user_message": "Your cart is empty.", "user_blocked": True, "input_data": {"a": 1},
        "recovered": True,
    }  # fmt: skip
    logger.error("empty", extra=extra)
    event = captured.event
    assert (event["userId"], event["sessionId"]) == ("7", "s-1")
    assert event["context"] == {"page": "/cart", "action": "load", "inputData": {"a": 1}}
    assert event["error"] == {
        "type": "unknown", "message": "empty", "code": "CART_EMPTY", "userMessage": "Your cart is empty.",
    }  # fmt: skip
    assert event["impact"] == {"severity": "low", "userBlocked": True}
    assert event["recovery"] == {"attempted": True, "successful": True}


def open_gateway() -> None:
    raise TimeoutError("gateway")


def test_an_exception_is_the_error_and_what_was_logged_is_kept(logger: logging.Logger, captured: Captured) -> None:
    try:
        open_gateway()
    except TimeoutError:
        logger.exception("payment of order %d failed", 7)
    event = captured.event
    assert (event["error"]["type"], event["error"]["message"]) == ("timeout", "gateway")
    assert event["context"]["inputData"] == {"logger": "shop", "logged": "payment of order 7 failed"}


def test_the_user_is_the_records_then_the_functions_then_that_of_the_block(
    logger: logging.Logger, captured: Captured
) -> None:
    with on_behalf_of("block"):
        logger.error("one", extra={"user": "record", "thread_user": "function"})
        logger.error("two", extra={"thread_user": "function"})
        logger.error("three")
    assert [event["userId"] for event in captured.events] == ["record", "function", "block"]


def test_arguments_that_do_not_fit_lose_no_record(captured: Captured) -> None:
    Handler().handle(logging.makeLogRecord({"msg": "%d of %d", "args": ("one",), "levelno": logging.ERROR}))
    assert captured.event["error"]["message"].startswith("%d of %d")
