"""What does a value say, whatever it is: text that is never too long, and that no object can refuse."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST = 256 << 10
"""Characters of a text that are looked at; `lines` keeps fewer, so that a secret that is cut here does not stay."""
LONGEST_ID = 1000
_MOST_TEXTS = 20


def text_of(value: Any) -> str | None:
    """Return a value's text, None for None."""
    if value is None:
        return None
    text = value if type(value) is str else told(value)
    return text if len(text) <= LONGEST else text[:LONGEST]


def id_of(value: Any) -> str | None:
    """Return the text of what names somebody or something; None where it names nobody.

    A function without arguments is asked for the name.
    """
    if value is None:
        return None
    if type(value) is not str:
        if callable(value):
            value = _answer_of(value)
        if value is None:
            return None
        value = told(value)
    return value[:LONGEST_ID] if not value.isspace() and value else None


def flag_of(value: Any) -> bool | None:
    """Return whether a value is true, None for None."""
    if value is None or value is True or value is False:
        return value
    try:
        return bool(value)
    except Exception:  # noqa: BLE001 - any object may be given
        return None


def texts_of(values: Any) -> list[str]:
    """Return the texts of a list, the last twenty; of one value a list of that."""
    listed = list(values)[-_MOST_TEXTS:] if isinstance(values, list | tuple) else [values]
    return [text_of(value) or "" for value in listed]


def told(value: Any) -> str:
    """Return what an object says of itself, or what it is if it does not."""
    try:
        return str.__str__(str(value))
    except Exception:  # noqa: BLE001 - any object may be given
        return f"<{type(value).__name__}>"


def _answer_of(function: Any) -> Any:
    try:
        return function()
    except Exception:  # noqa: BLE001 - it is the application's
        return None
