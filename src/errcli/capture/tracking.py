"""What does an event say of an error: the caller's words, the exception's, and whose error it is."""

import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from errcli.capture.behalf import CURRENT
from errcli.capture.codes import CANCELLED, Kind, kind_of
from errcli.capture.repeats import Repeats, mark, marked
from errcli.capture.texts import flag_of, id_of, text_of
from errcli.capture.writer import the_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from errcli.capture.fields import Fields

Event = dict[str, Any]

ANONYMOUS = "anonymous"
"""Who ran into an error where nobody is named: an event needs a user."""

_UNKNOWN = Kind("unknown")
_BESIDES_TEXTS = 1000
"""About how many bytes an event takes in memory, long texts not counted."""

_repeats = Repeats()


def track_error(error: Any, **fields: "Unpack[Fields]") -> str:
    """Write down an error, an exception or what there is to say of it, that a user runs into now; return the event's id.

    `Fields` lists what else can be said. Not written are errors of the code CANCELLED, and what is the same as an event
    within the last second: the same exception on its way up, or the same user's error with the same session, type, code,
    message, page and action. Of these the first one's id is returned. Raises nothing, and does not wait for the disk.
    """
    try:
        event = event_of(error, **fields)
        before = _before(error, event)
        if before is None:
            return write(error, event)
        the_writer().ignore()
    except Exception as failure:  # noqa: BLE001 - an application must not fail because its errors are written down
        the_writer().fail(failure)
        return str(uuid.uuid4())
    return before


def event_of(
    error: Any,
    *,
    user: Any = None,
    session: Any = None,
    page: Any = None,
    action: Any = None,
    severity: Any = "medium",
    user_blocked: Any = None,
    workflow_failed: Any = None,
    data_loss: Any = None,
    type: Any = None,  # noqa: A002 - these are the words of `errcli track`
    code: Any = None,
    message: Any = None,
    user_message: Any = None,
    technical: Any = None,
    workflow: Any = None,
    agent: Any = None,
    input_data: Any = None,
    previous_errors: Any = None,
    recovered: Any = None,
    recovery_method: Any = None,
    recovery_user_action: Any = None,
    fingerprint: Any = None,
) -> Event:
    """Return the event of an error that happens now, in the nested form; None is what is not known."""
    behalf = CURRENT.get()
    kind = _UNKNOWN
    if isinstance(error, BaseException):
        kind = kind_of(error)
        technical = _traceback_of(error) if technical is None else technical
    page = behalf.page if page is None else page
    return {
        "id": str(uuid.uuid4()),
        "userId": id_of(behalf.user if user is None else user) or ANONYMOUS,
        "sessionId": id_of(behalf.session if session is None else session),
        "timestamp": datetime.now(UTC),
        "release": text_of(the_writer().settings.release),
        "fingerprint": text_of(fingerprint),
        "error": {
            "type": text_of(kind.type if type is None else type),
            "code": text_of(kind.code if code is None else code),
            "message": text_of(error if message is None else message),
            "userMessage": text_of(user_message),
            "technical": text_of(technical),
        },
        "context": {
            "page": id_of(page) if callable(page) else text_of(page),
            "action": text_of(action),
            "workflowId": id_of(workflow),
            "agentId": id_of(agent),
            "inputData": None if input_data is None else the_writer().encoded(input_data),
            "previousErrors": _texts_of(previous_errors),
        },
        "impact": {
            "severity": text_of(severity),
            "userBlocked": flag_of(user_blocked),
            "workflowFailed": flag_of(workflow_failed),
            "dataLoss": flag_of(data_loss),
        },
        "recovery": {
            "attempted": None if recovered is None else True,
            "successful": flag_of(recovered),
            "method": text_of(recovery_method),
            "userAction": text_of(recovery_user_action),
        },
    }


def write(error: Any, event: Event) -> str:
    """Hand an event over, whether or not it repeats another one; return its id."""
    if isinstance(error, BaseException):
        mark(error, event["userId"], event["id"])
    texts = event["error"]
    size = _BESIDES_TEXTS + len(texts["message"] or "") + len(texts["technical"] or "")
    given = event["context"]["inputData"]
    if given is not None:
        size += len(given) if isinstance(given, str) else memoryview(given).nbytes
    the_writer().put(event, size)
    event_id: str = event["id"]
    return event_id


def _before(error: Any, event: Event) -> str | None:
    """Return the id of the event that an error is already; of one that was called off its own, which nobody gets to see."""
    said, context, event_id = event["error"], event["context"], event["id"]
    if said["code"] == CANCELLED:
        return str(event_id)
    if isinstance(error, BaseException) and (before := marked(error, event["userId"])) is not None:
        return before
    key = (
        event["userId"], event["sessionId"], said["type"], said["code"], said["message"], context["page"],
        context["action"],
    )  # fmt: skip
    return _repeats.repeated(hash(key), event_id)


def _traceback_of(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - an exception may be anything
        return ""


def _texts_of(values: Any) -> list[str] | None:
    """Return the texts of a list, the first hundred; of one value a list of that."""
    if values is None:
        return None
    listed = list(values)[:100] if isinstance(values, list | tuple) else [values]
    return [text_of(value) or "" for value in listed]
