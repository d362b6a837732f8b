"""Do the three shapes of an event give the same row, with all of its fields, whatever their types?"""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.event import IDS, TEXTS, Event, NotAnEventError
from errcli.ingest.decoding import decode
from errcli.ingest.formats import native
from errcli.ingest.reader import Reader
from errcli.ingest.reading import Reading
from errcli.ingest.sources import opened
from tests.cases import KEEP_ALL
from tests.support import Cli, batches, write_log

ID = "a3e5f71d-4e81-470f-bedf-574c603a6e8e"

NESTED = {
    "id": ID,
    "userId": "u-1",
    "sessionId": "s-1",
    "timestamp": "2026-03-01T12:00:00.250Z",
    "error": {
        "type": "timeout",
        "code": "PAY_TIMEOUT",
        "message": "no answer after 30 s",
        "userMessage": "Please try again",
        "technical": "at pay.ts:12",
    },
    "context": {
        "page": "/checkout",
        "action": "pay",
        "workflowId": "w-1",
        "agentId": "a-1",
        "inputData": {"amount": 12.5, "items": ["a", None]},
        "previousErrors": ["E_1", "E_2"],
    },
    "impact": {"severity": "high", "userBlocked": True, "workflowFailed": False, "dataLoss": True},
    "recovery": {"attempted": True, "successful": False, "method": "retry", "userAction": "left"},
    "release": "1.4.2",
    "fingerprint": "f-1",
    "occurrences": 3,
}
SPREAD = {key: value for key, value in NESTED.items() if key != "error"} | NESTED["error"]  # type: ignore[operator]
FLAT = {
    "id": ID,
    "user_id": "u-1",
    "session_id": "s-1",
    "timestamp": "2026-03-01T12:00:00.250Z",
    "error_type": "timeout",
    "error_code": "PAY_TIMEOUT",
    "error_message": "no answer after 30 s",
    "user_message": "Please try again",
    "technical": "at pay.ts:12",
    "page": "/checkout",
    "action": "pay",
    "workflow_id": "w-1",
    "agent_id": "a-1",
    "input_data": {"amount": 12.5, "items": ["a", None]},
    "previous_errors": ["E_1", "E_2"],
    "severity": "high",
    "user_blocked": True,
    "workflow_failed": False,
    "data_loss": True,
    "recovery_attempted": True,
    "recovery_successful": False,
    "recovery_method": "retry",
    "recovery_user_action": "left",
    "release": "1.4.2",
    "fingerprint": "f-1",
    "occurrences": 3,
}
ROW = {
    "id": ID,
    "source_id": None,
    "user_id": "u-1",
    "session_id": "s-1",
    "timestamp": "2026-03-01T12:00:00.250000Z",
    "error_type": "timeout",
    "error_code": "PAY_TIMEOUT",
    "error_message": "no answer after 30 s",
    "user_message": "Please try again",
    "technical": "at pay.ts:12",
    "page": "/checkout",
    "action": "pay",
    "severity": "high",
    "user_blocked": True,
    "workflow_failed": False,
    "data_loss": True,
    "workflow_id": "w-1",
    "agent_id": "a-1",
    "input_data": '{"amount":12.5,"items":["a",null]}',
    "previous_errors": ["E_1", "E_2"],
    "recovery_attempted": True,
    "recovery_successful": False,
    "recovery_method": "retry",
    "recovery_user_action": "left",
    "release": "1.4.2",
    "fingerprint": "f-1",
    "occurrences": 3,
}


def to_event(record: dict[str, Any]) -> Event:
    text = json.dumps(record).encode()
    return native.to_event(decode(text), text, Reading())


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(NESTED, id="nested"),
        pytest.param(FLAT, id="flat"),
        pytest.param(SPREAD, id="spread"),
    ],
)
def test_every_field_is_stored_from_each_shape(cli: Cli, tmp_path: Path, record: dict[str, Any]) -> None:
    assert cli("ingest", write_log(tmp_path / "a.jsonl", [record])).code == 0
    row = cli(
        "query", "SELECT * EXCLUDE (place_hash, shape_id, folded_until, created_at) FROM user_errors", "-f", "json"
    ).row
    row["timestamp"] = row["timestamp"].replace(".250Z", ".250000Z")
    assert row == ROW


def test_a_row_of_the_store_is_an_event_again(cli: Cli, tmp_path: Path) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [NESTED | {"id": "order-17"}]))
    columns = "* EXCLUDE (created_at)"
    dumped = cli("query", f"SELECT {columns} FROM user_errors", "-f", "jsonl").out
    (tmp_path / "dump.jsonl").write_text(dumped)
    cli("ingest", tmp_path / "dump.jsonl", "--db", "copy.duckdb")
    assert cli("query", f"SELECT {columns} FROM user_errors", "-f", "jsonl", "--db", "copy.duckdb").out == dumped


