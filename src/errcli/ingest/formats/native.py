"""native: errcli's own event, in the three shapes that occur: nested, flat, and spread at the top level."""

from contextlib import suppress
from typing import Any

import msgspec

from errcli.event import Event, NotAnEventError, event_ids
from errcli.ingest.event_time import parse_event_time
from errcli.ingest.formats.fields import as_bool, as_id, as_json, as_occurrences, as_text, as_texts

Section = dict[str, Any]

_SPREAD = ("type", "code", "message", "userMessage", "technical")
_FLAT = ("error_type", "error_code", "error_message", "errorType", "errorCode", "errorMessage")
_NOTHING: Section = {}


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has an error and a user where this format keeps them."""
    return _error_of(record) is not None and ("userId" in record or "user_id" in record)


def to_event(record: dict[str, Any], text: bytes) -> Event:
    """Read a record of any of the three shapes; camelCase and snake_case names are both taken.

    Raises NotAnEventError: "not an event", "no user", "bad time".
    """
    error = _error_of(record)
    if error is None:
        raise NotAnEventError("not an event")
    user_id = as_id(_first(record, "userId", "user_id"))
    if user_id is None:
        raise NotAnEventError("no user")
    own_id = as_id(record.get("id"))
    uuid, source_id = event_ids(own_id, text)
    context, impact, recovery = (_section(record, name) for name in ("context", "impact", "recovery"))
    error_type = as_text(_nested(error, ("type",), record, ("error_type", "errorType"))) or "unknown"
    return Event(
        id=uuid,
        source_id=source_id,
        user_id=user_id,
        session_id=as_id(_first(record, "sessionId", "session_id")),
        timestamp=parse_event_time(record.get("timestamp")),
        error_type=error_type,
        error_code=as_text(_nested(error, ("code",), record, ("error_code", "errorCode"))),
        error_message=as_text(_nested(error, ("message",), record, ("error_message", "errorMessage"))),
        user_message=as_text(_nested(error, ("userMessage", "user_message"), record, ("userMessage", "user_message"))),
        technical=as_text(_nested(error, ("technical",), record, ("technical",))),
        page=as_text(_nested(context, ("page",), record, ("page",))),
        action=as_text(_nested(context, ("action",), record, ("action",))),
        severity=as_text(_nested(impact, ("severity",), record, ("severity",))),
        user_blocked=as_bool(_either(impact, record, "userBlocked", "user_blocked")),
        workflow_failed=as_bool(_either(impact, record, "workflowFailed", "workflow_failed")),
        data_loss=as_bool(_either(impact, record, "dataLoss", "data_loss")),
        workflow_id=as_id(_either(context, record, "workflowId", "workflow_id")),
        agent_id=as_id(_either(context, record, "agentId", "agent_id")),
        input_data=_input_data(_either(context, record, "inputData", "input_data")),
        previous_errors=as_texts(_either(context, record, "previousErrors", "previous_errors")),
        recovery_attempted=as_bool(_nested(recovery, ("attempted",), record, ("recovery_attempted",))),
        recovery_successful=as_bool(_nested(recovery, ("successful",), record, ("recovery_successful",))),
        recovery_method=as_text(_nested(recovery, ("method",), record, ("recovery_method",))),
        recovery_user_action=as_text(
            _nested(recovery, ("userAction", "user_action"), record, ("recovery_user_action",))
        ),
        release=as_text(_either(record, context, "release", "release")),
        fingerprint=as_text(record.get("fingerprint")),
        occurrences=as_occurrences(record.get("occurrences")),
    )


def _error_of(record: dict[str, Any]) -> Section | None:
    """Return the part of a record that holds the error's own fields; None where there is no error."""
    error = record.get("error")
    if isinstance(error, dict):
        return error
    if error is None and any(record.get(name) is not None for name in _FLAT):
        return _NOTHING
    if error is None and isinstance(record.get("context"), dict) and any(name in record for name in _SPREAD):
        return record
    return None


def _section(record: dict[str, Any], name: str) -> Section:
    section = record.get(name)
    return section if isinstance(section, dict) else _NOTHING


def _first(section: Section, *names: str) -> Any:
    for name in names:
        value = section.get(name)
        if value is not None:
            return value
    return None


def _nested(section: Section, names: tuple[str, ...], record: Section, flat_names: tuple[str, ...]) -> Any:
    value = _first(section, *names)
    return _first(record, *flat_names) if value is None else value


def _either(section: Section, record: Section, camel: str, snake: str) -> Any:
    return _nested(section, (camel, snake), record, (camel, snake))


def _input_data(value: Any) -> str | None:
    """Return JSON text; text that already is a JSON object or list is taken as such."""
    if value is None:
        return None
    if isinstance(value, str) and value[:1] in "{[":
        with suppress(msgspec.DecodeError, RecursionError):
            value = msgspec.json.decode(value)
    return as_json(value)
