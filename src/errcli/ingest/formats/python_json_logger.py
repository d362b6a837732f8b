"""python-json-logger: Python's logging as JSON; the message, `levelname`, `asctime` and `exc_info`, a traceback.

Fields: https://nhairs.github.io/python-json-logger/latest/quickstart/
`asctime` has no zone. The application chooses the fields and may rename them: what other loggers usually call level,
time and message is read, too. A record without a level is an error when it has an exception, else it is dropped.
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event_of_level, own_message
from errcli.ingest.formats.tracebacks import joined, raised_in
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_LEVELS = ("levelname", "levelno", "level", "severity")
_TIMES = ("timestamp", "created", "asctime", "time", "@timestamp", "ts")  # those that have a zone first
_MESSAGES = ("message", "msg", "@message")
_OWN = ("levelname", "levelno", "asctime", "exc_info")
_OTHERS = frozenset({"event", "event_id", "short_message", "msg", "hostname"})
"""What structlog, Sentry, GELF, pino and bunyan write."""


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a message and a field of Python's logging, or else a level's name and a time."""
    if not isinstance(record.get("message"), str) or not _OTHERS.isdisjoint(record):
        return False
    named = levels.of_word(record.get("level")) is not None and first(record, _TIMES) is not None
    return named or any(record.get(name) is not None for name in _OWN)


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    message = first(record, _MESSAGES)
    if message is None and first(record, _OWN) is None:
        raise NotAnEventError("not an event")
    trace = joined(first(record, ("exc_info", "exception")))
    error_type, error_message = raised_in(trace)
    given = {
        "timestamp": first(record, _TIMES),
        "error_type": error_type,
        "error_message": error_message or own_message(record) or message,
        "technical": trace or joined(record.get("stack_info")),
    }
    return log_event_of_level(levels.of_python(first(record, _LEVELS)), given, record, text, reading)