ANY_TEXT = st.text(max_size=10)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), ANY_TEXT)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3), max_leaves=8
)
SECTIONS = {
    "error": {"type", "code", "message", "userMessage", "technical"},
    "context": {"page", "action", "workflowId", "agentId", "inputData", "previousErrors"},
    "impact": {"severity", "userBlocked", "workflowFailed", "dataLoss"},
    "recovery": {"attempted", "successful", "method", "userAction"},
}
FLAT_NAMES = {
    "type": "error_type",
    "code": "error_code",
    "message": "error_message",
    "userMessage": "user_message",
    "workflowId": "workflow_id",
    "agentId": "agent_id",
    "inputData": "input_data",
    "previousErrors": "previous_errors",
    "userBlocked": "user_blocked",
    "workflowFailed": "workflow_failed",
    "dataLoss": "data_loss",
    "attempted": "recovery_attempted",
    "successful": "recovery_successful",
    "method": "recovery_method",
    "userAction": "recovery_user_action",
}
PARTS = st.fixed_dictionaries(
    {name: st.dictionaries(st.sampled_from(sorted(keys)), JSON) for name, keys in SECTIONS.items()}
)


@settings(max_examples=80, deadline=None)
@given(PARTS)
def test_shapes_agree_on_any_values(parts: dict[str, dict[str, Any]]) -> None:
    frame = {"id": ID, "timestamp": 1_772_366_400}
    error = {"type": "workflow"} | parts["error"]
    rest = {name: part for name, part in parts.items() if name != "error"}
    nested = frame | {"userId": "u-1", "error": error} | rest
    spread = frame | {"userId": "u-1"} | error | rest
    flat = frame | {"user_id": "u-1"}
    flat |= {FLAT_NAMES.get(key, key): value for part in [*rest.values(), error] for key, value in part.items()}
    expected = msgspec.to_builtins(to_event(nested))
    assert msgspec.to_builtins(to_event(spread)) == expected
    if any(error.get(name) is not None for name in ("type", "code", "message")):
        assert msgspec.to_builtins(to_event(flat)) == expected


def test_each_field_of_an_event_read_with_care_is_stored_as_it_is(tmp_path: Path) -> None:
    from errcli.store.burst import USUAL, Burst
    from errcli.store.connection import StoreOptions, reading
    from errcli.store.load import workers

    texts = {name: f"{name} \x00\u2028😀'\"\\" for name in TEXTS}
    ids = {name: f"{name}-1" for name in IDS - {"id"}}
    named: dict[str, Any] = texts | ids
    named |= {name: True for name, kind in Event.__annotations__.items() if kind == bool | None}
    whole = Event(
        id=UUID(ID), timestamp=datetime(2026, 3, 1, 12, 0, 0, 250_001, UTC), input_data='{"a":[1.50,null]}',
        previous_errors=["E_1", ""], occurrences=3, **named,
    )  # fmt: skip
    assert all(value is not None for value in msgspec.structs.astuple(whole))
    options = StoreOptions(tmp_path / "s.duckdb")
    with workers(options, USUAL) as (worker, *_):
        worker.stage([(1, whole)])
        worker.prepare()
        worker.commit(Burst(file="a", format="native"), datetime.now(UTC))
    with reading(options) as store:
        (row,) = store.run(f"SELECT {', '.join(Event.__struct_fields__)} FROM user_errors")
    assert row == msgspec.structs.astuple(whole)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, max_size=5), JSON, JSON)
def test_whatever_is_an_event_can_be_stored(parts: list[dict[str, dict[str, Any]]], user: Any, release: Any) -> None:
    from errcli.store.burst import Burst
    from errcli.store.connection import StoreOptions
    from errcli.store.load import workers

    records = [{"userId": user, "timestamp": 1, "release": release, "error": {}} | part for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        path = write_log(Path(folder, "a.jsonl"), records)
        with opened(str(path)) as source, workers(StoreOptions(Path(folder, "s.duckdb")), KEEP_ALL) as (worker, *_):
            events = [event for batch in batches(Reader(source, None, None)) for event in batch.events]
            worker.stage(events)
            worker.prepare()
            assert worker.commit(Burst(file="a", format="native"), datetime.now(UTC)).stored == len(
                {event.id for _, event in events}
            )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        ("x", "x"),
        (404, "404"),
        (4.5, "4.5"),
        (True, "true"),
        (["a", 1], '["a",1]'),
        ({"a": {"b": None}}, '{"a":{"b":null}}'),
        (12345678901234567890123456789, "12345678901234567890123456789"),
    ],
)
def test_a_text_field_of_another_type_is_its_json(value: Any, text: str | None) -> None:
    assert to_event(NESTED | {"error": {"code": value}}).error_code == text


@pytest.mark.parametrize(
    "value", ["a\0b", "😀 é 漢", "line\nbreak\t", "\u202egnp.exe", "'; DROP TABLE user_errors; --"]
)
def test_text_is_stored_letter_for_letter(cli: Cli, tmp_path: Path, value: str) -> None:
    record = NESTED | {"error": {"message": value}, "userId": value, "sessionId": value}
    cli("ingest", write_log(tmp_path / "a.jsonl", [record]))
    row = cli("query", "SELECT error_message, user_id, session_id FROM user_errors", "-f", "json").row
    assert row == {"error_message": value, "user_id": value, "session_id": value}


