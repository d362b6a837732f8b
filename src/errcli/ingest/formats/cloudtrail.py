"""cloudtrail: AWS CloudTrail records; a failed API call is an error, a successful one is dropped.

Fields: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError, event_ids
from errcli.ingest.event_time import parse_event_time
from errcli.ingest.formats.fields import as_id, as_json, as_text
from errcli.ingest.reading import Reading

# The first word found in the error code tells the type; CloudTrail has none of its own.
_TYPES = (
    (
        "permission",
        ("accessdenied", "unauthorized", "forbidden", "notauthorized", "authfailure", "optinrequired"),
    ),
    ("timeout", ("timeout", "timedout")),
    ("network", ("throttl", "slowdown", "limitexceeded", "unavailable", "toomanyrequests")),
    ("validation", ("invalid", "malformed", "validation", "missing", "badrequest", "dryrun")),
)
_TECHNICAL = ("awsRegion", "requestID", "sourceIPAddress", "userAgent")


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record names an AWS service, one of its calls and its time."""
    return all(isinstance(record.get(name), str) for name in ("eventSource", "eventName", "eventTime"))


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record: the caller's ARN is the user, the access key the session, service and call the place.

    Raises NotAnEventError: "not an event", "no user", "bad time".
    """
    if not recognises(record):
        raise NotAnEventError("not an event")
    code, message = (as_text(record.get(name)) or None for name in ("errorCode", "errorMessage"))
    if code is None and message is None and not _is_failed_sign_in(record):
        return Dropped("successful call")
    identity = record.get("userIdentity")
    identity = identity if isinstance(identity, dict) else {}
    user_id = _user(identity)
    if user_id is None:
        raise NotAnEventError("no user")
    uuid, source_id = event_ids(as_id(record.get("eventID")), text)
    parameters = record.get("requestParameters")
    technical = {name: record[name] for name in _TECHNICAL if record.get(name) is not None}
    return Event(
        id=uuid,
        source_id=source_id,
        user_id=user_id,
        session_id=as_id(identity.get("accessKeyId")),
        timestamp=parse_event_time(record["eventTime"], reading.zone),
        error_type=_type(code),
        error_code=code,
        error_message=message,
        technical=as_json(technical) if technical else None,
        page=record["eventSource"],
        action=record["eventName"],
        input_data=None if parameters is None else as_json(parameters),
    )


def _is_failed_sign_in(record: dict[str, Any]) -> bool:
    """Whether the answer alone tells of the failure: sign-in events have no error code, and not always a message."""
    answer = record.get("responseElements")
    return isinstance(answer, dict) and answer.get(record["eventName"]) == "Failure"


def _user(identity: dict[str, Any]) -> str | None:
    """Return the caller's ARN, or the best other name: services and federated users have no ARN."""
    for name in ("arn", "userName", "principalId", "invokedBy", "accountId"):
        user_id = as_id(identity.get(name))
        if user_id is not None:
            return user_id
    return None


def _type(code: str | None) -> str:
    squeezed = (code or "").lower()
    for error_type, words in _TYPES:
        if any(word in squeezed for word in words):
            return error_type
    return "unknown"
