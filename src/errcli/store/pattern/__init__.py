"""What is there to know about one pattern, or place: each block of the answer is one SQL file."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from errcli.store.connection import Store
from errcli.store.sql import statement

WILD = "<*>"
SCORE = 3.0
"""From this score on something is called different."""

_MOST_PLACES = 6
_MOST_VALUES = 4
_MOST_OF_A_FIELD = 3
_MOST_DIFFERENCES = 6
_HOURS = timedelta(hours=48)
_QUOTE = re.escape("'")
_ANY_QUOTE = "['\"«»“”„「」『』]"


class Line(msgspec.Struct, frozen=True):
    """One line of a block: what each member means is told by the block's SQL."""

    section: str
    name: str | None = None
    value: str | None = None
    errors: int | None = None
    users: int | None = None
    share: float | None = None
    elsewhere: float | None = None
    score: float | None = None
    timestamp: datetime | None = None


class LeftOver(msgspec.Struct, frozen=True):
    """What is known of a pattern whose events are gone."""

    template: str
    error_type: str
    errors: int
    users: int
    first_seen: datetime
    last_seen: datetime


class Shape(msgspec.Struct, frozen=True):
    """One shape of a pattern; `named_by` is None where its words made it; `has_moved`: its events have others now."""

    shape_hash: str
    named_by: str | None
    shape: str
    template: str
    errors: int
    has_moved: bool
    message: str | None


def blocks(store: Store, pattern_hash: str, template: str | None, since: datetime, until: datetime) -> Iterator[Line]:
    """Yield the lines of all blocks between the summary and the history; `since` and `until` are in the user's zone."""
    window = {"since": since, "until": until}
    store.run(statement("pattern/events"), {"pattern_hash": pattern_hash, **window})
    if template is not None:
        yield from _values(store, template)
    yield from _timeline(store, until)
    yield from _lines(store, "breakdown", most=_MOST_OF_A_FIELD)
    yield from _lines(store, "recovery", most=_MOST_OF_A_FIELD)
    differences = list(_lines(store, "difference", least=SCORE, most=_MOST_DIFFERENCES, **window))
    yield from differences or [Line("different", value="nothing stands out")]
    yield from _lines(store, "samples")


def history(store: Store, pattern_hash: str) -> Iterator[Line]:
    """Yield what was decided, oldest first."""
    return _lines(store, "history", pattern_hash=pattern_hash)


def left_over(store: Store, pattern_hash: str) -> LeftOver | None:
    """Return what is known of a pattern whatever the window; None for a place."""
    rows = store.run(statement("pattern/left_over"), {"pattern_hash": pattern_hash})
    return LeftOver(*rows[0]) if rows else None


def shapes_of(store: Store, pattern_hash: str) -> list[Shape]:
    """Return the shapes of a pattern, most errors first."""
    return [Shape(*row) for row in store.run(statement("pattern/shapes"), {"pattern_hash": pattern_hash})]


def expression_of(template: str) -> str:
    """Return the regular expression of messages of a template, with a group for each of its places.

    Quotes and white space may be any, since the template has them in one form only.
    """
    parts = [re.escape(part).replace(r"\ ", r"\s*").replace(_QUOTE, _ANY_QUOTE) for part in template.split(WILD)]
    return f"^{'(.*?)'.join(parts)}$"


def _values(store: Store, template: str) -> Iterator[Line]:
    expression = expression_of(template)
    for place in range(1, min(template.count(WILD), _MOST_PLACES) + 1):
        yield from _lines(store, "values", pattern=expression, place=place, most=_MOST_VALUES)


def _timeline(store: Store, until: datetime) -> Iterator[Line]:
    """Yield errors by hour where they lie within two days, else by day."""
    ((first, last),) = store.run("SELECT min(timestamp), max(timestamp) FROM pattern_events")
    if first is not None:
        unit = "hour" if last - first <= _HOURS else "day"
        yield from _lines(store, "timeline", unit=unit, zone=str(until.tzinfo))


def _lines(store: Store, name: str, **params: Any) -> Iterator[Line]:
    for row in store.run(statement(f"pattern/{name}"), params):
        yield Line(*row)
