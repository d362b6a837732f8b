"""What do tests of the loggers' formats share: the fixture files, what is in them, and reading one record."""

import json
from pathlib import Path
from typing import Any

import msgspec

from errcli.event import Dropped, Event
from errcli.ingest import formats
from errcli.ingest.reading import Reading

DATA = Path(__file__).parent / "data"
Record = dict[str, Any]

# File -> its format, lines, stored, and dropped by rule.
FILES: dict[str, tuple[str, int, int, dict[str, int]]] = {
    "pino.jsonl": ("pino", 19, 11, {"below warning": 5, "no user": 3}),
    "pino-options.jsonl": ("pino", 39, 18, {"below warning": 12, "no user": 8, "no level": 1}),
    "bunyan.jsonl": ("bunyan", 18, 11, {"below warning": 5, "no user": 2}),
    "structlog.jsonl": ("structlog", 15, 11, {"below warning": 2, "no user": 2}),
    "structlog-options.jsonl": ("structlog", 27, 17, {"below warning": 2, "no user": 3, "no level": 5}),
    "python-json-logger.jsonl": ("python-json-logger", 15, 10, {"below warning": 3, "no user": 2}),
    "python-json-logger-options.jsonl": (
        "python-json-logger", 44, 26, {"below warning": 6, "no user": 7, "no level": 5}
    ),
    "gelf.jsonl": ("gelf", 13, 9, {"below warning": 2, "no user": 2}),
    "gelf-graypy.jsonl": ("gelf", 12, 7, {"below warning": 3, "no user": 2}),
}  # fmt: skip
LOGGERS = sorted({name for name, *_ in FILES.values()})


def records(file: str) -> list[Record]:
    return [json.loads(line) for line in (DATA / file).read_text("utf-8").splitlines()]


def outcome(name: str, record: Record, **reading: Any) -> Event | Dropped:
    return formats.by_name(name).to_event(record, json.dumps(record).encode(), Reading(**reading))


def columns(name: str, record: Record, **reading: Any) -> Record:
    """Return the columns that have a value, without the derived ones and the stack."""
    event = outcome(name, record, **reading)
    assert isinstance(event, Event)
    left_out = ("id", "place_hash", "shape_id", "occurrences", "technical")
    row = {column: value for column, value in msgspec.structs.asdict(event).items() if value is not None}
    return {column: value for column, value in row.items() if column not in left_out} | {
        "timestamp": event.timestamp.isoformat()
    }


def in_file(file: str, line: int) -> Record:
    return columns(FILES[file][0], records(file)[line - 1])


def technical(file: str, line: int) -> str:
    event = outcome(FILES[file][0], records(file)[line - 1])
    assert isinstance(event, Event)
    return event.technical or ""
