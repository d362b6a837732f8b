"""How does a JSON value become a column's value: text, truth, list or JSON, whatever the application wrote."""

import math
import re
from typing import Any

import msgspec

_TRUE = frozenset({"true", "yes", "y", "1", "on"})
_FALSE = frozenset({"false", "no", "n", "0", "off"})
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_MAX_OCCURRENCES = 2**31 - 1


def as_text(value: Any) -> str | None:
    """Return text as it is, null as None, anything else as its JSON."""
    if value is None or isinstance(value, str):
        return value
    return as_json(value)


def as_id(value: Any) -> str | None:
    """Return what names somebody or something as text: a non-blank text or a number; anything else is None."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return as_json(value)
    return None


def as_bool(value: Any) -> bool | None:
    """Return a truth value from a boolean, 0 and 1, or a word for it; anything else is None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _TRUE else False if word in _FALSE else None
    return None


def as_texts(value: Any) -> list[str] | None:
    """Return a list of texts; a single value is a list of one, nulls are left out."""
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := as_text(item)) is not None]


def as_json(value: Any) -> str:
    """Return a value's JSON, compact."""
    return msgspec.json.encode(value).decode()


def as_occurrences(value: Any) -> int:
    """Return how many errors an event stands for: a whole number from 1, else 1."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, 1), _MAX_OCCURRENCES)
    return 1
