"""pino: the Node.js logger; levels are numbers, `time` is epoch milliseconds, errors stand under `err`.

Fields: https://github.com/pinojs/pino/blob/main/docs/api.md
Its options are read, too: levels as words (`formatters.level`), also as `severity`; times in ISO-8601 or seconds;
`messageKey: 'message'`; any `errorKey`; no `base`. An error's own message goes before the log's.
"""

import re
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event_of_level, own_message
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_LEVELS = ("level", "severity")
_TIMES = ("time", "timestamp", "@timestamp")
_MESSAGES = ("msg", "message")
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?:\d{3}|\d{9})Z", re.ASCII)
_OTHERS = frozenset({"v", "event_id", "short_message", "levelname"})
"""What bunyan, Sentry, GELF and Python's loggers write, and pino does not."""


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a number as its level and its time, or else pino's process, or its names for all three."""
    level = record.get("level")
    if type(level) is int and type(record.get("time")) is int:
        return True
    if not _OTHERS.isdisjoint(record) or first(record, _TIMES) is None:
        return False
    if type(record.get("pid")) is int and isinstance(record.get("hostname"), str):
        return first(record, _LEVELS) is not None
    if type(level) is not int and levels.of_word(level) is None:
        return False
    time = record.get("time")
    return isinstance(record.get("msg"), str) and (
        type(time) is int or (isinstance(time, str) and _ISO_TIME.fullmatch(time) is not None)
    )


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    level = first(record, _LEVELS)
    if level is None:
        raise NotAnEventError("not an event")
    severity = levels.of_number(level, medium=40, high=50, critical=60) or levels.of_word(level)
    error = _error_of(record)
    given = {
        "timestamp": first(record, _TIMES),
        "error_type": first(error, ("type", "name")),
        "error_code": first(error, ("code", "statusCode")),
        "error_message": error.get("message") or own_message(record) or first(record, _MESSAGES),
        "technical": error.get("stack"),
    }
    return log_event_of_level(severity, given, record, text, reading)


def _error_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the error that a serializer wrote: `err`, or whatever the application calls it."""
    for name in ("err", "error"):
        value = record.get(name)
        if isinstance(value, dict):
            return value
    for value in record.values():
        if isinstance(value, dict) and isinstance(value.get("stack"), str) and isinstance(value.get("message"), str):
            return value
    return {}
