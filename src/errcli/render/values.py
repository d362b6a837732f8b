"""How is a value written so that it is safe and the same in every text format?"""

import json
import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_CONTROLS = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_HOSTILE = re.compile(f"[{_CONTROLS}]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escaped(text: str) -> str:
    r"""Show control characters, bidi controls and surrogates as `\n`, `\x1b`, `\u202e`; leave the rest."""
    return _HOSTILE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    code = ord(letter)
    return _SHORT.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")  # noqa: PLR2004


def plain(value: Any) -> Any:
    """Return a value as JSON has it: times as ISO-8601 in UTC with `Z`, what is no number as null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Decimal):
        return plain(float(value))
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return str(value)


def iso(moment: datetime) -> str:
    """Write a time as ISO-8601, an aware one in UTC with `Z`."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(value: Any) -> str:
    """Write plain JSON on one line in which nothing can steer a terminal; parsing it gives the value back."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return _HOSTILE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def to_text(value: Any) -> str:
    """Write a value for a cell of text: null is empty, booleans are true and false, lists are JSON."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(value)
    return to_json(value)
