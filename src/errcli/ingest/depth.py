"""How deep may JSON nest: as deep as everything that later reads it can follow."""

from typing import Any

MAX_DEPTH = 100


def is_too_deep(value: Any, text: bytes | str) -> bool:
    """Whether a JSON value nests deeper than `MAX_DEPTH`; `text` is what it was read from."""
    # counting brackets is cheap, and almost every text ends here
    brackets = text.count(b"{") + text.count(b"[") if isinstance(text, bytes) else text.count("{") + text.count("[")
    return brackets > MAX_DEPTH and _depth(value) > MAX_DEPTH


def _depth(value: Any) -> int:
    depth, level = 0, [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
    return depth
