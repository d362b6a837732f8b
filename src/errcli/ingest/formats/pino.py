"""pino: the Node.js logger; levels are numbers, `time` is epoch milliseconds, errors stand under `err`.

Fields: https://github.com/pinojs/pino/blob/main/docs/api.md
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event
from errcli.ingest.paths import at, first
from errcli.ingest.reading import Reading


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a number as its level and epoch milliseconds as its time."""
    return all(type(record.get(name)) is int for name in ("level", "time"))


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    if "level" not in record or "time" not in record:
        raise NotAnEventError("not an event")
    given = {
        "timestamp": record["time"],
        "severity": levels.of_number(record["level"], medium=40, high=50, critical=60),
        "error_type": first(record, ("err.type", "err.name")),
        "error_code": at(record, "err.code"),
        "error_message": first(record, ("err.message", "msg")),
        "technical": at(record, "err.stack"),
    }
    return log_event(given, record, text, reading)
