"""Was the same error of the same user tracked a moment ago?"""

from contextlib import suppress
from time import monotonic
from typing import Any

_MOMENT = 1.0
"""Seconds within which the same error is a repeat."""
_LASTING = 10.0
"""Seconds for which an exception that goes up through boundaries and middleware stays the one that was tracked."""
_MOST = 10_000
_MARK = "__errcli_event__"

ANONYMOUS = "anonymous"
"""Who ran into an error where nobody is named: an event needs a user."""


class Repeats:
    """Remembers what was tracked within the last second, in two generations, so that forgetting costs nothing."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._young: dict[Any, tuple[str, float]] = {}
        self._old: dict[Any, tuple[str, float]] = {}

    def repeated(self, key: Any, event_id: str) -> str | None:
        """Return the id of the event that this one repeats; if there is none, this one may be repeated."""
        now = monotonic()
        if now - self._began > _MOMENT or len(self._young) >= _MOST:
            self._began, self._old, self._young = now, self._young, {}
        seen = self._young.get(key) or self._old.get(key)
        if seen is not None and now - seen[1] < _MOMENT:
            return seen[0]
        self._young[key] = (event_id, now)
        return None


def marked(error: BaseException, user: str) -> str | None:
    """Return the id of the event that this exception of this user, or of one who is not known any more, is already."""
    mark = getattr(error, "__dict__", {}).get(_MARK)
    if mark is None or monotonic() - mark[2] >= _LASTING:
        return None
    event_id: str = mark[0]
    return event_id if user in (mark[1], ANONYMOUS) else None


def mark(error: BaseException, user: str, event_id: str) -> None:
    """Note on an exception which event it is, so that it is one, however many boundaries it passes."""
    with suppress(AttributeError):
        error.__dict__[_MARK] = (event_id, user, monotonic())
