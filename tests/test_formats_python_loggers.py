"""Is an exception found in what Python's loggers write, in each form that they have for it; also levels and times."""

import traceback
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest import formats
from errcli.ingest.formats.tracebacks import raised_in
from tests.formats.loggers import DATA, LOGGERS, Record, columns, in_file, outcome, records, technical
from tests.support import Cli

TWO_LINES = "Card declined by the issuer\nask for another card"
# One story is told in each of these files, with the same line numbers.
STORIES = [
    "structlog.jsonl",  # a traceback is text
    "structlog-options.jsonl",  # a list of dicts
    "python-json-logger.jsonl",
    "python-json-logger-options.jsonl",  # a list of lines
    "gelf.jsonl",
    "gelf-graypy.jsonl",
]
RAISED = [
    ("u-2", "PaymentDeclinedError", TWO_LINES, "high"),
    ("u-3", "RuntimeError", "Could not save the order", "critical"),
    ("u-4", "KeyError", "'Card'", "high"),
    ("u-5", "TimeoutError", "payment failed", "high"),  # it says nothing itself
]


@pytest.mark.parametrize("file", STORIES)
def test_the_exception_that_was_raised_gives_type_and_message(file: str) -> None:
    rows = [in_file(file, line) for line in (5, 6, 7, 8)]
    assert [(row["user_id"], row["error_type"], row["error_message"], row["severity"]) for row in rows] == RAISED
    assert {(row["page"], row["action"]) for row in rows} == {("/checkout", "pay")}
    assert "ConnectionRefusedError: [Errno 111] Connection refused" in technical(file, 6)
    assert "The above exception was the direct cause of the following exception:" in technical(file, 6)
    assert "During handling of the above exception, another exception occurred:" in technical(file, 7)


@pytest.mark.parametrize("file", STORIES)
def test_a_message_without_an_exception(file: str) -> None:
    row = in_file(file, 4)
    assert row["timestamp"].startswith("2026-03-01T12:0")
    del row["timestamp"]
    row.pop("release", None)
    assert row == {
        "user_id": "42",
        "error_type": "unknown",
        "error_code": "E_SEARCH",
        "error_message": "Suche für „Müller“ schlug fehl 💥",
        "page": "/search",
        "severity": "high",
    }


@pytest.mark.parametrize("file", STORIES)
def test_an_error_that_the_application_describes_itself(file: str) -> None:
    row = in_file(file, 11)
    assert (row["error_type"], row["error_code"], row["error_message"]) == ("quota", "Q5", "5 GB are used up")


def test_structlog_a_list_of_exceptions_reads_as_python_prints_it() -> None:
    assert technical("structlog-options.jsonl", 6) == (
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/generate_python.py", line 56, in not_saved\n'
        "ConnectionRefusedError: [Errno 111] Connection refused\n"
        "\n"
        "The above exception was the direct cause of the following exception:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/generate_python.py", line 100, in story\n'
        '  File "/srv/shop/generate_python.py", line 59, in not_saved\n'
        "RuntimeError: Could not save the order"
    )
    assert '"locals": {"attempt"' in (DATA / "structlog-options.jsonl").read_text()
    assert "attempt" not in technical("structlog-options.jsonl", 25)


def test_structlog_errors_are_told_from_the_rest_where_no_level_is_written() -> None:
    lines = records("structlog-options.jsonl")[11:22]
    assert all("level" not in record for record in lines)
    outcomes = [outcome("structlog", record) for record in lines]
    assert [each.rule if isinstance(each, Dropped) else each.severity for each in outcomes] == [
        *["no level"] * 4,  # debug to error, without an exception
        *["high"] * 4,  # exceptions
        "no user",
        "no level",
        "high",  # it names its error_type
    ]


def test_structlog_levels_may_be_numbers_and_exceptions_reprs_or_groups() -> None:
    rows = [in_file("structlog-options.jsonl", line) for line in (23, 24, 26, 27)]
    assert [(row["error_type"], row["error_message"], row["severity"]) for row in rows] == [
        ("unknown", "a number for a level", "high"),
        ("ValueError", "no processor for exceptions", "high"),
        ("ExceptionGroup", "two uploads failed (2 sub-exceptions)", "high"),
        ("ExceptionGroup", "two uploads failed (2 sub-exceptions)", "high"),
    ]


def test_structlog_times_may_be_epoch_seconds() -> None:
    assert in_file("structlog-options.jsonl", 5)["timestamp"] == "2026-03-01T12:00:28.500000+00:00"
    assert in_file("structlog.jsonl", 5)["timestamp"] == "2026-03-01T12:00:06+00:00"


