"""Are the logs of services read as their makers mean them: Sentry, OpenTelemetry, ECS, nginx and Caddy?"""

import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest import formats
from errcli.ingest.formats import ecs, nginx, otlp, sentry
from errcli.ingest.reading import Reading
from tests.support import Cli

DATA = Path(__file__).parent / "formats" / "data"
SERVICES = ("sentry", "otlp", "ecs", "nginx", "caddy")
FILES = [file.name for name in SERVICES for file in sorted(DATA.glob(f"{name}*.jsonl"))]
Record = dict[str, Any]


def format_of(file: str) -> str:
    return file.removesuffix(".jsonl").split("-")[0]


def records(file: str) -> list[Record]:
    """Return a file's records; nginx writes lines that are not JSON."""
    return [json.loads(line) for line in (DATA / file).read_text("utf-8").splitlines() if "\\x" not in line]


def single(file: str) -> list[Record]:
    """Return the records of a file's batches."""
    return [each for record in records(file) for each in otlp.records_of(record)]


def read(name: str, record: Record, *, all_levels: bool = False) -> Any:
    """Return an event's columns that have a value, its id if it is the event's own; or the rule that drops it."""
    text = msgspec.json.encode(record)
    outcome = formats.by_name(name).to_event(record, text, Reading(all_levels=all_levels))
    if isinstance(outcome, Dropped):
        return outcome.rule
    columns = {column: getattr(outcome, column) for column in Event.__struct_fields__}
    left_out = {"place_hash", "shape_id", "occurrences"} | ({"id"} if columns["id"].version == 5 else set())
    return {column: value for column, value in columns.items() if value is not None and column not in left_out}


def refusal(name: str, record: Record) -> str:
    with pytest.raises(NotAnEventError) as raised:
        read(name, record)
    return str(raised.value)


@pytest.mark.parametrize("file", sorted(file.name for file in DATA.glob("*.jsonl")))
def test_each_record_is_recognised_by_its_own_format_and_by_no_other(file: str) -> None:
    own = format_of(file)
    for record in records(file):
        names = [name for name in formats.NAMES if formats.by_name(name).recognises(record)]
        if file in FILES:
            assert names == ([] if own == "caddy" and record["msg"] != "handled request" else [own])
        assert own in SERVICES or set(names).isdisjoint(SERVICES)
    assert file not in FILES or formats.detect(records(file)) == own


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("sentry", {"event_id": "a" * 32, "message": "m", "level": "error", "timestamp": 1}),
        ("sentry", {"event_id": "17", "exception": {"values": [{"type": "E"}]}}),
        ("sentry", {"event_id": "a" * 32, "exception": [{"exc_type": "E"}]}),
        ("sentry", {"event_id": "a" * 32, "sent_at": "2026-01-01T00:00:00Z", "sdk": {"name": "sentry.python"}}),
        ("otlp", {"resourceSpans": []}),
        ("otlp", {"resourceLogs": {}}),
        ("ecs", {"@timestamp": "2026-01-01T00:00:00Z", "message": "m", "log.level": "error"}),
        ("ecs", {"ecs": {"version": "8.11"}, "timestamp": "2026-01-01T00:00:00Z"}),
        ("nginx", {"status": 500, "path": "/", "method": "GET", "time": 1, "level": "error"}),
        ("nginx", {"status": "failed", "path": "/", "method": "GET", "time": 1}),
        ("nginx", {"status": 500, "path": "/", "time": 1}),
        ("nginx", {"status": 500, "path": "/", "method": "GET"}),
        ("nginx", {"status": 500, "request": "nonsense", "time": 1}),
        ("caddy", {"status": 500, "request": {"uri": "/"}, "ts": 1, "msg": "request", "logger": "http.log.error"}),
        ("caddy", {"status": 500, "request": "/", "ts": 1, "msg": "handled request"}),
    ],
)
def test_what_only_looks_like_a_services_record_is_not_recognised(name: str, record: Record) -> None:
    assert not formats.by_name(name).recognises(record)


def fate(name: str, record: Record) -> str:
    """Tell again, in plain Python, what becomes of a line."""
    user = record.get("user") or record.get("user_id") or record.get("remote_user", "").strip("-")
    user = user if user != {"ip_address": "{{auto}}"} else None
    if name == "otlp":
        user = {"user.id", "enduser.id", "enduser.pseudo.id"}.intersection(record["attributes"])
        record = {"level": "info" if str(record.get("severityText")) in ("DEBUG", "INFO") else None}
    if record.get("type") == "transaction":
        return "transaction"
    if name == "caddy" and record["msg"] != "handled request":
        return "message of the server"
    if "status" in record and int(record["status"]) < 400:
        return "successful request"
    if "status" not in record and record.get("log.level", record.get("level")) in ("info", "debug"):
        return "below warning"
    return "stored" if user else "no user"


