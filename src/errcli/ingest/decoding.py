"""What JSON object does a text hold, read leniently where that loses nothing?"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from errcli.event import NotAnEventError
from errcli.ingest.depth import is_too_deep


def decode(text: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises NotAnEventError: "not JSON", "not an event", "nesting too deep".

    Invalid UTF-8 and lone surrogates become U+FFFD; a number too large for a float becomes null.
    """
    lenient = False
    try:
        value = msgspec.json.decode(text)
    except RecursionError:
        raise NotAnEventError("nesting too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        value, lenient = _decode_leniently(text), True
    if is_too_deep(value, text):
        raise NotAnEventError("nesting too deep")
    if not isinstance(value, dict):
        raise NotAnEventError("not an event")
    return without_surrogates(value) if lenient else value


def objects(texts: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Read those texts that are objects, and pass over the others."""
    for text in texts:
        try:
            yield decode(text)
        except NotAnEventError:
            continue


def without_surrogates(value: Any) -> Any:
    """Return a JSON value with U+FFFD for every lone surrogate in it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value


def _decode_leniently(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8", "replace"), parse_constant=_no_constant)
    except RecursionError:
        raise NotAnEventError("nesting too deep") from None
    except ValueError:
        raise NotAnEventError("not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
