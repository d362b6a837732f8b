"""Which formats are read, and which one is a record in: one module a format, found by name."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Protocol, cast

from errcli.errors import UsageError
from errcli.event import Dropped, Event
from errcli.ingest.reading import Reading

NAMES = ("native", "cloudtrail", "pino")
"""The formats, in the order in which a record is tried; a new one is a module of this package and a name here."""


class Format(Protocol):
    """What a format's module offers."""

    def recognises(self, record: dict[str, Any]) -> bool:
        """Whether a record is in this format."""
        ...

    def to_event(self, record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
        """Bring a record to its canonical form; `text` is its JSON. Raises NotAnEventError with the reason."""
        ...


def by_name(name: str) -> Format:
    """Return a format. Raises UsageError for a name that is none."""
    if name not in NAMES:
        raise UsageError(f"{name!r} is not a format", "--from", f"use one of: {', '.join(NAMES)}")
    return cast("Format", import_module(f"errcli.ingest.formats.{name}"))


def detect(records: Iterable[dict[str, Any]]) -> str:
    """Return the format of the first record that any format recognises; native where none does."""
    for record in records:
        for name in NAMES:
            if by_name(name).recognises(record):
                return name
    return NAMES[0]
