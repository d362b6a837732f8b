"""What does an event say of an error: the caller's words, the exception's, and whose error it is.

Loaded with the first error, as are the modules that only this one needs.
"""

import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from errcli.capture.behalf import CURRENT
from errcli.capture.codes import CANCELLED, kind_of
from errcli.capture.repeats import ANONYMOUS, Repeats, mark, marked
from errcli.capture.texts import flag_of, id_of, text_of, texts_of
from errcli.capture.writer import the_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from errcli.capture.fields import Fields

Event = dict[str, Any]

_BESIDES_TEXTS = 1000
"""About how many bytes an event takes in memory, long texts not counted."""


def _place_of(page: Any) -> str | None:
    return id_of(page) if callable(page) else text_of(page)


def _encoded(value: Any) -> Any:
    return the_writer().encoded(value)


# Where a field stands in the nested form, and how its value is read.
_PLACES: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "type": ("error", "type", text_of),
    "code": ("error", "code", text_of),
    "message": ("error", "message", text_of),
    "user_message": ("error", "userMessage", text_of),
    "technical": ("error", "technical", text_of),
    "page": ("context", "page", _place_of),
    "action": ("context", "action", text_of),
    "workflow": ("context", "workflowId", id_of),
    "agent": ("context", "agentId", id_of),
    "input_data": ("context", "inputData", _encoded),
    "previous_errors": ("context", "previousErrors", texts_of),
    "severity": ("impact", "severity", text_of),
    "user_blocked": ("impact", "userBlocked", flag_of),
    "workflow_failed": ("impact", "workflowFailed", flag_of),
    "data_loss": ("impact", "dataLoss", flag_of),
    "recovered": ("recovery", "successful", flag_of),
    "recovery_method": ("recovery", "method", text_of),
    "recovery_user_action": ("recovery", "userAction", text_of),
}
_AT_THE_TOP = frozenset({"user", "session", "fingerprint"})

_repeats = Repeats()


def track(error: Any, fields: "Fields") -> str:
    """Hand over the event of an error, unless it is none or a repeat; return its id, or that of what it repeats."""
    event = event_of(error, fields)
    before = _before(error, event)
    if before is None:
        return write(error, event)
    the_writer().ignore()
    return before


def event_of(error: Any, fields: "Fields") -> Event:
    """Return the event of an error that happens now, in the nested form: its four sections hold what is known."""
    behalf = CURRENT.get()
    event: Event = {
        "id": str(uuid.uuid4()),
        "userId": id_of(fields.get("user")) or id_of(behalf.user) or ANONYMOUS,
        "sessionId": id_of(fields.get("session")) or id_of(behalf.session),
        "timestamp": datetime.now(UTC),
        "release": the_writer().settings.release,
        "fingerprint": text_of(fields.get("fingerprint")),
        "error": _said_by(error, fields),
        "context": {} if behalf.page is None else {"page": _place_of(behalf.page)},
        "impact": {"severity": "medium"},
        "recovery": {},
    }
    for name, value in fields.items():
        if value is None or name in _AT_THE_TOP:
            continue
        if name not in _PLACES:
            the_writer().complain(f"track_error takes no {name!r}, which is left out")
            continue
        section, key, read = _PLACES[name]
        event[section][key] = read(value)
    if "successful" in event["recovery"]:
        event["recovery"]["attempted"] = True
    return event


def write(error: Any, event: Event) -> str:
    """Hand an event over, whether or not it repeats another one; return its id."""
    if isinstance(error, BaseException):
        mark(error, event["userId"], event["id"])
    said, given = event["error"], event["context"].get("inputData")
    size = _BESIDES_TEXTS + len(said["message"]) + len(said.get("technical", ""))
    if given is not None:
        size += len(given) if isinstance(given, str) else memoryview(given).nbytes
    the_writer().put(event, size)
    event_id: str = event["id"]
    return event_id


def _said_by(error: Any, fields: "Fields") -> dict[str, Any]:
    """Return what an exception says of itself, or a text."""
    if not isinstance(error, BaseException):
        return {"type": "unknown", "message": text_of(error) or ""}
    kind, code = kind_of(error)
    said = {"type": kind, "message": text_of(error)}
    if code is not None:
        said["code"] = code
    if fields.get("technical") is None:
        said["technical"] = text_of(_traceback_of(error))
    return said


def _before(error: Any, event: Event) -> str | None:
    """Return the id of the event that an error is already, or of one that is not to be written; else None."""
    said, context, event_id = event["error"], event["context"], event["id"]
    code = said.get("code")
    if code == CANCELLED:
        return str(event_id)
    if isinstance(error, BaseException) and (before := marked(error, event["userId"])) is not None:
        return before
    place = context.get("page"), context.get("action")
    key = hash((event["userId"], event["sessionId"], said["type"], code, said["message"], place))
    return _repeats.repeated(key, event_id)


def _traceback_of(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - an exception may be anything
        return ""
