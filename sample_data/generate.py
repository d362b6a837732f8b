"""Owns the sample event log: makes sample_data/events.jsonl, byte for byte the same on every run.

Every story draws from its own numbered stream, so changing one story leaves the others as they were.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import sys
import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EVENTS_FILE = Path(__file__).with_name("events.jsonl")
PATTERNS_FILE = Path(__file__).with_name("patterns.json")
SEED = 20261120
END = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
START = END - timedelta(days=35)
RELEASED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
OUTAGE_START = datetime(2026, 11, 20, 17, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

STUCK_USER = "u-1077"
STUCK_ERRORS_DAY_BEFORE = 4
STUCK_ERRORS_LAST_HOUR = 16
OUTAGE_USERS = 25
OUTAGE_RETRIES = 3
PERMISSION_ERRORS = 240
LOST_EXPORTS = 36
STALE_SEARCHES = 350
COUPON_FAILURES = 330
NOISE_SESSIONS = 2190

# How likely an error at that weekday (Monday first) or hour (UTC) is, in percent of the busiest.
WEEKDAY_PERCENT = (100, 100, 98, 96, 88, 25, 22)
HOUR_PERCENT = (4, 3, 2, 2, 3, 6, 14, 35, 65, 90, 100, 95, 70, 85, 100, 98, 92, 75, 50, 35, 28, 22, 14, 8)

SEVERITIES = {
    "validation": {"low": 62, "medium": 33, "high": 5},
    "permission": {"low": 45, "medium": 45, "high": 10},
    "timeout": {"low": 10, "medium": 55, "high": 32, "critical": 3},
    "network": {"low": 25, "medium": 52, "high": 21, "critical": 2},
    "workflow": {"low": 5, "medium": 45, "high": 43, "critical": 7},
    "unknown": {"low": 30, "medium": 50, "high": 20},
}
BLOCKED_PERCENT = {"low": 0, "medium": 7, "high": 45, "critical": 90}
RECOVERY_METHODS = {"retry": 45, "reload": 25, "alternative_path": 20, "support": 10}
USER_ACTIONS = {
    "retry": ("tried again", "waited and tried again", "", ""),
    "reload": ("reloaded the page", "reopened the tab", "", ""),
    "alternative_path": ("used the menu instead", "went back and started over", ""),
    "support": ("opened the help chat", "called support", ""),
}
OPTIONAL_PARTS = "id sessionId release context impact recovery context.page context.action impact.severity"

Json = dict[str, Any]
Option = TypeVar("Option")


@dataclass(frozen=True)
class Pattern:
    """One kind of error; the {placeholders} of its texts are filled anew for each event."""

    page: str
    action: str
    kind: str
    code: str
    message: str
    user_message: str = ""
    technical: str = ""
    weight: int = 0


# A translated pattern has the code of its English one, which is the one to be found by code.
ALL_PATTERNS = [Pattern(**row) for row in json.loads(PATTERNS_FILE.read_text(encoding="utf-8"))]
PATTERNS = {pattern.code: pattern for pattern in ALL_PATTERNS if pattern.message.isascii()}
TRANSLATED_PATTERNS = [pattern for pattern in ALL_PATTERNS if not pattern.message.isascii()]
NOISE_WEIGHTS = {pattern: pattern.weight for pattern in ALL_PATTERNS}


@dataclass(frozen=True)
class Scene:
    """Who ran into an error, in which session, and when."""

    user: str
    session: str
    moment: datetime


@dataclass(frozen=True)
class Outcome:
    """What an error did to the user and what the user did about it (no method: nothing)."""

    severity: str
    blocked: bool = False
    workflow_failed: bool = False
    data_loss: bool = False
    method: str = ""
    recovered: bool = False
    user_action: str = ""


class _Dice:
    """Draws made of Random.random() alone: the only sequence Python promises to keep across versions."""

    def __init__(self, stream: int) -> None:
        self._random = random.Random(SEED + stream)

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def between(self, lowest: int, highest: int) -> int:
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]

    def weighted(self, weights: Mapping[Option, int]) -> Option:
        return self.pick([option for option, weight in weights.items() for _ in range(weight)])

    def sample(self, options: Sequence[Option], count: int) -> list[Option]:
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]

    def bytes(self, count: int) -> bytes:
        return bytes(self.below(256) for _ in range(count))

    def session(self) -> str:
        return f"s-{self.bytes(4).hex()}"

    def delay(self, shortest: timedelta, longest: timedelta) -> timedelta:
        return shortest + self.below((longest - shortest) // MILLISECOND) * MILLISECOND

    def busy_moment(self, start: datetime, end: datetime) -> datetime:
        while True:
            moment = start + self.delay(timedelta(), end - start)
            if self.chance(WEEKDAY_PERCENT[moment.weekday()]) and self.chance(HOUR_PERCENT[moment.hour]):
                return moment


def _make_users() -> list[str]:
    dice = _Dice(1)
    numbered = [f"u-{number}" for number in range(1001, 1121)]
    accounts = [f"acct_{dice.bytes(3).hex()}" for _ in range(42)]
    customers = [f"cust-{number:06d}" for number in range(431, 431 + 13 * 26, 13)]
    roles = ("buyer", "planner", "warehouse", "studio", "office", "team.lead")
    mails = [f"{role}@example.{ending}" for role in roles for ending in ("com", "org")]
    return numbered + accounts + customers + mails


def _draw_values(dice: _Dice) -> Json:
    return {
        "order": f"SO-{dice.between(40000, 59999)}",
        "amount": dice.between(900, 48000) / 100,
        "file": f"{dice.pick(('customers', 'stock', 'tasks', 'prices'))}-{dice.between(1, 28):02d}.csv",
        "email": f"{dice.pick(('alex', 'sam', 'kim', 'noa', 'robin'))}.{dice.between(10, 99)}@example.com",
        "project": dice.pick(("Spring Catalogue", "Warehouse Move", "Website", "Trade Fair", "Q4 Planning")),
        "sku": f"SKU-{dice.between(100, 999)}-{dice.pick('ABCD')}",
        "task": f"T-{dice.between(100, 9999)}",
        "query": dice.pick(("desk lamp", "open invoices", "usb-c cable", "late tasks", "red chair")),
        "filter": dice.pick(("status=open", "price<50", "in_stock=true", "owner=me", "label=urgent")),
        "host": f"api{dice.between(1, 4)}.shop.example",
        "field": dice.pick(("postalCode", "phone", "city", "lastName", "vatNumber")),
        "coupon": dice.pick(("AUTUMN15", "WELCOME5", "FREESHIP", "TEAM20", "NOVEMBER")),
        "month": f"{dice.between(1, 10):02d}/2026",
        "workflow": f"wf-{dice.pick(('triage', 'restock', 'digest', 'price-sync'))}",
        "agent": f"agent-{dice.between(1, 9)}",
        "status": dice.pick((204, 409, 418, 500)),
        "millis": dice.between(1200, 15000),
        "line": dice.between(20, 900),
        **{name: dice.between(13, 60) for name in ("megabytes", "minutes", "months", "quantity", "seconds")},
        **{name: dice.between(2, 9) for name in ("column", "step", "stock")},
    }


def _make_event(
    dice: _Dice, scene: Scene, pattern: Pattern, outcome: Outcome, given: Mapping[str, Any] | None = None
) -> Json:
    values = {**_draw_values(dice), **(given or {})}
    return {
        "id": str(uuid.UUID(bytes=dice.bytes(16), version=4)),
        "userId": scene.user,
        "sessionId": scene.session,
        "timestamp": scene.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "release": "1.4.1" if scene.moment < RELEASED else "1.4.2",
        "error": _make_error(pattern, values),
        "context": _make_context(pattern, values),
        **_make_impact_and_recovery(outcome),
    }


def _make_error(pattern: Pattern, values: Json) -> Json:
    error = {"type": pattern.kind, "code": pattern.code, "message": pattern.message.format(**values)}
    texts = {"userMessage": pattern.user_message, "technical": pattern.technical}
    return error | {name: text.format(**values) for name, text in texts.items() if text}


def _make_context(pattern: Pattern, values: Json) -> Json:
    mentioned = {name: values[name] for _, name, _, _ in string.Formatter().parse(pattern.message) if name}
    context: Json = {"page": pattern.page, "action": pattern.action}
    for name, key in (("workflow", "workflowId"), ("agent", "agentId")):
        if name in mentioned:
            context[key] = mentioned.pop(name)
    if "retryAttempt" in values:
        mentioned["retryAttempt"] = values["retryAttempt"]
    return {**context, "inputData": mentioned} if mentioned else context


def _make_impact_and_recovery(outcome: Outcome) -> Json:
    impact = {"severity": outcome.severity, "userBlocked": outcome.blocked}
    impact |= {"workflowFailed": outcome.workflow_failed, "dataLoss": outcome.data_loss}
    recovery: Json = {"attempted": bool(outcome.method), "successful": outcome.recovered}
    details = {"method": outcome.method, "userAction": outcome.user_action}
    return {"impact": impact, "recovery": recovery | {name: text for name, text in details.items() if text}}


def checkout_outage(users: Sequence[str]) -> Iterator[Json]:
    """Let the payment gateway time out for many users in the last hour; a few recover on a retry."""
    dice = _Dice(2)
    for number, user in enumerate(dice.sample([user for user in users if user != STUCK_USER], OUTAGE_USERS)):
        payments = 2 if number % 4 == 0 else 1
        latest_start = timedelta(minutes=47 if payments == 1 else 32)
        scene = Scene(user, dice.session(), OUTAGE_START + latest_start * number // (OUTAGE_USERS - 1))
        scene = _later(dice, scene, timedelta(), timedelta(minutes=1))
        for payment in range(1, payments + 1):
            yield from _failed_payment(dice, scene, recovers=number % 3 == 1 and payment == payments)
            scene = _later(dice, scene, timedelta(minutes=6), timedelta(minutes=12))


def _failed_payment(dice: _Dice, scene: Scene, *, recovers: bool) -> Iterator[Json]:
    pattern, values = PATTERNS["PAYMENT_TIMEOUT"], _draw_values(dice)
    attempts = dice.between(1, OUTAGE_RETRIES) if recovers else OUTAGE_RETRIES
    for attempt in range(1, attempts + 1):
        outcome = Outcome("medium", method="retry", recovered=recovers and attempt == attempts)
        yield _make_event(dice, scene, pattern, outcome, {**values, "retryAttempt": attempt})
        scene = _later(dice, scene, timedelta(seconds=attempt), timedelta(seconds=attempt + 0.2))
    if not recovers:
        yield _make_event(dice, scene, pattern, Outcome("high", blocked=True, method="retry"), values)


def _later(dice: _Dice, scene: Scene, shortest: timedelta, longest: timedelta) -> Scene:
    return replace(scene, moment=scene.moment + dice.delay(shortest, longest))


def stuck_user(_users: Sequence[str]) -> Iterator[Json]:
    """Let one user try to import a file again and again, and never get through."""
    dice = _Dice(3)
    actions = ("changed the header and uploaded again", "saved the file again", "tried another file")
    day_before = (END - timedelta(hours=26, minutes=40), 390, STUCK_ERRORS_DAY_BEFORE)
    last_hour = (END - timedelta(minutes=55), 200, STUCK_ERRORS_LAST_HOUR)
    for first, pace, count in (day_before, last_hour):
        session = dice.session()
        for number in range(count):
            moment = first + timedelta(seconds=pace * number) + dice.delay(timedelta(), timedelta(minutes=1))
            outcome = Outcome("high", blocked=True, method="retry", user_action=dice.pick(actions))
            yield _make_event(dice, Scene(STUCK_USER, session, moment), PATTERNS["CSV_BAD_HEADER"], outcome)


def denied_invitations(users: Sequence[str]) -> Iterator[Json]:
    """Keep users from inviting others; they always recover by asking for access."""
    dice = _Dice(4)
    actions = ("asked an admin", "asked the project owner", "used the request access button")
    for _ in range(PERMISSION_ERRORS):
        severity = dice.weighted({"low": 7, "medium": 3})
        outcome = Outcome(severity, method="request_access", recovered=True, user_action=dice.pick(actions))
        scene = Scene(dice.pick(users), dice.session(), dice.busy_moment(START, END))
        yield _make_event(dice, scene, PATTERNS["PERMISSION_DENIED"], outcome)


def lost_exports(users: Sequence[str]) -> Iterator[Json]:
    """Let a nightly workflow lose data of a few users, who never recover."""
    dice = _Dice(5)
    owners = dice.sample(users, 5)
    for number in range(LOST_EXPORTS):
        offset = timedelta(days=1 + number % 35, milliseconds=dice.below(40 * 60 * 1000))
        scene = Scene(dice.pick(owners), dice.session(), START.replace(hour=2) + offset)
        rows = {"total": dice.between(5000, 9000), "rows": dice.between(200, 4900)}
        export = {"workflow": "wf-nightly-export", "agent": "agent-export", **rows}
        method = "support" if dice.chance(30) else ""
        outcome = Outcome("critical", workflow_failed=True, data_loss=True, method=method)
        yield _make_event(dice, scene, PATTERNS["EXPORT_PARTIAL"], outcome, export)


def stale_searches(users: Sequence[str]) -> Iterator[Json]:
    """Give the old release an error that the new one fixes."""
    return _scattered(_Dice(6), users, PATTERNS["SEARCH_INDEX_STALE"], STALE_SEARCHES, (START, RELEASED))


def failing_coupons(users: Sequence[str]) -> Iterator[Json]:
    """Give the new release an error that the old one did not have."""
    return _scattered(_Dice(7), users, PATTERNS["COUPON_TYPE_ERROR"], COUPON_FAILURES, (RELEASED, END))


def background_noise(users: Sequence[str]) -> Iterator[Json]:
    """Let all users run into all the other errors, over the whole log."""
    dice = _Dice(8)
    for _ in range(NOISE_SESSIONS):
        # The lower of two draws: some users are far more active than others, as in real logs.
        user = users[min(dice.below(len(users)), dice.below(len(users) * 4))]
        yield from _noise_session(dice, Scene(user, dice.session(), dice.busy_moment(START, END)))


def _noise_session(dice: _Dice, scene: Scene) -> Iterator[Json]:
    # The stuck user's last two days belong to that story alone.
    end = END - timedelta(days=2 if scene.user == STUCK_USER else 0)
    pattern = dice.weighted(NOISE_WEIGHTS)
    for _ in range(dice.weighted({1: 55, 2: 24, 3: 12, 4: 6, 5: 3})):
        if scene.moment < end:
            event = _make_event(dice, scene, pattern, _everyday_outcome(dice, pattern))
            yield _leave_parts_out(dice, event) if dice.chance(13) else event
        pattern = pattern if dice.chance(35) else dice.weighted(NOISE_WEIGHTS)
        scene = _later(dice, scene, timedelta(seconds=15), timedelta(minutes=6))


def other_languages(users: Sequence[str]) -> Iterator[Json]:
    """Word a handful of everyday errors in German or Japanese."""
    for stream, pattern in enumerate(TRANSLATED_PATTERNS, start=20):
        yield from _scattered(_Dice(stream), users, pattern, 2, (START, END))


def closing_event(_users: Sequence[str]) -> Iterator[Json]:
    """Pin the log's end: the hour before the last event is the hour before END."""
    return _scattered(_Dice(9), ["u-1042"], PATTERNS["FETCH_FAILED"], 1, (END - timedelta(seconds=3), END))


