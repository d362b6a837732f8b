"""Is what the logging libraries of Node.js and Python really write read as what happened, and to whom?

The files in formats/data are the libraries' own output; formats/generate_node.mjs and generate_python.py wrote them.
"""

import json
from collections import Counter

import msgspec
import pytest

from errcli.event import Dropped, Event
from errcli.ingest import formats
from tests.formats.loggers import DATA, FILES, LOGGERS, Record, columns, in_file, outcome, records, technical
from tests.support import SAMPLE, Cli

STORY = {"session_id": "s-1", "page": "/checkout", "action": "pay"}

each_file = pytest.mark.parametrize("file", FILES)


# Which format a record is in


def names_no_level(record: Record) -> bool:
    """Whether a structlog record has neither a level nor an exception: nothing marks it as structlog's."""
    return record.keys().isdisjoint({"level", "level_number", "exception"})


@each_file
def test_every_record_is_taken_for_its_own_format_and_no_other(file: str) -> None:
    own = FILES[file][0]
    for record in records(file):
        names = [name for name in formats.NAMES if name != "native" and formats.by_name(name).recognises(record)]
        assert names == ([] if own == "structlog" and names_no_level(record) else [own]), record


@each_file
def test_a_log_is_detected_by_each_of_its_records(file: str) -> None:
    """Also by those that native would take: it is asked last."""
    own = FILES[file][0]
    for record in records(file):
        if not (own == "structlog" and names_no_level(record)):
            assert formats.detect([record]) == own, record


