"""When did it happen: ISO-8601 or an epoch number to an instant, or a refusal; never a guess."""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from errcli.event import NotAnEventError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, END = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""The first instant that an event may have, and the end, which it may not.

In every zone the first and the last of these days are within the years that a datetime can have, and so is the day
before and after. Of the engine's own times none comes near: load_macros.sql takes the years 1000 to 8999.
"""
_NUMERIC = re.compile(r"-?\d{9,20}(?:\.\d+)?", re.ASCII)
# Below the first bound a number counts seconds (up to the year 5138), then milli-, micro- and nanoseconds.
_MICROSECONDS_PER = ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1))
_NANOSECONDS_PER_MICROSECOND = 1_000


def parse_event_time(value: Any, zone: tzinfo = UTC) -> datetime:
    """Return the instant in UTC, to the microsecond, from 0001-01-03 to 9999-12-29. Raises NotAnEventError("bad time").

    Text is ISO-8601, without an offset in `zone`; numbers, and text that is one, count from 1970 in the unit that
    their magnitude tells.
    """
    try:
        moment = _instant(value, zone)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not FIRST <= moment < END:
        raise NotAnEventError("bad time")
    return moment


def _instant(value: Any, zone: tzinfo) -> datetime | None:
    """Return the instant in UTC, None for what is no time. Raises ValueError or OverflowError for an impossible one."""
    if isinstance(value, str):
        text = value.strip()
        if _NUMERIC.fullmatch(text):
            return _from_epoch(float(text) if "." in text else int(text))
        # upper case: RFC 3339 allows t and z
        moment = datetime.fromisoformat(text.upper())
        return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return _from_epoch(value)
    return None


def _from_epoch(number: float) -> datetime:
    for bound, factor in _MICROSECONDS_PER:
        if abs(number) < bound:
            return _EPOCH + timedelta(microseconds=round(number * factor))
    return _EPOCH + timedelta(microseconds=int(number) // _NANOSECONDS_PER_MICROSECOND)