def test_structlog_bound_context_and_fields_of_ones_own() -> None:
    assert in_file("structlog.jsonl", 13) == {
        "user_id": "u-9",
        "session_id": "s-9",
        "timestamp": "2026-03-01T12:00:18+00:00",
        "error_type": "unknown",
        "error_message": "PDF service said no",
        "page": "/invoice",
        "severity": "high",
    }
    blocked = in_file("structlog.jsonl", 14)
    assert (blocked["error_message"], blocked["severity"], blocked["user_blocked"]) == ("invoice_failed", "low", True)
    user = in_file("structlog.jsonl", 15)
    assert (user["user_id"], user["page"]) == ("u-10", "/login")
    assert technical("structlog.jsonl", 12).startswith("Stack (most recent call last):\n")


def test_structlog_a_renamed_event_is_read_whatever_it_is_taken_for() -> None:
    lines = records("structlog-renamed.jsonl")
    assert not any("event" in record for record in lines)
    usual = [outcome("structlog", record) for record in records("structlog.jsonl")[:11]]
    assert formats.detect(lines[:11]) == "structlog"
    assert formats.detect(lines[11:]) == "python-json-logger"
    for number, (record, expected) in enumerate(zip(lines, usual * 2, strict=True)):
        for name in ("structlog", "structlog" if number < 11 else "python-json-logger"):
            event = outcome(name, record)
            if isinstance(event, Event) and isinstance(expected, Event):
                event = msgspec.structs.replace(event, id=expected.id, timestamp=expected.timestamp)
            assert event == expected


# Times without a zone, and levels


def test_asctime_is_in_the_zone_of_the_log() -> None:
    (record,) = records("python-json-logger.jsonl")[2:3]
    assert record["asctime"] == "2026-03-01 12:01:39,000"
    berlin = ZoneInfo("Europe/Berlin")
    assert columns("python-json-logger", record)["timestamp"] == "2026-03-01T12:01:39+00:00"
    assert columns("python-json-logger", record, zone=berlin)["timestamp"] == "2026-03-01T11:01:39+00:00"
    summer = record | {"asctime": "2026-07-01 12:01:39,250"}
    assert columns("python-json-logger", summer, zone=berlin)["timestamp"] == "2026-07-01T10:01:39.250000+00:00"


def test_a_timestamp_with_a_zone_goes_before_asctime() -> None:
    record = records("python-json-logger-options.jsonl")[2]
    assert record["timestamp"] == "2026-03-01T12:02:01.500000+00:00"
    both = record | {"asctime": "2026-03-01 13:02:01,500"}
    row = columns("python-json-logger", both, zone=ZoneInfo("Asia/Tokyo"))
    assert row["timestamp"] == "2026-03-01T12:02:01.500000+00:00"


def test_renamed_fields_numbers_as_levels_and_created_are_read() -> None:
    renamed, numbered = (in_file("python-json-logger-options.jsonl", line) for line in (14, 25))
    assert (renamed["timestamp"], renamed["severity"]) == ("2026-03-01T12:02:18+00:00", "medium")
    assert (numbered["timestamp"], numbered["severity"]) == ("2026-03-01T12:02:34.500000+00:00", "medium")


def test_an_exception_logged_where_there_was_none_has_no_type() -> None:
    record = records("python-json-logger.jsonl")[13]
    assert record["exc_info"] == "NoneType: None"
    assert columns("python-json-logger", record)["error_type"] == "unknown"


def test_gelf_fields_of_the_application_lose_their_underscore_and_hide_none_of_the_formats() -> None:
    record = records("gelf.jsonl")[12]
    assert (record["level"], record["_level"]) == (3, "own")
    assert columns("gelf", record) == {
        "user_id": "zoë",
        "timestamp": "2026-03-01T12:03:24+00:00",
        "error_type": "unknown",
        "error_message": "draft is gone",
        "severity": "low",
        "user_blocked": True,
        "release": "1.4.2",
    }
    assert columns("gelf", record | {"_severity": None, "_short_message": "x"})["severity"] == "high"


GELF = {"version": "1.1", "host": "web-1", "short_message": "m", "timestamp": 1772366400.25, "_user_id": "u-1"}


def test_gelf_levels_are_syslogs_and_absent_means_alert() -> None:
    expected = ["critical", "critical", "critical", "high", "medium"]
    rows = [columns("gelf", GELF | {"level": level}) for level in range(5)]
    assert [row["severity"] for row in rows] == expected
    assert [outcome("gelf", GELF | {"level": level}) for level in (5, 6, 7)] == [Dropped("below warning")] * 3
    assert [columns("gelf", GELF | {"level": level})["severity"] for level in ("3", 3.0, "err")] == ["high"] * 3
    assert columns("gelf", GELF)["severity"] == "critical"
    assert columns("gelf", GELF)["timestamp"] == "2026-03-01T12:00:00.250000+00:00"
    assert columns("gelf", GELF | {"level": 7}, all_levels=True)["severity"] == "low"


