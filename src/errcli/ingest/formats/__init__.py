"""Which formats are read, and which one is a record in: one module a format, found by name."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Protocol, cast

from errcli.errors import UsageError
from errcli.event import Dropped, Event
from errcli.ingest.reading import Reading

NAMES = (
    "native", "cloudtrail", "sentry", "otlp", "ecs", "caddy",
    "gelf", "bunyan", "pino", "structlog", "python-json-logger", "nginx",
)  # fmt: skip
"""The formats, in the order in which a record is tried; a new one is a module of this package and a name here."""

NATIVE = "native"
"""errcli's own format, and what a log is taken for that nothing else recognises."""


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
    return cast("Format", import_module(f"errcli.ingest.formats.{name.replace('-', '_')}"))


def detect(records: Iterable[dict[str, Any]]) -> str:
    """Return the format of the first record that any format recognises; native where none does."""
    # logs of other libraries may name a user and an error as native does, and more besides: native is asked last
    asked = (*(name for name in NAMES if name != NATIVE), NATIVE)
    for record in records:
        for name in asked:
            if by_name(name).recognises(record):
                return name
    return NATIVE
