"""bunyan: the Node.js logger; levels are numbers as pino's are, `time` is ISO-8601, errors stand under `err`.

Fields: https://github.com/trentm/node-bunyan#core-fields
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import pino
from errcli.ingest.reading import Reading

_CORE = (("v", int), ("level", int), ("name", str), ("hostname", str), ("pid", int), ("time", str), ("msg", str))


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has every core field that bunyan always writes, each of its type."""
    return all(type(record.get(name)) is kind for name, kind in _CORE)


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record, its error's name for the type. Raises NotAnEventError: "not an event", "bad time"."""
    if type(record.get("level")) is not int or "v" not in record:
        raise NotAnEventError("not an event")
    return pino.to_event(record, text, reading)
