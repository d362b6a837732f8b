"""native: errcli's own event, in the three shapes that occur: nested, flat, and spread at the top level."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec

from errcli.event import Event, NotAnEventError, event_ids
from errcli.ingest.depth import is_too_deep
from errcli.ingest.event_time import parse_event_time
from errcli.ingest.formats.fields import as_bool, as_id, as_json, as_occurrences, as_text, as_texts
from errcli.ingest.reading import Reading

Section = dict[str, Any]
Field = tuple[str, Callable[[Any], Any]]


def _input_data(value: Any) -> str:
    """Return JSON text; text that already is a JSON object or list is taken as such."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        with suppress(msgspec.DecodeError, RecursionError):
            inner = msgspec.json.decode(value)
            return as_json(value if is_too_deep(inner, value) else inner)
    return as_json(value)


# How a column's value is read; those that are not here are texts.
_READERS: dict[str, Callable[[Any], Any]] = {
    "id": as_id,
    "source_id": as_id,
    "user_id": as_id,
    "session_id": as_id,
    "workflow_id": as_id,
    "agent_id": as_id,
    "user_blocked": as_bool,
    "workflow_failed": as_bool,
    "data_loss": as_bool,
    "recovery_attempted": as_bool,
    "recovery_successful": as_bool,
    "input_data": _input_data,
    "previous_errors": as_texts,
    "occurrences": as_occurrences,
}


def _fields(columns: dict[str, str]) -> dict[str, Field]:
    return {name: (column, _READERS.get(column, as_text)) for name, column in columns.items()}


# Which column a name means, by the section that it stands in, and how its value is read.
_ERROR = _fields(
    {
        "type": "error_type",
        "code": "error_code",
        "message": "error_message",
        "userMessage": "user_message",
        "user_message": "user_message",
        "technical": "technical",
    }
)
_CONTEXT = _fields(
    {
        "page": "page",
        "action": "action",
        "workflowId": "workflow_id",
        "workflow_id": "workflow_id",
        "agentId": "agent_id",
        "agent_id": "agent_id",
        "inputData": "input_data",
        "input_data": "input_data",
        "previousErrors": "previous_errors",
        "previous_errors": "previous_errors",
        "release": "release",
    }
)
_IMPACT = _fields(
    {
        "severity": "severity",
        "userBlocked": "user_blocked",
        "user_blocked": "user_blocked",
        "workflowFailed": "workflow_failed",
        "workflow_failed": "workflow_failed",
        "dataLoss": "data_loss",
        "data_loss": "data_loss",
    }
)
_RECOVERY = _fields(
    {
        "attempted": "recovery_attempted",
        "successful": "recovery_successful",
        "method": "recovery_method",
        "userAction": "recovery_user_action",
        "user_action": "recovery_user_action",
    }
)
_FLAT_ERROR = _fields(
    {
        "error_type": "error_type",
        "errorType": "error_type",
        "error_code": "error_code",
        "errorCode": "error_code",
        "error_message": "error_message",
        "errorMessage": "error_message",
    }
)
_FLAT = (
    _fields(
        {
            "id": "id",
            "source_id": "source_id",
            "userId": "user_id",
            "user_id": "user_id",
            "sessionId": "session_id",
            "session_id": "session_id",
            "userMessage": "user_message",
            "user_message": "user_message",
            "technical": "technical",
            "recovery_attempted": "recovery_attempted",
            "recovery_successful": "recovery_successful",
            "recovery_method": "recovery_method",
            "recovery_user_action": "recovery_user_action",
            "fingerprint": "fingerprint",
            "occurrences": "occurrences",
        }
    )
    | _FLAT_ERROR
    | _CONTEXT
    | _IMPACT
)
_SECTIONS = (("context", _CONTEXT), ("impact", _IMPACT), ("recovery", _RECOVERY))


def recognises(record: Section) -> bool:
    """Whether a record has an error, a user and a time where this format keeps them."""
    return _error_of(record) is not None and ("userId" in record or "user_id" in record) and "timestamp" in record


def to_event(record: Section, text: bytes, reading: Reading) -> Event:
    """Read a record of any of the three shapes; camelCase and snake_case names are both taken.

    Raises NotAnEventError: "not an event", "no user", "bad time".
    """
    return to_event_given({}, record, text, reading)


def to_event_given(given: Section, record: Section, text: bytes, reading: Reading) -> Event:
    """Read a record of which some columns are known from elsewhere: `given` goes before what the record says."""
    error = _error_of(record)
    if error is None:
        error = _error_of(given)
    if error is None:
        raise NotAnEventError("not an event")
    columns: Section = {}
    _collect(given, _FLAT, columns)
    _collect(error, _ERROR, columns)
    for name, names in _SECTIONS:
        section = record.get(name)
        if type(section) is dict:
            _collect(section, names, columns)
    _collect(record, _FLAT, columns)
    if "user_id" not in columns:
        raise NotAnEventError("no user")
    columns["timestamp"] = parse_event_time(given.get("timestamp", record.get("timestamp")), reading.zone)
    columns["id"], source_id = event_ids(columns.get("id"), text)
    if source_id is not None:
        columns["source_id"] = source_id
    if columns.get("error_type") == "":
        del columns["error_type"]
    return Event(**columns)


def _error_of(record: Section) -> Section | None:
    """Return the part of a record that holds the error's own fields; None where there is no error."""
    error = record.get("error")
    if isinstance(error, dict):
        return error
    if any(record.get(name) is not None for name in _FLAT_ERROR):
        return {}
    if isinstance(record.get("context"), dict) and not _ERROR.keys().isdisjoint(record):
        return record
    return None


def _collect(section: Section, fields: dict[str, Field], columns: Section) -> None:
    """Read what a section says into the columns that have no value yet."""
    for name, value in section.items():
        if value is None or name not in fields:
            continue
        column, read = fields[name]
        if column in columns:
            continue
        if read is as_text and type(value) is str:
            columns[column] = value
        elif (read_value := read(value)) is not None:
            columns[column] = read_value
