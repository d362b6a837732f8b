"""What should each analysis answer? Plain Python over the events, written from the contract's words, not from the SQL.

An event here is the flat form of the log, brought to columns by `stored`; the answers are rows as dicts, in order.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Row = dict[str, Any]

EVENT_COLUMNS = (
    "id", "timestamp", "user_id", "session_id", "error_type", "error_code", "error_message", "user_message", "page",
    "action", "severity", "user_blocked", "workflow_failed", "data_loss", "recovery_attempted", "recovery_successful",
    "recovery_method", "pattern_hash",
)  # fmt: skip

RECOVERED = {"recovery_attempted": True, "recovery_successful": True}
NOT_RECOVERED = {"recovery_attempted": True, "recovery_successful": False}

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Until(NamedTuple):
    """When an ignore ends: at a time, or with so many users more; neither is never."""

    time: datetime | None = None
    users: int | None = None


class Decision(NamedTuple):
    """An event's id or a pattern's hash was resolved, opened again or, with an end, ignored at a time."""

    target: str
    at: datetime
    resolved: bool
    release: str | None = None
    ignored: Until | None = None


class Asked(NamedTuple):
    """A window `(since, until]` over some events, and the decisions that were made about them.

    Of the events that are pruned, those up to a time, a store knows how often and when they hit whom.
    """

    events: Sequence[Row]
    since: datetime | None
    until: datetime
    decisions: Sequence[Decision] = ()
    pruned: datetime = _BEGINNING

    def within(self, wanted: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """Return the events of the window that are wanted, but for those that were pruned."""
        since = max(self.since or _BEGINNING, self.pruned)
        return [event for event in self.events if since < event["timestamp"] <= self.until and wanted(event)]


def place_hash(error_type: str, page: str | None, action: str | None) -> str:
    """Return the id of a place."""
    return _hash([error_type, page, action])


def shape_hash(named_by: str | None, error_type: str | None, error_code: str | None, shape: str) -> str:
    """Return the id of a shape, which is that of its pattern where it is the only one, or the oldest."""
    return _hash([named_by, error_type, error_code, shape])


def _hash(parts: list[str | None]) -> str:
    """Return the SHA-256 of a JSON array, hex digits in it in upper case."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    text = re.sub(r"(?<!\\)((?:\\\\)*\\u00)([0-9a-f]{2})", lambda match: match[1] + match[2].upper(), text)
    return hashlib.sha256(text.encode()).hexdigest()


def place_of(event: Row) -> str:
    """Return a place as it is shown."""
    return ":".join("-" if event[name] is None else event[name] for name in ("error_type", "page", "action"))


def _pattern_of(event: Row) -> tuple[str, str]:
    """Return hash and template of the pattern of an event whose message holds no value and is like no other."""
    kind, code = event["error_type"], event["error_code"] or None
    message = event["error_message"] or event["user_message"]
    if event.get("fingerprint"):
        return shape_hash("fingerprint", None, None, event["fingerprint"]), event["fingerprint"]
    if message:
        return shape_hash(None, kind, code, message), message
    if code:
        return shape_hash("code", kind, code, code), code
    return shape_hash("place", None, None, place_of(event)), place_of(event)


def stored(log: Iterable[Row], after: datetime = _BEGINNING) -> list[Row]:
    """Return the events that a store holds after loading a log: of an id the first, none up to `after`."""
    kept: dict[str, Row] = {}
    for line in log:
        event: Row = dict.fromkeys(EVENT_COLUMNS) | {"occurrences": 1} | line
        event["timestamp"] = datetime.fromisoformat(line["timestamp"])
        event["place_hash"] = place_hash(event["error_type"], event["page"], event["action"])
        event["pattern_hash"], event["template"] = _pattern_of(event)
        if event["timestamp"] > after:
            kept.setdefault(event["id"], event)
    return list(kept.values())


def is_resolved(event: Row, decisions: Iterable[Decision]) -> bool:
    """Whether the last decision on it resolved it, or the last on its pattern or place did at or after its time."""
    last = {decision.target: decision for decision in decisions if decision.ignored is None}
    own = last.get(event["id"])
    if own is not None and own.resolved:
        return True
    groups = (last.get(event[name]) for name in ("pattern_hash", "place_hash"))
    return any(group is not None and group.resolved and event["timestamp"] <= group.at for group in groups)


def _errors(events: Iterable[Row]) -> int:
    return sum(event["occurrences"] for event in events)


def _blocked(events: Iterable[Row]) -> int:
    return _errors(event for event in events if event["user_blocked"] is True)


def _is_critical(event: Row) -> bool:
    return (event["severity"] or "").lower() in ("high", "critical")


