"""What stands at a dotted path in nested objects, where a key may hold dots itself?"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any


def at(value: Any, path: str) -> Any:
    """Return what stands at a path such as `ctx.user.id`, None where nothing does; a key with dots is tried whole."""
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    for key, rest in _divided(path):
        if key in value and (found := at(value[key], rest)) is not None:
            return found
    return None


def first(record: dict[str, Any], paths: Iterable[str]) -> Any:
    """Return what stands at the first of some paths where anything but null does; None where nothing does."""
    for path in paths:
        # most are keys of the record, or of none
        found = record.get(path) if path in record or "." not in path else at(record, path)
        if found is not None:
            return found
    return None


# A format asks for the same paths of every record.
@lru_cache(maxsize=1024)
def _divided(path: str) -> tuple[tuple[str, str], ...]:
    """Return a path as a key and a path below it, divided at each dot in turn, the last one first."""
    dots = [place for place, letter in enumerate(path) if letter == "." and place > 0]
    return tuple((path[:dot], path[dot + 1 :]) for dot in reversed(dots))