def test_no_logger_takes_the_records_of_another_format() -> None:
    mine = tuple(LOGGERS)
    foreign = [path for path in DATA.glob("*.jsonl") if not path.name.startswith(mine)]
    for path in [SAMPLE, *foreign]:
        for line in path.read_text("utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            assert [name for name in LOGGERS if formats.by_name(name).recognises(record)] == [], (path.name, record)


@pytest.mark.parametrize("name", LOGGERS)
def test_what_is_no_record_of_a_logger_is_not_recognised(name: str) -> None:
    recognises = formats.by_name(name).recognises
    others: list[Record] = [
        {},
        {"message": "text alone"},
        {"event": "click", "timestamp": "2026-03-01T12:00:00Z", "user_id": "u-1"},
        {"level": True, "time": True},
        {"level": "error", "msg": "no time"},
        {"short_message": "neither host nor version"},
        {"v": 0, "name": "n", "hostname": "h", "pid": 1, "level": "error", "msg": "m"},
    ]
    assert [record for record in others if recognises(record)] == []


# What becomes of a whole file


@each_file
@pytest.mark.parametrize("forced", [False, True], ids=["detected", "named"])
def test_a_file_is_stored_and_dropped_as_it_should(cli: Cli, file: str, *, forced: bool) -> None:
    name, lines, stored, dropped = FILES[file]
    answer = cli("ingest", DATA / file, "-f", "json", *(["--from", name] if forced else []))
    assert answer.code == 0
    row = answer.row
    assert (row["lines"], row["stored"], row["dropped"], row["rejected"]) == (lines, stored, sum(dropped.values()), 0)
    rules = cli("query", "SELECT rule, sum(count) AS n FROM dropped_counts GROUP BY rule", "-f", "json").rows
    assert {rule["rule"]: int(rule["n"]) for rule in rules} == dropped


def test_the_same_file_again_adds_nothing(cli: Cli) -> None:
    cli("ingest", DATA / "gelf.jsonl")
    assert cli("ingest", DATA / "gelf.jsonl", "-f", "json").row["stored"] == 0


LEVELS = ("debug", "info", "notice", "warn", "error", "fatal")
WORDS = {"trace": 0, "debug": 0, "info": 1, "warn": 3, "warning": 3, "error": 4, "critical": 5, "fatal": 5}
SYSLOG = {7: 0, 6: 1, 4: 3, 3: 4, 2: 5, 25: 2}
NUMBERS = {10: 0, 20: 1, 30: 3, 40: 4, 50: 5}


def expected(name: str, record: Record) -> str:
    """Say in another way what should become of a record: the names and numbers that occur in the files, one by one."""
    fields = {key.lstrip("_"): value for key, value in record.items()} if name == "gelf" else record
    level = next((record[key] for key in ("levelname", "levelno", "level_number", "level") if key in record), None)
    level = record.get("severity") if name == "pino" and level is None else level
    if level == "Level 25":
        rank: int | None = 2
    elif isinstance(level, str):
        rank = WORDS.get(level.lower())
    elif name in ("pino", "bunyan"):
        rank = None if level is None else {10: 0, 20: 0, 30: 1, 40: 3, 50: 4, 60: 5}[level]
    else:
        rank = None if level is None else (SYSLOG if name == "gelf" else NUMBERS)[level]
    is_error = not record.keys().isdisjoint({"err", "exc_info", "exception", "error_type", "error_code"})
    if rank is None and not is_error:
        return "no level"
    if rank is not None and rank < LEVELS.index("warn"):
        return "below warning"
    users = [fields.get("userId"), fields.get("user_id"), fields.get("username"), (fields.get("user") or {}).get("id")]
    return "stored" if any(users) else "no user"


@each_file
def test_counts_agree_with_an_oracle(file: str) -> None:
    name, lines, stored, dropped = FILES[file]
    counts = Counter(expected(name, record) for record in records(file))
    assert counts == {"stored": stored} | dropped
    assert counts.total() == lines


# pino and bunyan


def test_pino_an_error_with_everything() -> None:
    assert in_file("pino.jsonl", 6) == STORY | {
        "user_id": "u-1",
        "timestamp": "2026-03-01T12:00:12+00:00",
        "error_type": "PaymentDeclined",
        "error_code": "CARD_DECLINED",
        "error_message": "Card declined by the issuer",
        "severity": "high",
    }
    assert technical("pino.jsonl", 6).startswith("PaymentDeclined: Card declined by the issuer\n    at declined (")


def test_pino_a_message_without_an_error_object() -> None:
    assert in_file("pino.jsonl", 7) == {
        "user_id": "42",
        "timestamp": "2026-03-01T12:00:13.500000+00:00",
        "error_type": "unknown",
        "error_code": "E_SEARCH",
        "error_message": "Suche für „Müller“ schlug fehl 💥",
        "page": "/search",
        "severity": "high",
    }


def test_pino_causes_child_bindings_and_requests() -> None:
    lost = in_file("pino.jsonl", 8)
    assert (lost["severity"], lost["error_message"]) == (
        "critical",
        "Could not save the order: connect ECONNREFUSED 10.0.0.7:5432",
    )
    assert "\ncaused by: Error: connect ECONNREFUSED" in technical("pino.jsonl", 8)
    child = in_file("pino.jsonl", 12)
    assert (child["user_id"], child["session_id"], child["page"]) == ("u-3", "s-3", "/invoice")
    request = in_file("pino.jsonl", 14)
    assert (request["page"], request["error_code"], request["error_type"]) == ("/orders", "502", "Error")


def test_pino_fields_that_the_application_names_itself() -> None:
    assert in_file("pino.jsonl", 15)["error_message"] == "no error object, but text"
    own = in_file("pino.jsonl", 17)
    assert (own["severity"], own["user_blocked"], own["data_loss"]) == ("critical", True, True)
    quota = in_file("pino.jsonl", 19)
    assert (quota["error_type"], quota["error_message"]) == ("quota", "Quota of 5 GB is used up")


OPTIONS = ["levels as words, ISO times", "messageKey, errorKey, seconds", "no base, errorKey failure", "severity"]


@pytest.mark.parametrize("block", range(4), ids=OPTIONS)
def test_pino_reads_the_same_story_whatever_the_options(block: int) -> None:
    lines = records("pino-options.jsonl")[block * 9 : block * 9 + 9]
    plain = [outcome("pino", record) for record in records("pino.jsonl")[1:10]]
    times = ("id", "timestamp")
    for record, usual in zip(lines, plain, strict=True):
        event = outcome("pino", record)
        if isinstance(usual, Event) and isinstance(event, Event):
            assert event.timestamp.isoformat().startswith("2026-03-01T12:00:")
            event = msgspec.structs.replace(event, **{name: getattr(usual, name) for name in times})
        assert event == usual


def test_pino_a_level_of_ones_own_is_an_error_when_it_has_one() -> None:
    without, with_error = records("pino-options.jsonl")[36:38]
    assert (without["level"], with_error["level"]) == ("audit", "audit")
    assert outcome("pino", without) == Dropped("no level")
    assert columns("pino", without, all_levels=True)["error_message"] == "role changed"
    assert columns("pino", with_error)["severity"] == "high"


def test_bunyan_an_error_with_everything() -> None:
    assert in_file("bunyan.jsonl", 6) == STORY | {
        "user_id": "u-1",
        "timestamp": "2026-03-01T12:00:09+00:00",
        "error_type": "PaymentDeclined",
        "error_code": "CARD_DECLINED",
        "error_message": "Card declined by the issuer",
        "severity": "high",
    }
    assert technical("bunyan.jsonl", 6).startswith("PaymentDeclined: Card declined by the issuer\n    at declined (")


def test_bunyan_the_name_is_not_the_user_nor_the_error() -> None:
    assert in_file("bunyan.jsonl", 5) == {
        "user_id": "u-1",
        "session_id": "s-1",
        "timestamp": "2026-03-01T12:00:07.500000+00:00",
        "error_type": "unknown",
        "error_message": "stock is low",
        "page": "/cart",
        "action": "add",
        "severity": "medium",
    }


def test_bunyan_children_requests_and_own_times() -> None:
    child = in_file("bunyan.jsonl", 14)
    assert (child["user_id"], child["page"], child["severity"]) == ("u-3", "/invoice", "medium")
    request = in_file("bunyan.jsonl", 15)
    assert (request["page"], request["error_code"]) == ("/orders", "502")
    fatal = in_file("bunyan.jsonl", 18)
    assert (fatal["timestamp"], fatal["severity"]) == ("2026-02-28T23:59:59.999000+00:00", "critical")