def _scattered(
    dice: _Dice, users: Sequence[str], pattern: Pattern, count: int, window: tuple[datetime, datetime]
) -> Iterator[Json]:
    for _ in range(count):
        scene = Scene(dice.pick(users), dice.session(), dice.busy_moment(*window))
        yield _make_event(dice, scene, pattern, _everyday_outcome(dice, pattern))


def _everyday_outcome(dice: _Dice, pattern: Pattern) -> Outcome:
    severity = dice.weighted(SEVERITIES[pattern.kind])
    failed = "{workflow}" in pattern.message and dice.chance(60)
    outcome = Outcome(severity, blocked=dice.chance(BLOCKED_PERCENT[severity]), workflow_failed=failed)
    if not dice.chance(60):
        return outcome
    method = dice.weighted(RECOVERY_METHODS)
    action = dice.pick(USER_ACTIONS[method])
    return replace(outcome, method=method, recovered=dice.chance(58), user_action=action)


def _leave_parts_out(dice: _Dice, event: Json) -> Json:
    for part in dice.sample(OPTIONAL_PARTS.split(), dice.between(1, 3)):
        section, _, key = part.rpartition(".")
        (event.get(section, {}) if section else event).pop(key, None)
    return event


def _add_previous_errors(events: Sequence[Json]) -> None:
    codes_by_session: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        if "sessionId" in event:
            earlier = codes_by_session[event["sessionId"]]
            if earlier and "context" in event:
                event["context"]["previousErrors"] = list(earlier)
            earlier.append(event["error"]["code"])


def make_log() -> bytes:
    """Return the whole log: the events of all stories in time order, one JSON object a line."""
    users = _make_users()
    stories = (checkout_outage, stuck_user, denied_invitations, lost_exports, stale_searches, failing_coupons)
    rest = (background_noise, other_languages, closing_event)
    events = [event for story in (*stories, *rest) for event in story(users)]
    events.sort(key=lambda event: str(event["timestamp"]))
    _add_previous_errors(events)
    lines = (json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    return "".join(f"{line}\n" for line in lines).encode()


def main() -> int:
    """Write the log, or with --check compare it; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the sample event log beside this script.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    if not parser.parse_args().check:
        EVENTS_FILE.write_bytes(make_log())
    elif not EVENTS_FILE.exists() or EVENTS_FILE.read_bytes() != make_log():
        print(f"{EVENTS_FILE} is out of date: run python {__file__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