def test_gelf_a_java_stack_gives_type_and_message_and_plain_text_does_not() -> None:
    stack = "com.acme.PayException: Declined: 51\n\tat com.acme.Pay.run(Pay.java:3)\nCaused by: java.io.IOException: x"
    row = columns("gelf", GELF | {"full_message": stack})
    assert (row["error_type"], row["error_message"]) == ("PayException", "Declined: 51")
    row = columns("gelf", GELF | {"full_message": "Note: this is text\nof two lines"})
    assert (row["error_type"], row["error_message"]) == ("unknown", "m")


# What cannot be read

GOOD: dict[str, Record] = {
    "pino": {"level": 50, "time": 1772366400250, "msg": "m"},
    "bunyan": {"v": 0, "level": 50, "name": "n", "hostname": "h", "pid": 1, "time": "2026-03-01T12:00:00Z", "msg": "m"},
    "structlog": {"event": "e", "level": "error", "timestamp": "2026-03-01T12:00:00Z"},
    "python-json-logger": {"message": "m", "levelname": "ERROR", "asctime": "2026-03-01 12:00:00,250"},
    "gelf": {**GELF, "level": 3},
}
TIMES = {"pino": "time", "bunyan": "time", "structlog": "timestamp", "python-json-logger": "asctime"}


def refusal(name: str, record: Record) -> str:
    with pytest.raises(NotAnEventError) as caught:
        outcome(name, record)
    return str(caught.value)


@pytest.mark.parametrize("name", LOGGERS)
def test_a_time_that_is_none_is_refused_and_never_replaced(name: str) -> None:
    good, time = GOOD[name] | {"user_id": "u-1"}, TIMES.get(name, "timestamp")
    assert isinstance(outcome(name, good), Event)
    assert refusal(name, good | {time: "yesterday"}) == "bad time"
    assert refusal(name, {key: value for key, value in good.items() if key != time}) == "bad time"


@pytest.mark.parametrize("name", LOGGERS)
def test_a_record_of_something_else_is_no_event(name: str) -> None:
    assert refusal(name, {"user_id": "u-1", "timestamp": "2026-03-01T12:00:00Z"}) == "not an event"


def test_lines_that_are_none_are_rejected_among_those_that_are(cli: Cli) -> None:
    lines = (DATA / "structlog.jsonl").read_bytes().splitlines()[:5]
    with open("app.log", "wb") as log:  # noqa: PTH123 - in the working directory of `cli`
        log.write(
            b"\n".join([b"plain text", lines[4], b"", b'{"event": "x", "level": "error", "user_id": "u"}', *lines])
        )
        log.write(b"\n")
    row = cli("ingest", "app.log", "-f", "json").row
    assert (row["lines"], row["stored"], row["duplicates"], row["dropped"], row["rejected"], row["blank"]) == (
        9, 3, 1, 2, 2, 1,
    )  # fmt: skip


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["stack", "frames", "id"]), inner),
    max_leaves=4,
)
NAMES = sorted({key for record in GOOD.values() for key in record} | {"err", "exception", "exc_info", "full_message"})


@given(st.dictionaries(st.sampled_from([*NAMES, "_user", "url", "severity"]), VALUES))
@settings(max_examples=100, deadline=None)
def test_values_of_any_type_are_read_dropped_or_refused(record: Record) -> None:
    for name in LOGGERS:
        formats.by_name(name).recognises(record)
        for whole in (record, GOOD[name] | {"user_id": "u-1"} | record):
            try:
                assert isinstance(outcome(name, whole), Event | Dropped)
            except NotAnEventError as refusal_:
                assert str(refusal_) in ("not an event", "bad time")  # noqa: PT017


# Tracebacks


def raised(error: Exception) -> Exception:
    """Return an error with a frame, as it is when it has been raised."""
    try:
        raise error  # noqa: TRY301
    except Exception as caught:  # noqa: BLE001
        return caught


@given(st.text(max_size=80), st.sampled_from(["alone", "cause", "context", "group"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_exception_is_the_one_that_python_says_was_raised(message: str, chain: str, with_frames: bool) -> None:
    error: Exception = LookupError(message)
    if chain == "group":
        message = " ".join(message.split())  # of a group the first line is read
        error = ExceptionGroup(message, [KeyError("a")])
        message += " (1 sub-exception)"
    other: Exception = ValueError("Traceback (most recent call last):\nOther: not this")
    if with_frames:
        error, other = raised(error), raised(other)
    if chain == "cause":
        error.__cause__ = other
    elif chain == "context":
        error.__context__ = other
    text = "".join(traceback.format_exception(error))
    assert raised_in(text) == (type(error).__name__, message.strip() or None)


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("sqlalchemy.exc.OperationalError: (psycopg2.Error) gone", ("OperationalError", "(psycopg2.Error) gone")),
        ("ValueError('bad')", ("ValueError", None)),
        ("TimeoutError", ("TimeoutError", None)),
        ("NoneType: None", (None, None)),
        ("... 3 lines cut", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_an_exception_without_frames(text: str | None, raised: tuple[Any, Any]) -> None:
    assert raised_in(text) == raised