@pytest.mark.parametrize(
    ("value", "user_id"),
    [
        ("u-1", "u-1"),
        (" u ", " u "),
        (17, "17"),
        (-3, "-3"),
        (2**70, "1180591620717411303424"),
        (1.5, "1.5"),
        ("ann@example.com", "ann@example.com"),
        ("arn:aws:iam::123837392027:user/benjamin", "arn:aws:iam::123837392027:user/benjamin"),
    ],
)
def test_a_user_is_named_by_text_or_number(value: Any, user_id: str) -> None:
    assert to_event(NESTED | {"userId": value}).user_id == user_id


@pytest.mark.parametrize("user", [b"null", b'""', b'" "', b"true", b"{}", b'["u"]', b"1e999"])
def test_what_names_nobody_is_no_user(user: bytes) -> None:
    text = b'{"userId": ' + user + b', "timestamp": 1, "error": {}}'
    with pytest.raises(NotAnEventError, match="no user"):
        native.to_event(decode(text), text, Reading())


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (1.0, True),
        ("true", True),
        ("FALSE", False),
        (" yes ", True),
        ("0", False),
        (None, None),
        (2, None),
        ("maybe", None),
        ([], None),
    ],
)
def test_truth_is_read_from_booleans_numbers_and_words(value: Any, truth: bool | None) -> None:
    assert to_event(NESTED | {"impact": {"userBlocked": value}}).user_blocked is truth


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"a": [1, {"b": None}]}, '{"a":[1,{"b":null}]}'),
        ([], "[]"),
        ("text", '"text"'),
        (0, "0"),
        (False, "false"),
        (None, None),
        ('{"a": 1}', '{"a":1}'),
        ("{not json", '"{not json"'),
        ("[" * 3000 + "]" * 3000, json.dumps("[" * 3000 + "]" * 3000)),
        ({"n": 12345678901234567890123}, '{"n":12345678901234567890123}'),
    ],
)
def test_input_data_is_any_json(value: Any, stored: str | None) -> None:
    assert to_event(NESTED | {"context": {"inputData": value}}).input_data == stored


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (["a", "b"], ["a", "b"]),
        ("a", ["a"]),
        (7, ["7"]),
        ([{"code": "E"}, None, 4], ['{"code":"E"}', "4"]),
        ([], []),
        (None, None),
    ],
)
def test_previous_errors_are_a_list_of_texts(value: Any, texts: list[str] | None) -> None:
    assert to_event(NESTED | {"context": {"previousErrors": value}}).previous_errors == texts


@pytest.mark.parametrize(
    ("value", "occurrences"),
    [(5, 5), ("5", 5), (None, 1), (0, 1), (-2, 1), (2**40, 2**31 - 1), (2.5, 1), (True, 1), ("many", 1)],
)
def test_occurrences_are_a_count_from_one(value: Any, occurrences: int) -> None:
    assert to_event(NESTED | {"occurrences": value}).occurrences == occurrences


def test_unknown_types_and_severities_are_kept() -> None:
    event = to_event(NESTED | {"error": {"type": "react"}, "impact": {"severity": "SEV-1"}})
    assert (event.error_type, event.severity) == ("react", "SEV-1")


@pytest.mark.parametrize("error", [{}, {"type": None}, {"type": ""}, {"code": "E"}])
def test_a_missing_type_is_unknown(error: dict[str, Any]) -> None:
    assert to_event(NESTED | {"error": error}).error_type == "unknown"


@pytest.mark.parametrize("section", ["context", "impact", "recovery"])
@pytest.mark.parametrize("value", [None, "x", 3, [], {}])
def test_a_section_that_is_no_object_is_as_if_missing(section: str, value: Any) -> None:
    without = {key: part for key, part in NESTED.items() if key != section}
    assert to_event(NESTED | {section: value}) == to_event(without)


def test_flat_columns_are_read_beside_an_error_that_is_a_word() -> None:
    assert to_event(FLAT | {"error": "Error"}).error_code == "PAY_TIMEOUT"


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    text = b'{"userId": "a", "userId": "b", "timestamp": 1, "error": {"code": 1, "code": 2}}'
    event = native.to_event(decode(text), text, Reading())
    assert (event.user_id, event.error_code) == ("b", "2")


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"\xff", "\ufffd"), (b"\\udc00x", "\ufffdx"), (b"\\ud83d\\ude00", "😀"), (b"\xed\xa0\x80", "\ufffd" * 3)],
)
def test_what_is_no_unicode_becomes_the_replacement_character(text: bytes, message: str) -> None:
    line = b'{"userId": "u", "timestamp": 1, "error": {"message": "' + text + b'"}}'
    assert native.to_event(decode(line), line, Reading()).error_message == message
