"""What is an event: the canonical columns that every format is brought to, and its ids."""

import hashlib
import uuid
from datetime import datetime

import msgspec

_NAMESPACE = uuid.UUID("6d1f2c0e-4f0b-5c4e-9d5b-0a7f3b1c9e42")


class Event(msgspec.Struct, kw_only=True, gc=False):
    """One error that one user ran into; the fields are the columns of `user_errors`.

    `input_data` is JSON text. `occurrences` is 1, or more where similar events were folded into this one.
    """

    id: uuid.UUID
    source_id: str | None = None
    user_id: str
    session_id: str | None = None
    timestamp: datetime
    error_type: str = "unknown"
    error_code: str | None = None
    error_message: str | None = None
    user_message: str | None = None
    technical: str | None = None
    page: str | None = None
    action: str | None = None
    severity: str | None = None
    user_blocked: bool | None = None
    workflow_failed: bool | None = None
    data_loss: bool | None = None
    workflow_id: str | None = None
    agent_id: str | None = None
    input_data: str | None = None
    previous_errors: list[str] | None = None
    recovery_attempted: bool | None = None
    recovery_successful: bool | None = None
    recovery_method: str | None = None
    recovery_user_action: str | None = None
    release: str | None = None
    fingerprint: str | None = None
    occurrences: int = 1


IDS = frozenset({"id", "source_id", "user_id", "session_id", "workflow_id", "agent_id"})
"""Columns that name something and are never redacted."""

TEXTS = tuple(
    name
    for name, annotation in Event.__annotations__.items()
    if annotation in (str, str | None) and name not in IDS and name != "input_data"
)
"""Columns of free text, in which a secret may stand."""


class Dropped(msgspec.Struct, frozen=True):
    """A record that is no error worth keeping, and the named rule that says so."""

    rule: str


class NotAnEventError(Exception):
    """A record that cannot become an event; the message is the reason that is kept with it."""


def parse_uuid(text: str) -> uuid.UUID | None:
    """Read a UUID in its usual form or as 32 hex digits; anything else is None."""
    try:
        return msgspec.convert(text, uuid.UUID)
    except msgspec.ValidationError:
        return None


def event_ids(own_id: str | None, record_text: bytes) -> tuple[uuid.UUID, str | None]:
    """Return an event's UUID and, where its own id is no UUID, that id.

    Without an id of its own the UUID comes from the record's text, byte for byte, so that loading the same
    line again adds nothing. Derived UUIDs are version 5 (RFC 9562).
    """
    if own_id is None:
        return _derived(b"text:" + record_text), None
    own = parse_uuid(own_id)
    if own is not None:
        return own, None
    return _derived(b"id:" + own_id.encode()), own_id


def _derived(name: bytes) -> uuid.UUID:
    digest = hashlib.sha1(_NAMESPACE.bytes + name, usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=5)
