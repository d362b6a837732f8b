"""What do logs of applications have in common, whichever library wrote them: names of one's own for the same things."""

import re
from typing import Any

from errcli.event import Dropped, Event
from errcli.ingest.formats import native
from errcli.ingest.formats.fields import as_id
from errcli.ingest.formats.levels import BELOW_WARNING, HIGH, LOW, of_word
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

NO_USER = "no user"
"""The rule that drops errors that no user saw."""

NO_LEVEL = "no level"
"""The rule that drops records that name neither a level nor an error: nothing says that something went wrong."""

# What applications call a column, the likeliest first. Names that native reads anyway need not be here.
_ALIASES = {
    "user_id": (
        "user_id", "userId", "user.id", "usr.id", "enduser.id", "uid", "user.username", "user.name", "user.email",
        "username", "user",
    ),
    "session_id": ("session_id", "sessionId", "session.id", "session", "sid"),
    "page": ("page", "context.page", "url.path", "req.url", "request.url", "request.path", "http.route", "path", "url"),
    "action": ("action", "context.action", "event.action", "operation"),
    "error_type": ("error_type", "errorType", "error.type"),
    "error_code": ("error_code", "errorCode", "error.code", "err.code", "code", "res.statusCode"),
    "release": ("release", "service.version"),
}  # fmt: skip
_OWN_MESSAGES = ("error_message", "errorMessage", "error", "err")
_OWN_ERRORS = ("error_type", "errorType", "error_code", "errorCode", *_OWN_MESSAGES)
# In a log of many things these name something else than the event.
_NOT_THE_EVENTS = ("id", "source_id", "occurrences")


def log_event(given: dict[str, Any], record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Make an event of a log's record: `given` is what its format knows, by column; aliases and native names follow.

    `given["severity"]` is the level's; one that the application gave itself goes before it. Dropped are records
    below warning, unless all levels are wanted, and records without a user. Raises NotAnEventError: "bad time".
    """
    if given.get("severity") == LOW and not reading.all_levels:
        return Dropped(BELOW_WARNING)
    known = {column: value for column, value in given.items() if value is not None}
    own_severity = first(record, ("severity", "impact.severity"))
    if isinstance(own_severity, str) and own_severity:
        known["severity"] = of_word(own_severity) or own_severity
    for column, paths in _ALIASES.items():
        if column not in known and (value := first(record, paths)) is not None:
            known[column] = value
    if isinstance(known.get("page"), str):
        known["page"] = re.split(r"[?#]", known["page"], maxsplit=1)[0]  # values in a query would split a place
    if as_id(known.get("user_id")) is None:
        return Dropped(NO_USER)
    known.setdefault("error_type", "unknown")
    own = {name: value for name, value in record.items() if name not in _NOT_THE_EVENTS}
    return native.to_event_given(known, own, text, reading)


def log_event_of_level(
    severity: str | None, given: dict[str, Any], record: dict[str, Any], text: bytes, reading: Reading
) -> Event | Dropped:
    """Make an event of a log's record as `log_event` does, where the level may be absent or a word of one's own.

    Without a known level (`severity` is None) a record that tells of an error is of high severity; any other is
    dropped, unless all levels are wanted.
    """
    if severity is None:
        if given.get("error_type") is not None or first(record, _OWN_ERRORS) is not None:
            severity = HIGH
        elif not reading.all_levels:
            return Dropped(NO_LEVEL)
    return log_event({**given, "severity": severity}, record, text, reading)


def own_message(record: dict[str, Any]) -> str | None:
    """Return what an application says of an error in a field of its own; `error` and `err` may be text."""
    texts = (value for name in _OWN_MESSAGES if isinstance(value := record.get(name), str) and value)
    return next(texts, None)
