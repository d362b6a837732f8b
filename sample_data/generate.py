"""Owns the sample event log: makes sample_data/events.jsonl, byte for byte the same on every run.

Every story below draws from its own numbered stream, so changing one story leaves the others as they were.
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
SEED = 20261120

END = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
START = END - timedelta(days=35)
RELEASED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
OUTAGE_START = datetime(2026, 11, 20, 17, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

STUCK_USER = "u-1077"
OUTAGE_USERS = 25
OUTAGE_RECOVERED_USERS = 8
OUTAGE_RETRIES = 3
STUCK_ERRORS_DAY_BEFORE = 4
STUCK_ERRORS_LAST_HOUR = 16
PERMISSION_ERRORS = 240
LOST_EXPORTS = 36
STALE_SEARCHES = 350
COUPON_FAILURES = 330
NOISE_EVENTS = 3860

# How likely an error at that weekday (Monday first) or hour (UTC) is, in percent of the busiest.
WEEKDAY_PERCENT = (100, 100, 98, 96, 88, 25, 22)
HOUR_PERCENT = (4, 3, 2, 2, 3, 6, 14, 35, 65, 90, 100, 95, 70, 85, 100, 98, 92, 75, 50, 35, 28, 22, 14, 8)

Json = dict[str, Any]
Values = dict[str, Any]
Option = TypeVar("Option")

# Looked up by code, else by type; a type that is missing from TECHNICAL logs no technical text.
USER_MESSAGES = {
    "validation": "Please check the marked field.",
    "permission": "You are not allowed to do this.",
    "timeout": "This takes too long. Please try again.",
    "network": "We could not reach the server.",
    "workflow": "The workflow stopped early.",
    "unknown": "Something went wrong.",
    "PAYMENT_TIMEOUT": "Your payment could not be confirmed. You have not been charged.",
    "CSV_BAD_HEADER": "The first line of the file does not have the columns we expect.",
    "EXPORT_PARTIAL": "The nightly export is incomplete.",
}
TECHNICAL = {
    "network": "NetworkError at request (api.js:{line})",
    "timeout": "TimeoutError: {host}, {millis} ms",
    "workflow": "WorkflowError: exit status 1 (runner.js:{line})",
    "PAYMENT_TIMEOUT": "GatewayTimeout: POST https://pay.gateway.example/v1/charges",
    "COUPON_TYPE_ERROR": "TypeError: coupon.percentOff is not a function\n"
    "    at applyCoupon (cart.js:118:27)\n    at onSubmit (cart.js:64:9)",
}
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
    "retry": ("tried again", "pressed the button again", "waited and tried again"),
    "reload": ("reloaded the page", "closed and reopened the tab"),
    "alternative_path": ("used the menu instead", "went back and started over", "used the mobile app"),
    "support": ("opened the help chat", "called support"),
}

# One row: weight, page, action, type, code, message; the stories' rows have no weight in the noise.
PATTERN_TABLE = """
 0 /checkout pay timeout PAYMENT_TIMEOUT Payment of {amount:.2f} EUR for {order} timed out at the gateway
 0 /import upload validation CSV_BAD_HEADER Header of column {few} in {file} is not known: '{field}'
 0 /projects/settings invite permission PERMISSION_DENIED Only admins of '{project}' may invite {email}
 0 /reports export_nightly workflow EXPORT_PARTIAL {agent} wrote {rows} of {total} rows in {workflow}
 0 /search filter unknown SEARCH_INDEX_STALE Search index is {minutes} minutes behind for {filter}
 0 /cart apply_coupon unknown COUPON_TYPE_ERROR TypeError: coupon.percentOff is not a function ({coupon})
60 /checkout          save_address    validation REQUIRED_FIELD Field '{field}' is required for {order}
40 /checkout          enter_card      validation CARD_EXPIRED Card for order {order} expired in {month}
45 /login             sign_up         validation EMAIL_INVALID '{email},' is not a valid e-mail address
30 /import            upload          validation FILE_TOO_LARGE {file} is {size} MB, the limit is 25 MB
30 /projects/settings rename          validation NAME_TAKEN A project named '{project}' already exists
50 /cart              update_quantity validation OUT_OF_STOCK {count} of {sku} requested, {few} in stock
20 /reports           set_range       validation DATE_RANGE Report range of {count} months is too long
50 /search            query           network    FETCH_FAILED Failed to fetch {host}/search?q={query}
45 /projects          save_task       network    CONNECTION_RESET Connection reset while saving {task}
35 /reports           load_chart      network    BAD_GATEWAY 502 from {host} after {millis} ms
20 /agents/run        poll            network    RATE_LIMITED Agent {agent} was rate limited for {seconds} s
55 /login             sign_in         timeout    LOGIN_TIMEOUT Sign-in of {email} timed out after {seconds} s
35 /reports           run_report      timeout    QUERY_TIMEOUT Report on '{project}' took over {seconds} s
25 /agents/run        start           timeout    AGENT_TIMEOUT {agent} hung in {workflow} for {seconds} s
30 /agents/run        step            workflow   AGENT_STEP_FAILED Step {few} of {workflow} failed in {agent}
20 /reports           share           permission SHARE_FORBIDDEN {email} may not see report '{project}'
25 /login             resume          permission SESSION_EXPIRED Session expired after {minutes} minutes
25 /projects          move_task       unknown    BAD_REPLY Unexpected reply for {task}: status {status}
 5 /search            query           unknown    CANCELLED Search for '{query}' cancelled after {millis} ms
