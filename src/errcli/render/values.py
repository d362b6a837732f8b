"""How is a value written so that it is safe and the same in every text format?"""

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from errcli.render.escape import HOSTILE, escaped


def plain(value: Any) -> Any:
    """Return a value as JSON has it: times as ISO-8601 in UTC with `Z`, what is no number as null."""
    for kind, convert in _CONVERSIONS:
        if isinstance(value, kind):
            return convert(value)
    return str(value)


def _same(value: Any) -> Any:
    return value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


# The first kind that fits counts: a datetime is a date, too.
_CONVERSIONS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((str, bool, int, NoneType), _same),
    (float, _finite),
    (Decimal, lambda value: _finite(float(value))),
    (datetime, lambda value: iso(value)),  # noqa: PLW0108 - defined below
    (timedelta, timedelta.total_seconds),
    ((date, time), lambda value: value.isoformat()),
    (dict, lambda value: {str(plain(key)): plain(item) for key, item in value.items()}),
    ((list, tuple), lambda value: [plain(item) for item in value]),
    (bytes, bytes.hex),
)


def iso(moment: datetime) -> str:
    """Write a time as ISO-8601, an aware one in UTC with `Z`."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(value: Any) -> str:
    """Write plain JSON on one line in which nothing can steer a terminal; parsing it gives the value back."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return HOSTILE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def to_text(value: Any) -> str:
    """Write a value for a cell of text: null is empty, booleans are true and false, lists are JSON."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(value)
    return to_json(value)
