"""What stands at a dotted path in nested objects, where a key may hold dots itself?"""

from collections.abc import Iterable
from typing import Any


def at(value: Any, path: str) -> Any:
    """Return what stands at a path such as `ctx.user.id`, None where nothing does; a key with dots is tried whole."""
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    for end in range(len(path) - 1, 0, -1):
        if path[end] == "." and path[:end] in value:
            found = at(value[path[:end]], path[end + 1 :])
            if found is not None:
                return found
    return None


def first(record: dict[str, Any], paths: Iterable[str]) -> Any:
    """Return what stands at the first of some paths where anything but null does; None where nothing does."""
    for path in paths:
        found = at(record, path)
        if found is not None:
            return found
    return None