"""
# One row: code, message and user message in German or Japanese.
TRANSLATION_TABLE = """
REQUIRED_FIELD|Pflichtfeld '{field}' fehlt für Bestellung {order}|Bitte füllen Sie alle Pflichtfelder aus.
LOGIN_TIMEOUT|Anmeldung nach {seconds} s abgebrochen (Zeitüberschreitung)|Bitte später erneut versuchen.
REQUIRED_FIELD|注文 {order} の必須項目「{field}」が入力されていません|必須項目を入力してください。
LOGIN_TIMEOUT|{seconds} 秒でログインがタイムアウトしました|もう一度お試しください。
"""
OPTIONAL_PARTS = (
    "id sessionId release context impact recovery error.userMessage error.technical context.page context.action "
    "context.inputData impact.severity impact.userBlocked recovery.method recovery.userAction"
).split()


@dataclass(frozen=True)
class Pattern:
    """One kind of error; the {placeholders} of its message are filled anew for each event."""

    page: str
    action: str
    kind: str
    code: str
    message: str


PATTERN_ROWS = [row.split(maxsplit=5) for row in PATTERN_TABLE.strip().splitlines()]
NOISE_WEIGHTS = {Pattern(*texts): int(weight) for weight, *texts in PATTERN_ROWS}
PATTERNS = {pattern.code: pattern for pattern in NOISE_WEIGHTS}


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


class Dice:
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
        return f"s-{self.bytes(6).hex()}"

    def delay(self, shortest: timedelta, longest: timedelta) -> timedelta:
        return shortest + self.below((longest - shortest) // MILLISECOND) * MILLISECOND

    def busy_moment(self, start: datetime, end: datetime) -> datetime:
        while True:
            moment = start + self.delay(timedelta(), end - start)
            if self.chance(WEEKDAY_PERCENT[moment.weekday()]) and self.chance(HOUR_PERCENT[moment.hour]):
                return moment


def make_users() -> list[str]:
    dice = Dice(1)
    roles = ("buyer", "planner", "warehouse", "studio", "office", "team.lead")
    numbered = [f"u-{number}" for number in range(1001, 1121)]
    accounts = [f"acct_{dice.bytes(3).hex()}" for _ in range(42)]
    customers = [f"cust-{number:06d}" for number in range(431, 431 + 13 * 26, 13)]
    mails = [f"{role}@example.{domain}" for role in roles for domain in ("com", "org")]
    return numbered + accounts + customers + mails


def draw_values(dice: Dice) -> Values:
    return {
        "order": f"SO-{dice.between(40000, 59999)}",
        "amount": dice.between(900, 48000) / 100,
        "file": f"{dice.pick(('customers', 'stock', 'tasks', 'prices'))}-{dice.between(1, 28):02d}.csv",
        "size": dice.between(26, 140),
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
        "seconds": dice.between(10, 60),
        "minutes": dice.between(6, 90),
        "count": dice.between(13, 60),
        "few": dice.between(2, 9),
        "line": dice.between(20, 900),
    }


def make_event(dice: Dice, scene: Scene, pattern: Pattern, outcome: Outcome, values: Values) -> Json:
    return {
        "id": str(uuid.UUID(bytes=dice.bytes(16), version=4)),
        "userId": scene.user,
        "sessionId": scene.session,
        "timestamp": scene.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "release": "1.4.1" if scene.moment < RELEASED else "1.4.2",
        "error": make_error(pattern, values),
        "context": make_context(pattern, values),
        "impact": {
            "severity": outcome.severity,
            "userBlocked": outcome.blocked,
            "workflowFailed": outcome.workflow_failed,
            "dataLoss": outcome.data_loss,
        },
        "recovery": make_recovery(outcome),
    }


def make_error(pattern: Pattern, values: Values) -> Json:
    user_message = USER_MESSAGES.get(pattern.code, USER_MESSAGES[pattern.kind])
    technical = TECHNICAL.get(pattern.code, TECHNICAL.get(pattern.kind))
    error = {"type": pattern.kind, "code": pattern.code, "message": pattern.message.format(**values)}
    error["userMessage"] = user_message
    return {**error, "technical": technical.format(**values)} if technical else error


def make_context(pattern: Pattern, values: Values) -> Json:
    context: Json = {"page": pattern.page, "action": pattern.action}
    mentioned = [name for _, name, _, _ in string.Formatter().parse(pattern.message) if name]
    for name, key in (("workflow", "workflowId"), ("agent", "agentId")):
        if name in mentioned:
            context[key] = values[name]
    names = [name for name in mentioned if name not in {"workflow", "agent"}]
    inputs = {name: values[name] for name in (*names, "retryAttempt") if name in values}
    return {**context, "inputData": inputs} if inputs else context


def make_recovery(outcome: Outcome) -> Json:
    if not outcome.method:
        return {"attempted": False, "successful": False}
    recovery: Json = {"attempted": True, "successful": outcome.recovered, "method": outcome.method}
    return {**recovery, "userAction": outcome.user_action} if outcome.user_action else recovery


def checkout_outage(users: Sequence[str]) -> Iterator[Json]:
    dice = Dice(2)
    for number, user in enumerate(dice.sample([user for user in users if user != STUCK_USER], OUTAGE_USERS)):
        payments = 2 if number % 3 == 0 else 1
        latest_start = timedelta(minutes=45 if payments == 1 else 32)
        scene = Scene(user, dice.session(), OUTAGE_START + dice.delay(timedelta(), latest_start))
        for payment in range(1, payments + 1):
            yield from failed_payment(dice, scene, payment == payments and number < OUTAGE_RECOVERED_USERS)
            pause = dice.delay(timedelta(minutes=4), timedelta(minutes=13))
            scene = replace(scene, moment=scene.moment + pause)


def failed_payment(dice: Dice, scene: Scene, recovers: bool) -> Iterator[Json]:  # noqa: FBT001
    pattern = PATTERNS["PAYMENT_TIMEOUT"]
    values = draw_values(dice)
    attempts = dice.between(1, OUTAGE_RETRIES) if recovers else OUTAGE_RETRIES
    for attempt in range(1, attempts + 1):
        outcome = Outcome("medium", method="retry", recovered=recovers and attempt == attempts)
        yield make_event(dice, scene, pattern, outcome, {**values, "retryAttempt": attempt})
        wait = timedelta(seconds=attempt) + dice.delay(20 * MILLISECOND, 180 * MILLISECOND)
        scene = replace(scene, moment=scene.moment + wait)
    if not recovers:
        yield make_event(dice, scene, pattern, Outcome("high", blocked=True, method="retry"), values)


def stuck_user() -> Iterator[Json]:
    dice = Dice(3)
    actions = ("changed the header and uploaded again", "saved the file again", "tried another file")
    day_before = (END - timedelta(hours=26, minutes=40), 390, STUCK_ERRORS_DAY_BEFORE)
    last_hour = (END - timedelta(minutes=55), 200, STUCK_ERRORS_LAST_HOUR)
    for first, pace, count in (day_before, last_hour):
        session = dice.session()
        for number in range(count):
            moment = first + timedelta(seconds=pace * number) + dice.delay(timedelta(), timedelta(minutes=1))
            outcome = Outcome("high", blocked=True, method="retry", user_action=dice.pick(actions))
            yield make_event(dice, Scene(STUCK_USER, session, moment), PATTERNS["CSV_BAD_HEADER"], outcome, draw_values(dice))


def denied_invitations(users: Sequence[str]) -> Iterator[Json]:
    dice = Dice(4)
    actions = ("asked an admin", "asked the project owner", "used the request access button")
    for _ in range(PERMISSION_ERRORS):
        severity = dice.weighted({"low": 7, "medium": 3})
        outcome = Outcome(severity, method="request_access", recovered=True, user_action=dice.pick(actions))
        scene = Scene(dice.pick(users), dice.session(), dice.busy_moment(START, END))
        yield make_event(dice, scene, PATTERNS["PERMISSION_DENIED"], outcome, draw_values(dice))


def lost_exports(users: Sequence[str]) -> Iterator[Json]:
    dice = Dice(5)
    first_night = START.replace(hour=2, minute=0) + timedelta(days=1)
    owners = dice.sample(users, 5)
    for number in range(LOST_EXPORTS):
        moment = first_night + timedelta(days=number % 35) + dice.delay(timedelta(), timedelta(minutes=40))
        total = dice.between(2000, 9000)
        export = {"workflow": "wf-nightly-export", "total": total, "rows": dice.below(total)}
        method = "support" if dice.chance(30) else ""
        outcome = Outcome("critical", workflow_failed=True, data_loss=True, method=method)
        scene = Scene(dice.pick(owners), dice.session(), moment)
        yield make_event(dice, scene, PATTERNS["EXPORT_PARTIAL"], outcome, {**draw_values(dice), **export})


def stale_searches(users: Sequence[str]) -> Iterator[Json]:
    return scattered(Dice(6), users, PATTERNS["SEARCH_INDEX_STALE"], STALE_SEARCHES, (START, RELEASED))


def failing_coupons(users: Sequence[str]) -> Iterator[Json]:
    return scattered(Dice(7), users, PATTERNS["COUPON_TYPE_ERROR"], COUPON_FAILURES, (RELEASED, END))


def scattered(
    dice: Dice, users: Sequence[str], pattern: Pattern, count: int, window: tuple[datetime, datetime]
) -> Iterator[Json]:
    for _ in range(count):
        scene = Scene(dice.pick(users), dice.session(), dice.busy_moment(*window))
        yield make_event(dice, scene, pattern, everyday_outcome(dice, pattern), draw_values(dice))


def everyday_outcome(dice: Dice, pattern: Pattern) -> Outcome:
    severity = dice.weighted(SEVERITIES[pattern.kind])
    outcome = Outcome(
        severity,
        blocked=dice.chance(BLOCKED_PERCENT[severity]),
        workflow_failed="{workflow}" in pattern.message and dice.chance(60),
    )
    if not dice.chance(60):
        return outcome
    method = dice.weighted(RECOVERY_METHODS)
    action = dice.pick(USER_ACTIONS[method])
    return replace(outcome, method=method, recovered=dice.chance(58), user_action=action)


def background_noise(users: Sequence[str]) -> Iterator[Json]:
    dice = Dice(8)
    written = 0
    while written < NOISE_EVENTS:
        # The lower of two draws: some users are far more active than others, as in real logs.
        user = users[min(dice.below(len(users)), dice.below(len(users) * 3))]
        scene = Scene(user, dice.session(), dice.busy_moment(START, END))
        pattern = dice.weighted(NOISE_WEIGHTS)
        for _ in range(dice.weighted({1: 55, 2: 24, 3: 12, 4: 6, 5: 3})):
            # The stuck user's last two days belong to that story alone.
            if scene.moment >= END - timedelta(days=2 if user == STUCK_USER else 0):
                break
            event = make_event(dice, scene, pattern, everyday_outcome(dice, pattern), draw_values(dice))
            yield leave_parts_out(dice, event) if dice.chance(13) else event
            written += 1
            pattern = pattern if dice.chance(35) else dice.weighted(NOISE_WEIGHTS)
            pause = dice.delay(timedelta(seconds=15), timedelta(minutes=6))
            scene = replace(scene, moment=scene.moment + pause)


def leave_parts_out(dice: Dice, event: Json) -> Json:
    for part in dice.sample(OPTIONAL_PARTS, dice.between(1, 3)):
        *section, key = part.split(".")
        event.get(section[0], {}).pop(key, None) if section else event.pop(key, None)
    return event


def other_languages(users: Sequence[str]) -> Iterator[Json]:
    dice = Dice(9)
    for row in TRANSLATION_TABLE.strip().splitlines() * 2:
        code, message, user_message = row.split("|")
        pattern = replace(PATTERNS[code], message=message)
        event = next(scattered(dice, users, pattern, 1, (START, END)))
        event["error"]["userMessage"] = user_message
        yield event


def closing_event() -> Json:
    # Pins the log's end, so that "the last hour" counted from the last event is the hour before END.
    dice = Dice(10)
    pattern = PATTERNS["FETCH_FAILED"]
    scene = Scene("u-1042", dice.session(), END - 2345 * MILLISECOND)
    return make_event(dice, scene, pattern, everyday_outcome(dice, pattern), draw_values(dice))


def add_previous_errors(events: Sequence[Json]) -> None:
    codes_by_session: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        if "sessionId" in event:
            earlier = codes_by_session[event["sessionId"]]
            if earlier and "context" in event:
                event["context"]["previousErrors"] = list(earlier)
            earlier.append(event["error"]["code"])


def make_log() -> bytes:
    users = make_users()
    stories = (checkout_outage, denied_invitations, lost_exports, stale_searches, failing_coupons)
    events = [event for story in (*stories, background_noise, other_languages) for event in story(users)]
    events += [*stuck_user(), closing_event()]
    events.sort(key=lambda event: str(event["timestamp"]))
    add_previous_errors(events)
    lines = (json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    return "".join(f"{line}\n" for line in lines).encode()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the sample event log beside this script.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    check = parser.parse_args().check
    log = make_log()
    if not check:
        EVENTS_FILE.write_bytes(log)
    elif not EVENTS_FILE.exists() or EVENTS_FILE.read_bytes() != log:
        print(f"{EVENTS_FILE} is out of date: run python {__file__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
