"""sentry: the event JSON that Sentry's SDKs send and its API gives back; transactions are no errors and are dropped.

Fields: https://develop.sentry.dev/sdk/data-model/event-payloads/
"""

from collections.abc import Iterator
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError, parse_uuid
from errcli.ingest.formats import levels
from errcli.ingest.formats.fields import as_id, as_json, as_text
from errcli.ingest.formats.logs import log_event
from errcli.ingest.paths import at, first
from errcli.ingest.reading import Reading

TRANSACTION = "transaction"
"""The rule that drops performance data."""

_USER = ("id", "email", "username", "ip_address")
_AUTO = "{{auto}}"  # an address that the server would fill in
_DEFAULT_FINGERPRINTS = (["{{ default }}"], ["{{default}}"])
_SESSIONS = ("session_id", "session", "sessionId", "replayId")
_MAX_TECHNICAL = 4000


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has Sentry's id of 32 hex digits, and what only its SDKs write beside."""
    event_id = record.get("event_id")
    if not isinstance(event_id, str) or parse_uuid(event_id) is None:
        return False
    is_sent = isinstance(record.get("sdk"), dict) or isinstance(record.get("platform"), str)
    return bool(_values(record, "exception")) or isinstance(record.get("logentry"), dict) or (
        is_sent and (record.get("type") == TRANSACTION or _message(record) is not None)
    )  # fmt: skip


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one event. Raises NotAnEventError: "not an event", "bad time"."""
    if record.get("type") == TRANSACTION:
        return Dropped(TRANSACTION)
    exceptions = _values(record, "exception")
    if not exceptions and _message(record) is None:
        raise NotAnEventError("not an event")
    raised = exceptions[-1] if exceptions else {}
    tags = _tags(record)
    level = record.get("level", "error")
    codes = (tags.get("code"), tags.get("error_code"), at(raised, "mechanism.meta.errno.number"))
    request = {"tags": tags or None, "method": at(record, "request.method")}
    given = {
        "id": record.get("event_id"),
        "timestamp": record.get("timestamp"),
        "user_id": _user(record),
        "session_id": _session(record, tags),
        "severity": levels.LOW if level == "log" else levels.of_word(level),
        "error_type": raised.get("type") or None,
        "error_code": next((code for code in codes if code is not None), at(record, "contexts.response.status_code")),
        "error_message": raised.get("value") or _message(record),
        "technical": _technical(exceptions),
        "page": first(record, ("request.url", "transaction")),
        "action": _action(record),
        "user_blocked": True if at(raised, "mechanism.handled") is False else None,
        "input_data": as_json(kept) if (kept := {k: v for k, v in request.items() if v is not None}) else None,
        "fingerprint": _fingerprint(record),
    }
    own = {name: value for name, value in record.items() if name != "fingerprint"}
    return log_event(given, own, text, reading)


def _values(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the items of a list that stands under `values`, as SDKs write it now, or alone, as they used to."""
    value = record.get(name)
    value = value.get("values") if isinstance(value, dict) else value
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict) and not {"type", "value", "category"}.isdisjoint(item)]


def _message(record: dict[str, Any]) -> str | None:
    found = first(record, ("logentry.formatted", "logentry.message", "message.formatted", "message.message", "message"))
    return found if isinstance(found, str) and found else None


def _tags(record: dict[str, Any]) -> dict[str, Any]:
    """Return the tags, which are an object or a list of pairs."""
    tags = record.get("tags")
    if isinstance(tags, list):
        return {pair[0]: pair[1] for pair in tags if isinstance(pair, list) and len(pair) == 2 and as_id(pair[0])}  # noqa: PLR2004
    return tags if isinstance(tags, dict) else {}


def _user(record: dict[str, Any]) -> str | None:
    ids = (as_id(at(record, f"user.{name}")) for name in _USER)
    return next((user_id for user_id in ids if user_id not in (None, _AUTO)), None)


def _session(record: dict[str, Any], tags: dict[str, Any]) -> str | None:
    """Return the session that a tag names; without one the replay, or the trace, that the error is a part of."""
    others = (at(record, f"contexts.{path}") for path in ("replay.replay_id", "trace.trace_id"))
    return next((found for value in (*map(tags.get, _SESSIONS), *others) if (found := as_id(value))), None)


def _technical(exceptions: list[dict[str, Any]]) -> str | None:
    """Return the stacks as text, the newest call first: the exception that was raised, then those that led to it."""
    return "\nwith ".join("\n".join(_stack(each)) for each in reversed(exceptions))[:_MAX_TECHNICAL] or None


def _stack(exception: dict[str, Any]) -> Iterator[str]:
    yield ": ".join(text for name in ("type", "value") if (text := as_text(exception.get(name))))
    frames = at(exception, "stacktrace.frames")
    for frame in reversed(frames if isinstance(frames, list) else []):
        if isinstance(frame, dict):
            place = first(frame, ("abs_path", "filename", "module"))
            yield f"  {place or '?'}:{frame.get('lineno') or '?'} in {frame.get('function') or '?'}"


def _action(record: dict[str, Any]) -> str | None:
    """Return the last thing that the user did: a breadcrumb of the interface, or of a change of place."""
    for crumb in reversed(_values(record, "breadcrumbs")):
        category = crumb.get("category")
        if isinstance(category, str) and (category.startswith("ui.") or category == "navigation"):
            about = first(crumb, ("message", "data.to"))
            return f"{category} {about.partition('?')[0]}" if isinstance(about, str) and about else category
    return None


def _fingerprint(record: dict[str, Any]) -> str | None:
    """Return a fingerprint that the application chose, in one piece."""
    parts = record.get("fingerprint")
    if not isinstance(parts, list) or parts in _DEFAULT_FINGERPRINTS:
        return None
    return " ".join(text for part in parts if (text := as_text(part))) or None
