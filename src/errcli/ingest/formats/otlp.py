"""otlp: OpenTelemetry's logs in OTLP/JSON; a line is a batch of many records, which `records_of` takes apart.

Fields: https://opentelemetry.io/docs/specs/otel/logs/data-model/
"""

import re
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.fields import as_text
from errcli.ingest.formats.logs import log_event_of_level
from errcli.ingest.formats.tracebacks import raised_in
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_USERS = ("user.id", "enduser.id", "enduser.pseudo.id")
_CODES = ("error_code", "error.code", "code", "http.response.status_code", "http.status_code")
_PAGES = ("url.path", "http.route", "http.target", "url.full", "http.url")
_TRACEBACK = "Traceback (most recent call last):"
_SEVERITY_NAME = re.compile(r"SEVERITY_NUMBER_([A-Z]+)\d?")  # protobuf's own JSON names what others number
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


def recognises(record: dict[str, Any]) -> bool:
    """Whether a line is a batch of logs, or a record is one of `records_of`."""
    return isinstance(record.get("resourceLogs"), list) or _is_single(record)


def records_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a batch's log records, each with `attributes`, `body`, and what `resource` and `scope` say, as plain JSON.

    A batch may be empty. A line that is no batch, or a damaged one, is returned as it is: it is no event.
    """
    if not isinstance(record.get("resourceLogs"), list):
        return [record]
    try:
        return [
            {
                **log,
                "body": _plain(log.get("body")),
                "attributes": _mapping(log.get("attributes")),
                "resource": _mapping(_object(of_resource.get("resource")).get("attributes")),
                "scope": _scope(_object(of_scope.get("scope"))),
            }
            for of_resource in _objects(record["resourceLogs"])
            for of_scope in _objects(of_resource.get("scopeLogs"))
            for log in _objects(of_scope.get("logRecords"))
        ]
    except NotAnEventError:
        return [record]


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one of the records of a batch. Raises NotAnEventError: "not an event", "bad time"."""
    if not _is_single(record):
        raise NotAnEventError("not an event")
    body = record.get("body")
    fields = body if isinstance(body, dict) else {}
    own = {**record["resource"], **fields, **record["attributes"]}
    message = first(fields, ("message", "msg")) if fields else body
    given = {
        "id": own.get("log.record.uid"),
        "timestamp": _time(record),
        "user_id": first(own, _USERS),
        "error_type": first(own, ("exception.type", "error.type")),
        "error_code": first(own, _CODES),
        "error_message": _message(own) or as_text(body if message is None else message),
        "technical": own.get("exception.stacktrace"),
        "page": first(own, _PAGES),
        "action": record.get("eventName") or own.get("event.name"),
    }
    return log_event_of_level(_severity(record), given, own, text, reading)


def _message(own: dict[str, Any]) -> str | None:
    """Return what an exception says, in full where a traceback ends with it: Python's SDK writes its first argument."""
    trace, message = own.get("exception.stacktrace"), first(own, ("exception.message", "error.message"))
    if isinstance(trace, str) and _TRACEBACK in trace:
        raised = raised_in(trace)[1]
        if raised is not None and isinstance(message, str) and message in raised:
            return raised
    return as_text(message)


def _is_single(record: dict[str, Any]) -> bool:
    return all(isinstance(record.get(name), dict) for name in ("attributes", "resource", "scope"))


def _time(record: dict[str, Any]) -> Any:
    """Return when it happened, else when it was seen; 0 is a time that is not known."""
    times = (record.get(name) for name in ("timeUnixNano", "observedTimeUnixNano"))
    return next((time for time in times if time not in (None, "", 0, "0")), None)


def _severity(record: dict[str, Any]) -> str | None:
    number, word = record.get("severityNumber"), record.get("severityText")
    if isinstance(number, str) and (named := _SEVERITY_NAME.fullmatch(number)):
        number, word = None, word if levels.of_word(named[1]) is None else named[1]
    of_number = levels.of_number(number, medium=13, high=17, critical=21) if number else None
    return of_number or levels.of_word(word)


def _scope(scope: dict[str, Any]) -> dict[str, Any]:
    return {name: scope[name] for name in ("name", "version") if name in scope} | _mapping(scope.get("attributes"))


def _mapping(pairs: Any) -> dict[str, Any]:
    """Return a list of keys and values as an object."""
    return {str(pair.get("key")): _plain(pair.get("value")) for pair in _objects(pairs)}


def _plain(value: Any) -> Any:
    """Return a typed value as JSON has it: 64-bit integers, which are texts, as numbers, an empty one as null."""
    kind, inner = next(iter(_object(value).items()), ("", None))
    if kind == "kvlistValue":
        return _mapping(_object(inner).get("values"))
    if kind == "arrayValue":
        return [_plain(item) for item in _objects(_object(inner).get("values"))]
    if kind == "intValue" and isinstance(inner, str) and _INTEGER.fullmatch(inner):
        return int(inner)
    return inner


def _object(value: Any) -> dict[str, Any]:
    """Return an object, an empty one where there is none. Raises NotAnEventError for any other value."""
    if value is not None and not isinstance(value, dict):
        raise NotAnEventError("not an event")
    return value or {}


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return a list of objects, an empty one where there is none. Raises NotAnEventError for any other value."""
    if value is not None and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
        raise NotAnEventError("not an event")
    return value or []