@pytest.mark.parametrize("detected", [True, False])
@pytest.mark.parametrize("file", FILES)
def test_every_line_of_a_file_is_accounted_for(cli: Cli, file: str, detected: bool) -> None:
    fate_of, lines = partial(fate, format_of(file)), (DATA / file).read_text("utf-8").splitlines()
    if format_of(file) == "otlp":
        lines = [json.dumps(record) for record in single(file)]
    fates = Counter("rejected" if "\\x" in line else fate_of(json.loads(line)) for line in lines)
    # the same request twice within the second that the log tells is a duplicate
    stored = len({line for line in lines if "\\x" not in line and fate_of(json.loads(line)) == "stored"})
    dropped = {rule: count for rule, count in fates.items() if rule not in ("stored", "rejected")}
    row = cli("ingest", DATA / file, *(() if detected else ("--from", format_of(file))), "-f", "json").row
    expected = (len(lines), stored, fates["stored"] - stored, sum(dropped.values()), fates["rejected"], 0)
    assert tuple(row[name] for name in ("lines", "stored", "duplicates", "dropped", "rejected", "blank")) == expected
    rules = cli("query", "SELECT rule, count FROM dropped_counts", "-f", "json").rows
    assert {row["rule"]: row["count"] for row in rules} == dropped


def test_a_record_of_something_else_is_no_event() -> None:
    for name in SERVICES:
        assert refusal(name, {"timestamp": "2026-01-01T00:00:00Z", "user_id": "u-1"}) == "not an event"


def test_an_exception_of_sentry_has_each_field_in_its_column() -> None:
    record = records("sentry.jsonl")[1]
    columns = read("sentry", record)
    assert columns.pop("id") == UUID(record["event_id"])
    assert columns.pop("timestamp").isoformat() == record["timestamp"].replace("Z", "+00:00")
    assert columns == {
        "user_id": "42", "session_id": "s-1", "error_type": "PaymentError", "error_code": "E1",
        "error_message": "payment failed", "action": "ui.click button#pay", "severity": "high",
        "technical": "PaymentError: payment failed\n  /srv/shop/cart.py:18 in pay\n  /srv/shop/cart.py:27 in attempt\n"
        "with TimeoutError: bank did not answer in 30 s\n  /srv/shop/cart.py:16 in pay",
        "input_data": '{"tags":{"code":"E1","session_id":"s-1"}}', "release": "shop@1.4.0",
    }  # fmt: skip


def test_sentrys_user_goes_by_the_first_name_that_is_known() -> None:
    *known, auto, nobody = (read("sentry", record) for record in records("sentry.jsonl")[:7])
    assert [each["user_id"] for each in known] == ["u-1", "42", "bob@example.com", "zoë", "192.0.2.9"]
    assert (auto, nobody) == ("no user", "no user")


def test_an_error_that_the_application_did_not_handle_blocks_the_user() -> None:
    record = next(each for each in records("sentry.jsonl") if each.get("request", {}).get("url", "").endswith("/17"))
    columns = read("sentry", record)
    assert (columns["page"], columns["input_data"]) == ("http://shop.example/orders/17", '{"method":"POST"}')
    assert columns["user_blocked"] is True
    record["exception"]["values"][-1]["mechanism"]["handled"] = True
    assert "user_blocked" not in read("sentry", record)


def test_messages_of_sentry_are_read_by_level() -> None:
    levels = [each for each in records("sentry.jsonl") if each.get("message", "").startswith("a message of level")]
    assert [read("sentry", each)["severity"] for each in levels[:3]] == ["critical", "high", "medium"]
    assert [read("sentry", each) for each in levels[3:]] == ["below warning", "below warning"]
    assert read("sentry", levels[3], all_levels=True)["error_message"] == "a message of level info"
    assert read("sentry", levels[0] | {"level": "log"}) == "below warning"
    formatted = next(each for each in records("sentry.jsonl") if "logentry" in each and "exception" not in each)
    assert read("sentry", formatted)["error_message"] == "only 2 of chá left"


