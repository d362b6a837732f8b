"""What are episodes, and what follows what? Plain Python, written from the words of docs/questions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from tests.oracle import Asked, Row

BAD = ("high", "critical")
GAP, SETTLE = timedelta(minutes=2), timedelta(minutes=30)


class Episode(NamedTuple):
    """One thing going wrong for one user: its events, how it ended, and how long that took."""

    events: Sequence[Row]
    outcome: str
    took: timedelta

    @property
    def first(self) -> Row:
        """Its first event."""
        return self.events[0]

    @property
    def user(self) -> str:
        """Whom it befell."""
        return str(self.first["user_id"])

    @property
    def is_bad(self) -> bool:
        """Whether the user was blocked, or the severity high."""
        return any(is_bad(event) for event in self.events)

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Page and action of its first event."""
        return self.first["page"] or None, self.first["action"] or None


def is_bad(event: Row) -> bool:
    """Say whether an event blocked its user or is severe."""
    return bool(event["user_blocked"]) or (event["severity"] or "").lower() in BAD


def in_order(events: Iterable[Row]) -> list[Row]:
    """Return events in time, those of the same time in the order of their ids."""
    return sorted(events, key=lambda event: (event["timestamp"], event["id"]))


def grouped(items: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Return items by key, each group in the order in which they came."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def episodes(asked: Asked, gap: timedelta = GAP, settle: timedelta = SETTLE) -> list[Episode]:
    """Return the episodes of a window."""
    found = []
    for session in grouped(in_order(asked.within()), lambda e: (e["user_id"], e["session_id"])).values():
        for same in grouped(session, lambda e: e["pattern_hash"]).values():
            found += [concluded(part, session, asked.until, settle) for part in parted(same, gap)]
    return found


def parted(events: Sequence[Row], gap: timedelta) -> list[list[Row]]:
    """Part events wherever the pause is longer than a gap."""
    parts = [[events[0]]]
    for before, event in pairwise(events):
        if event["timestamp"] - before["timestamp"] <= gap:
            parts[-1].append(event)
        else:
            parts.append([event])
    return parts


def concluded(events: Sequence[Row], session: Sequence[Row], until: datetime, settle: timedelta) -> Episode:
    """Say how an episode of a session ended."""
    began, last = events[0]["timestamp"], events[-1]
    recovered = [event["timestamp"] for event in events if event["recovery_successful"]]
    if recovered:
        return Episode(events, "recovered", min(recovered) - began)
    behind = session[session.index(last) + 1 :] if last["session_id"] is not None else []
    others = [event["timestamp"] for event in behind if event["pattern_hash"] != last["pattern_hash"]]
    if others:
        return Episode(events, "moved on", others[0] - began)
    if last["timestamp"] + settle > until:
        return Episode(events, "open", until - began)
    return Episode(events, "dead end" if any(map(is_bad, events)) else "quiet", last["timestamp"] + settle - began)


def percent(part: Sequence[Any], whole: Sequence[Any]) -> float:
    """Return how many percent of a whole a part is."""
    return len(part) * 100 / len(whole)


def ended(group: Sequence[Episode], outcome: str) -> list[Episode]:
    """Return the episodes that ended in one way."""
    return [episode for episode in group if episode.outcome == outcome]


def runs_of(asked: Asked) -> dict[tuple[str, str], list[list[Row]]]:
    """Return for each session, by user and name, its events in order, those of one pattern in a row together."""
    sessions = grouped(in_order(asked.within(lambda e: e["session_id"] is not None)), session_key)
    return {
        key: [list(run) for _, run in groupby(found, lambda e: e["pattern_hash"])] for key, found in sessions.items()
    }


def session_key(event: Row) -> tuple[str, str]:
    """Return what tells sessions apart."""
    return event["user_id"], event["session_id"]
