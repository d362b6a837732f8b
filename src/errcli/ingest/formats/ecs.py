"""ecs: Elastic Common Schema, which ECS loggers and Beats write; keys are dotted or nested, often both in one record.

Fields: https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
The schema has no session for a user: a label, or `session.id`, names it.
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.fields import as_id
from errcli.ingest.formats.logs import log_event_of_level
from errcli.ingest.formats.tracebacks import joined, raised_in
from errcli.ingest.paths import at, first
from errcli.ingest.reading import Reading

_USERS = ("user.id", "user.name", "user.email")
_SESSIONS = ("labels.session_id", "labels.sessionId", "labels.session")
_LEVELS = ("log.level", "log.syslog.severity.name")
_PAGES = ("url.path", "url.original", "url.full")
_TRACEBACK = "Traceback (most recent call last):"


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record says which version of the schema it keeps to, and has its time."""
    return as_id(at(record, "ecs.version")) is not None and isinstance(record.get("@timestamp"), str | int | float)


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    trace = joined(at(record, "error.stack_trace"))
    error_type, error_message = first(record, ("error.type",)), first(record, ("error.message",))
    if error_type is None and trace is not None and _TRACEBACK in trace:
        error_type, raised_message = raised_in(trace)
        error_message = error_message or raised_message
    if "@timestamp" not in record or (error_message is None and first(record, (*_LEVELS, "message")) is None):
        raise NotAnEventError("not an event")
    severity = next((known for path in _LEVELS if (known := levels.of_word(at(record, path)))), None)
    if severity is None and (error_message is not None or trace is not None):
        severity = levels.HIGH
    given = {
        "id": at(record, "event.id"),
        "timestamp": record["@timestamp"],
        "user_id": next((user_id for path in _USERS if (user_id := as_id(at(record, path)))), None),
        "session_id": first(record, _SESSIONS),
        "error_type": error_type,
        "error_code": first(record, ("error.code", "http.response.status_code")),
        "error_message": error_message or at(record, "message"),
        "technical": trace,
        "page": first(record, _PAGES),
        "action": at(record, "event.action"),
    }
    return log_event_of_level(severity, given, record, text, reading)