def test_codes_of_the_system_and_fingerprints_of_sentry_are_kept() -> None:
    events = records("sentry.jsonl")
    (columns,) = (read("sentry", each) for each in events if "logentry" in each and "exception" in each)
    assert (columns["error_type"], columns["error_code"], columns["page"]) == ("FileNotFoundError", "2", "/account")
    chosen = [read("sentry", each).get("fingerprint") for each in events if "fingerprint" in each]
    assert chosen == ["stock tea", "{{ default }} coffee", None]


def test_what_older_and_other_sdks_write_is_read() -> None:
    record = {
        "event_id": "0" * 31 + "1",
        "timestamp": 1767225600.5,
        "exception": [{"type": "TypeError", "value": "x is not a function", "stacktrace": {"frames": [{}, None]}}],
        "tags": [["error_code", "E7"], ["replayId", "r-1"], ["odd"]],
        "user": {"id": "", "email": "ann@example.com"},
        "breadcrumbs": [{"category": "navigation", "data": {"to": "/cart?id=7"}}, {"category": "console"}],
    }
    assert sentry.recognises(record)
    columns = read("sentry", record)
    assert columns.pop("timestamp").timestamp() == 1767225600.5
    assert columns == {
        "id": UUID(int=1), "user_id": "ann@example.com", "session_id": "r-1", "error_type": "TypeError",
        "error_code": "E7", "error_message": "x is not a function", "action": "navigation /cart", "severity": "high",
        "technical": "TypeError: x is not a function\n  ?:? in ?",
        "input_data": '{"tags":{"error_code":"E7","replayId":"r-1"}}',
    }  # fmt: skip


def test_a_long_stack_of_sentry_is_cut() -> None:
    frames = [{"filename": "a.js", "lineno": number, "function": "f"} for number in range(1, 1000)]
    record = records("sentry.jsonl")[0]
    record["exception"]["values"][-1]["stacktrace"]["frames"] = frames
    lines = read("sentry", record)["technical"].splitlines()
    assert (lines[1], len("\n".join(lines))) == ("  a.js:999 in f", 4000)


def test_a_batch_is_taken_apart_into_its_log_records() -> None:
    assert [len(otlp.records_of(record)) for record in records("otlp.jsonl")] == [13, 10, 4]
    first, *_, last = otlp.records_of(records("otlp.jsonl")[2])
    assert (first["resource"]["service.name"], last["resource"]["service.name"]) == ("stock", "shop")
    assert first["scope"] == {"name": "shop.web", "version": "2.1"}
    assert first["body"] == {"message": "pagamento não aceito", "amount": 5, "ok": False, "items": ["tea", None, 2.5]}
    assert first["attributes"]["tries"] == [1, 2]


def test_a_log_record_has_each_field_in_its_column() -> None:
    (record,) = (each for each in single("otlp.jsonl")[:13] if each["attributes"].get("user.id") == "u-2")
    columns = read("otlp", record)
    assert columns.pop("timestamp").timestamp() == int(record["timeUnixNano"]) // 1000 / 1e6
    assert columns == {
        "user_id": "u-2", "session_id": "s-1", "error_type": "FileNotFoundError", "error_code": "500",
        "error_message": "[Errno 2] No such file or directory: '/srv/shop/17.txt'",
        "technical": record["attributes"]["exception.stacktrace"],
        "page": "/pay", "severity": "high", "release": "1.4.0",
    }  # fmt: skip