def _grouped(events: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for event in events:
        groups.setdefault(tuple(event[name] for name in names), []).append(event)
    return groups


def _shown(event: Row, decisions: Iterable[Decision]) -> Row:
    return {name: event[name] for name in EVENT_COLUMNS} | {"resolved": is_resolved(event, decisions)}


def _newest_first(events: Iterable[Row]) -> list[Row]:
    by_id = sorted(events, key=lambda event: str(event["id"]))
    return sorted(by_id, key=lambda event: event["timestamp"], reverse=True)


def user(asked: Asked, user_id: str) -> list[Row]:
    """Return a user's errors, newest first."""
    events = asked.within(lambda event: event["user_id"] == user_id)
    return [_shown(event, asked.decisions) for event in _newest_first(events)]


def recent(asked: Asked) -> list[Row]:
    """Return everybody's errors, newest first."""
    return [_shown(event, asked.decisions) for event in _newest_first(asked.within())]


def affected(asked: Asked, pattern_hash: str) -> list[Row]:
    """Return the users of a pattern, who has most errors of it first."""
    rows = []
    events = _newest_first(asked.within(lambda event: event["pattern_hash"] == pattern_hash))
    for user_id in {event["user_id"] for event in events}:
        own = [event for event in events if event["user_id"] == user_id]
        last = max(own, key=lambda event: (event["timestamp"], event["id"]))
        rows.append(
            {
                "user_id": user_id,
                "errors": _errors(own),
                "blocked": _blocked(own),
                "last_page": last["page"],
                "last_action": last["action"],
            }
        )
    return sorted(rows, key=lambda row: (-row["errors"], row["user_id"]))


def cascade(asked: Asked, user_id: str, session_id: str) -> list[Row]:
    """Return the errors of a session in time order, with the gap before each."""
    events = asked.within(lambda event: (event["user_id"], event["session_id"]) == (user_id, session_id))
    rows: list[Row] = []
    before: datetime | None = None
    for step, event in enumerate(sorted(events, key=lambda event: (event["timestamp"], event["id"])), 1):
        gap = None if before is None else (event["timestamp"] - before) / timedelta(seconds=1)
        rows.append(_shown(event, asked.decisions) | {"step": step, "gap_seconds": gap})
        before = event["timestamp"]
    return rows


def impact(asked: Asked) -> list[Row]:
    """Return the unresolved errors of severity high or critical, or that block users, newest first."""
    events = asked.within(lambda event: _is_critical(event) or event["user_blocked"] is True)
    shown = [_shown(event, asked.decisions) for event in _newest_first(events)]
    return [row for row in shown if not row["resolved"]]


def struggling(asked: Asked, min_errors: int) -> list[Row]:
    """Return the users with at least so many errors, most first."""
    rows = [
        {
            "user_id": user_id,
            "errors": _errors(events),
            "blocked": _blocked(events),
            "first_seen": min(event["timestamp"] for event in events),
            "last_seen": max(event["timestamp"] for event in events),
        }
        for (user_id,), events in _grouped(asked.within(), "user_id").items()
    ]
    return sorted(
        (row for row in rows if row["errors"] >= min_errors), key=lambda row: (-row["errors"], row["user_id"])
    )


def rate(asked: Asked, user_id: str) -> list[Row]:
    """Return how often a user ran into errors; no row without any."""
    events = asked.within(lambda event: event["user_id"] == user_id)
    days = (asked.until - (asked.since or _BEGINNING)) / timedelta(days=1)
    row = {
        "user_id": user_id,
        "errors": _errors(events),
        "critical_errors": _errors(filter(_is_critical, events)),
        "blocking_errors": _blocked(events),
        "days_with_errors": len({event["timestamp"].date() for event in events}),
        "daily_average": _errors(events) / days,
    }
    return [row] if events else []


def patterns(asked: Asked, min_count: int, by: str = "template") -> list[Row]:
    """Return the patterns, or places, with at least so many errors: most errors, then most users first."""
    name = "place_hash" if by == "place" else "pattern_hash"
    rows = [
        _pattern(asked, by, name, group_hash, events)
        for (group_hash,), events in _grouped(asked.within(), name).items()
        if _errors(events) >= min_count
    ]
    rows = [row for row in rows if row["state"] != "ignored"]
    return sorted(rows, key=lambda row: (-row["errors"], -row["users"], row["pattern_hash"]))


def _pattern(asked: Asked, by: str, name: str, group_hash: str, events: list[Row]) -> Row:
    page, page_errors = _most(events, "page")
    action, action_errors = _most(events, "action")
    errors = _errors(events)
    return {
        "pattern": place_of(events[0]) if by == "place" else events[0]["template"],
        "pattern_hash": group_hash,
        "error_type": _most(events, "error_type")[0],
        "error_code": _most([event for event in events if event["error_code"] is not None], "error_code")[0],
        "page": page,
        "action": action,
        "errors": errors,
        "users": len({event["user_id"] for event in events}),
        "blocked": _blocked(events),
        "first_seen": min(event["timestamp"] for event in events),
        "last_seen": max(event["timestamp"] for event in events),
        "sample_message": _newest_first(events)[0]["error_message"],
        "state": _state(asked, name, group_hash, events),
        "trend": _trend(asked, events),
        "share": errors * 100 / _errors(asked.within()),
        "page_share": page_errors * 100 / errors,
        "action_share": action_errors * 100 / errors,
    }


def _most(events: Iterable[Row], name: str) -> tuple[str | None, int]:
    """Return the value with most errors, nulls last among equals, and how many these are."""
    counts: Counter[str | None] = Counter()
    for event in events:
        counts[event[name]] += event["occurrences"]
    first = min(counts, key=lambda value: (-counts[value], value is None, value or ""), default=None)
    return first, counts[first]


def _trend(asked: Asked, events: list[Row]) -> str:
    """Return the errors in each twelfth of the window; one without a start begins with its first event."""
    since = asked.since or min(event["timestamp"] for event in asked.within()) - timedelta(microseconds=1)
    twelfths = [0] * 12
    for event in events:
        passed = (event["timestamp"] - since) // timedelta(microseconds=1) - 1
        twelfths[passed * 12 // ((asked.until - since) // timedelta(microseconds=1))] += event["occurrences"]
    return " ".join(map(str, twelfths))


def _state(asked: Asked, name: str, group_hash: str, events: list[Row]) -> str:
    decisions = [each for each in asked.decisions if each.target == group_hash]
    own = [event for event in asked.events if event[name] == group_hash]
    if decisions and _ignores(decisions[-1], own, asked.until):
        return "ignored"
    last = next((each for each in reversed(decisions) if each.ignored is None), None)
    if last is not None and last.resolved:
        return "back" if max(event["timestamp"] for event in events) > last.at else "resolved"
    if asked.since is None:
        return "ongoing"
    if min(event["timestamp"] for event in own) > asked.since:
        return "new"
    return "growing" if _is_growing(asked, name, group_hash, _errors(events), asked.since) else "ongoing"


def _ignores(decision: Decision, events: Iterable[Row], until: datetime) -> bool:
    """Whether a decision is to ignore a pattern and has not ended: users count who had no event of it before."""
    end = decision.ignored
    if end is None or (end.time is not None and end.time <= until):
        return False
    seen = [event for event in events if event["timestamp"] <= until]
    before = {event["user_id"] for event in seen if event["timestamp"] <= decision.at}
    return end.users is None or len({event["user_id"] for event in seen} - before) < end.users


def _is_growing(asked: Asked, name: str, group_hash: str, errors: int, since: datetime) -> bool:
    """Whether there are at least twice the errors that three windows before had on average, and more than by chance.

    The windows before are three, or as many as there is history for that was not pruned.
    """
    length = asked.until - since
    start = max(since - 3 * length, asked.pruned, min(event["timestamp"] for event in asked.events))
    windows = (since - start) / length
    if windows < 1:
        return False
    first = max(since - 3 * length, asked.pruned)
    before = [event for event in asked.events if first < event["timestamp"] <= since]
    usual = _errors(event for event in before if event[name] == group_hash) / windows
    return bool(errors >= 2 * usual and errors >= usual + 3 * math.sqrt(max(usual, 1)))


def daily(asked: Asked, user: str | None = None, *, total: bool = False) -> list[Row]:
    """Return the days that reach into the window, whole, newest first; per user, most errors first, or in total."""
    first = (asked.since or _BEGINNING).date()
    last = (asked.until - timedelta(microseconds=1)).date()
    events = [
        event | {"date": event["timestamp"].date(), "who": None if total else event["user_id"]}
        for event in asked.events
        if user is None or event["user_id"] == user
    ]
    rows = [
        _day(day, who, group) for (day, who), group in _grouped(events, "date", "who").items() if first <= day <= last
    ]
    rows.sort(key=lambda row: (-row["error_count"], row["user_id"] or ""))
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def _day(day: date, user_id: str | None, events: list[Row]) -> Row:
    attempts = [event for event in events if event["recovery_attempted"] is True]
    successes = _errors(event for event in attempts if event["recovery_successful"] is True)
    return {
        "date": day,
        "user_id": user_id,
        "error_count": _errors(events),
        "unique_errors": len({event["place_hash"] for event in events}),
        "blocked_count": _blocked(events),
        "recovery_rate": percent(successes, _errors(attempts)),
    }


def timeline(asked: Asked) -> list[Row]:
    """Return errors, users and blocked errors in each 48th of the window; without a start it begins with its events."""
    events = asked.within()
    if not events:
        return []
    tick = timedelta(microseconds=1)
    since = asked.since or min(event["timestamp"] for event in events) - tick
    parts: list[list[Row]] = [[] for _ in range(48)]
    for event in events:
        parts[(event["timestamp"] - tick - since) * 48 // (asked.until - since)].append(event)
    return [
        {
            "part": number,
            "errors": _errors(part),
            "users": len({event["user_id"] for event in part}),
            "blocked": _blocked(part),
        }
        for number, part in enumerate(parts, 1)
    ]


def percent(successes: int, attempts: int) -> float | None:
    """Return the successes in percent, rounded to two places; None without attempts."""
    if not attempts:
        return None
    exact = Decimal(successes) * 100 / Decimal(attempts)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def error_patterns(events: Sequence[Row]) -> dict[str, tuple[int, int, datetime, datetime]]:
    """Return of each pattern's hash: errors, users, first and last time."""
    return {
        name: (
            _errors(group),
            len({event["user_id"] for event in group}),
            min(event["timestamp"] for event in group),
            max(event["timestamp"] for event in group),
        )
        for (name,), group in _grouped(events, "pattern_hash").items()
    }
