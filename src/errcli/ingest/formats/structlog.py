"""structlog: Python's structured logger; `event` is the message, `exception` a traceback's text or a list of dicts.

Fields: https://www.structlog.org/en/stable/standard-library.html
Time and level are there only where the application adds them. A record without a level is an error when it has an
exception or a field of an error, since most records of such a log tell that all is well; any other is dropped.
An exception's own message goes before the event, which is read where it has been renamed, too.
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event_of_level, own_message
from errcli.ingest.formats.tracebacks import joined, raised_in
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_LEVELS = ("level", "level_number", "severity")
_TIMES = ("timestamp", "time", "@timestamp", "ts", "asctime")
_MESSAGES = ("event", "msg", "message")
_OTHERS = frozenset({"levelname", "asctime", "short_message", "event_id"})
"""What python-json-logger, GELF and Sentry write."""

_CAUSED = "The above exception was the direct cause of the following exception:"
_DURING = "During handling of the above exception, another exception occurred:"


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has an event in words and a level or an exception; or `msg`, a timestamp and a level."""
    if not _OTHERS.isdisjoint(record):
        return False
    has_level = levels.of_word(record.get("level")) is not None or type(record.get("level_number")) is int
    if isinstance(record.get("msg"), str):
        return has_level and "timestamp" in record and "hostname" not in record
    return isinstance(record.get("event"), str) and (has_level or isinstance(record.get("exception"), str | list))


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    event = first(record, _MESSAGES)
    if event is None:
        raise NotAnEventError("not an event")
    exceptions = _dicts_in(record.get("exception"))  # the one that was raised, then its cause, then that one's
    trace: str | None
    if exceptions:
        trace = _as_text(exceptions)
        error_type, error_message = (exceptions[0].get(name) or None for name in ("exc_type", "exc_value"))
    else:
        trace = joined(first(record, ("exception", "exc_info")))
        error_type, error_message = raised_in(trace)
    given = {
        "timestamp": first(record, _TIMES),
        "error_type": error_type,
        "error_message": error_message or own_message(record) or event,
        "technical": trace or joined(record.get("stack")),
    }
    return log_event_of_level(levels.of_python(first(record, _LEVELS)), given, record, text, reading)


def _dicts_in(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _as_text(exceptions: list[dict[str, Any]]) -> str:
    """Return a chain as Python prints it, the first cause first; local variables, where secrets stand, are left out."""
    parts: list[str] = []
    for exception in reversed(exceptions):
        frames = _dicts_in(exception.get("frames"))
        lines = ["Traceback (most recent call last):"] if frames else []
        lines += (
            f'  File "{each.get("filename")}", line {each.get("lineno")}, in {each.get("name")}' for each in frames
        )
        lines.append(": ".join(str(part) for name in ("exc_type", "exc_value") if (part := exception.get(name))))
        parts += ["\n".join(lines), _CAUSED if exception.get("is_cause") else _DURING]
    return "\n\n".join(parts[:-1])