def test_what_becomes_of_each_of_a_services_log_records() -> None:
    outcomes = [read("otlp", each) for each in single("otlp.jsonl")[:13]]
    told = [each if isinstance(each, str) else f"{each['user_id']} {each['severity']}" for each in outcomes]
    by_level = ["below warning", "below warning", "zoë medium", "zoë high", "zoë critical", "no user"]
    assert told == [*(f"u-{number} high" for number in range(4)), *by_level, "p-7 high", "u-9 medium", "17 medium"]
    structured, untimed, number = outcomes[10:]
    assert (structured["error_type"], structured["error_message"]) == ("declined", "pagamento não aceito")
    assert (structured["action"], structured["page"], untimed["action"]) == ("cart.pay", "/pay", "cart.view")
    seen = int(single("otlp.jsonl")[11]["observedTimeUnixNano"])
    assert (untimed["timestamp"].timestamp(), untimed["source_id"][:4]) == (seen // 1000 / 1e6, "uid-")
    assert number["error_message"] == "17"


def test_protobufs_own_json_says_the_same() -> None:
    proto, own = single("otlp-protobuf.jsonl"), single("otlp.jsonl")[13:]
    assert {record["severityNumber"] for record in proto if "severityNumber" in record} >= {"SEVERITY_NUMBER_ERROR2"}
    assert [read("otlp", record) for record in proto] == [read("otlp", record) for record in own]


def test_a_log_records_time_is_nanoseconds_as_text_or_number_and_never_nothing() -> None:
    record = {"severityNumber": 17, "attributes": {"user.id": "u"}, "resource": {}, "scope": {}}
    for time in ("1767225600000000000", 1767225600000000000, 1.7672256e18):
        columns = read("otlp", record | {"timeUnixNano": time, "observedTimeUnixNano": 1})
        assert columns["timestamp"].isoformat() == "2026-01-01T00:00:00+00:00"
    for nothing in (0, "0", None, "soon"):
        assert refusal("otlp", record | {"timeUnixNano": nothing}) == "bad time"


def test_a_body_may_hold_fields_and_a_severity_number_of_0_is_none() -> None:
    record = {"timeUnixNano": "1767225600000000000", "severityNumber": 0, "severityText": "ERROR", "resource": {}}
    columns = read("otlp", record | {"body": {"msg": "m", "user_id": "u"}, "scope": {}, "attributes": {}})
    assert (columns["user_id"], columns["severity"], columns["error_message"]) == ("u", "high", "m")


def test_a_batch_may_be_empty_and_a_damaged_one_is_no_event() -> None:
    empty: list[Record] = [{"resourceLogs": []}, {"resourceLogs": [{"scopeLogs": [{"logRecords": []}]}, {}]}]
    assert [otlp.records_of(record) for record in empty] == [[], []]
    damages: list[Any] = [[5], [{"scopeLogs": {}}], [{"scopeLogs": [{"logRecords": [{"attributes": [7]}]}]}]]
    for damaged in damages:
        (left,) = otlp.records_of({"resourceLogs": damaged})
        assert refusal("otlp", left) == "not an event"
    assert otlp.records_of({"resourceSpans": []}) == [{"resourceSpans": []}]


def test_an_error_in_ecs_has_each_field_in_its_column() -> None:
    for file in ("ecs.jsonl", "ecs-2.0.jsonl"):
        columns = read("ecs", records(file)[1])
        assert columns.pop("timestamp").strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" == records(file)[1]["@timestamp"]
        frames = '  File "/srv/shop/cart.py", line 27, in attempt\n  File "/srv/shop/cart.py", line 18, in pay\n'
        assert columns == {
            "source_id": "evt-1", "user_id": "u-1", "session_id": "s-1", "error_type": "PaymentError",
            "error_code": "E1", "error_message": "payment failed", "technical": frames, "page": "/pay",
            "action": "pay", "severity": "high", "release": "1.4.0",
        }  # fmt: skip


def test_what_structlog_binds_is_read_in_ecs() -> None:
    low, _, failed, out = (read("ecs", record) for record in records("ecs.jsonl")[10:])
    assert (low["user_id"], low["session_id"], low["page"], low["severity"]) == ("u-5", "s-5", "/cart", "medium")
    assert (failed["error_type"], failed["error_message"]) == ("ValueError", "no price for coffee: não há preço")
    assert (out["user_id"], out["error_type"], out["error_message"]) == ("6", "stock", "não há chá")


def test_a_level_of_ecs_stands_in_either_of_its_places_and_an_error_needs_none() -> None:
    record = {"@timestamp": "2026-01-01T00:00:00Z", "ecs": {"version": "8.11"}, "user": {"name": "ann"}}
    assert ecs.recognises(record)
    assert read("ecs", record | {"log": {"level": "Fatal"}})["severity"] == "critical"
    assert read("ecs", record | {"log.syslog.severity.name": "err"})["severity"] == "high"
    assert read("ecs", record | {"message": "m", "error.stack_trace": "at f"})["severity"] == "high"
    assert read("ecs", record | {"message": "m"}) == "no level"


ANSWERED = {"status": 502, "request": "GET /pay?card=4 HTTP/1.1", "remote_user": "ann", "time": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize("file", ["nginx.jsonl", "nginx-line.jsonl", "nginx-brief.jsonl", "caddy.jsonl"])
def test_a_request_that_failed_is_read_in_every_log_format(file: str) -> None:
    name, wanted = format_of(file), (502, "502")
    record = next(each for each in records(file) if each.get("status") in wanted and fate(name, each) == "stored")
    columns = read(name, record)
    assert "token" not in columns.pop("technical", "")
    assert {name: value for name, value in columns.items() if name not in ("timestamp", "session_id")} == {
        "user_id": "ann", "error_type": "network", "error_code": "502", "error_message": "GET /stock: 502",
        "page": "/stock", "action": "GET", "severity": "high",
    }  # fmt: skip


def test_what_else_a_server_knows_of_a_request_is_kept() -> None:
    columns = read("nginx", next(each for each in records("nginx.jsonl") if each["status"] == 504))
    assert (columns["session_id"], json.loads(columns["technical"])["upstream_status"]) == ("s-ann", "504")
    record = next(each for each in records("caddy.jsonl") if fate("caddy", each) == "stored")
    columns = read("caddy", record | {"user_id": "", "userId": "bob"})
    assert (columns["user_id"], json.loads(columns["technical"])["duration"]) == ("bob", record["duration"])
    assert columns["timestamp"].timestamp() == pytest.approx(record["ts"], abs=1e-6)


@pytest.mark.parametrize(
    ("status", "error_type", "severity"),
    [
        (400, "validation", "medium"), (401, "permission", "medium"), (403, "permission", "medium"),
        (404, "validation", "medium"), (408, "timeout", "medium"), (409, "validation", "medium"),
        (422, "validation", "medium"), (429, "network", "medium"), (499, "network", "medium"),
        (500, "unknown", "high"), (501, "unknown", "high"), (502, "network", "high"), (503, "network", "high"),
        (504, "timeout", "high"),
    ],
)  # fmt: skip
def test_the_status_tells_type_and_severity(status: int, error_type: str, severity: str) -> None:
    for told in (status, str(status)):
        columns = read("nginx", ANSWERED | {"status": told})
        expected = {"error_type": error_type, "severity": severity, "error_code": str(status)}
        assert expected.items() <= columns.items()


def test_a_request_that_did_not_fail_is_dropped_whatever_levels_are_wanted() -> None:
    for status in (0, "000", 101, 200, "204", 301, 304, 399):
        assert read("nginx", ANSWERED | {"status": status}, all_levels=True) == "successful request"


@pytest.mark.parametrize(
    ("fields", "instant"),
    [
        ({"time_local": "01/Jan/2026:02:00:00 +0200"}, "00:00:00+00:00"),
        ({"msec": "1767225600.250", "time": "2026-01-01T00:00:00Z"}, "00:00:00.250000+00:00"),
        ({"@timestamp": "2026-01-01T01:00:00+01:00"}, "00:00:00+00:00"),
        ({"ts": "2026/01/01 00:00:00"}, "00:00:00+00:00"),
    ],
)
def test_a_servers_time_is_read_in_the_forms_that_servers_have(fields: Record, instant: str) -> None:
    record = {name: value for name, value in ANSWERED.items() if name != "time"} | fields
    assert nginx.recognises(record)
    assert read("nginx", record)["timestamp"].isoformat() == f"2026-01-01T{instant}"
    assert refusal("nginx", record | dict.fromkeys(fields, "32/Jan/2026:00:00:00 +0000")) == "bad time"


def test_what_a_server_writes_for_nothing_is_no_page_and_no_user() -> None:
    for line in ("", "-", "nonsense"):
        columns = read("nginx", ANSWERED | {"status": 400, "request": line, "path": ""})
        assert (columns["error_message"], "page" in columns, "action" in columns) == ("request: 400", False, False)
    for nobody in ("", "-", None):
        assert read("nginx", ANSWERED | {"remote_user": nobody, "user": nobody}) == "no user"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(FILES), st.data())
def test_a_record_with_any_value_anywhere_is_an_event_dropped_or_refused(file: str, data: st.DataObject) -> None:
    place: Any = {"": (record := data.draw(st.sampled_from(records(file))))}
    key: Any = ""
    while isinstance(place[key], dict | list) and place[key] and (key == "" or data.draw(st.booleans())):
        place = place[key]
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
    place[key] = data.draw(JSON)
    for name in formats.NAMES:
        formats.by_name(name).recognises(record)
    for each in otlp.records_of(record):
        try:
            assert read(format_of(file), each)
        except NotAnEventError as error:
            assert str(error) in ("not an event", "bad time", "no user")  # noqa: PT017 - either outcome is right
