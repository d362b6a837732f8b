"""What is decided about an event or a pattern, and how is that answered? For every way to ask for it."""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import Result, column, result_of
from errcli.errors import UsageError
from errcli.params import parse_end, well_formed
from errcli.store import resolve
from errcli.store.connection import Store
from errcli.store.rollup import roll_up

FOREVER = "forever"
"""The end of what is ignored for good."""


class Decided(msgspec.Struct):
    """A decision about an event or a pattern."""

    target: Annotated[str, column("event or pattern", rank=0)]
    id: Annotated[str | None, column("The event's UUID.", unit="id", rank=1)]
    pattern_hash: Annotated[str | None, column("The pattern's hash.", unit="hash", rank=1)]
    resolved: Annotated[bool, column("Resolved, or open again.", rank=0)]
    decided_at: Annotated[datetime, column("A pattern's events up to here are covered.", rank=1)]
    events: Annotated[int, column("Events that it covers.", rank=0)]
    release: Annotated[str | None, column("The release with the fix.", rank=2)]
    note: Annotated[str | None, column("Why.", rank=2)]


class Ignored(msgspec.Struct):
    """A decision not to show a pattern."""

    pattern_hash: Annotated[str, column("The pattern's hash.", unit="hash", rank=0)]
    ignored_until: Annotated[datetime | None, column("Until when; none: not bound to a time.", rank=0)]
    ignored_users: Annotated[int | None, column("How many more users end it; none: not bound to users.", rank=0)]
    decided_at: Annotated[datetime, column("From when on.", rank=1)]
    events: Annotated[int, column("Events of it up to then.", rank=1)]
    note: Annotated[str | None, column("Why.", rank=2)]


def decide(
    store: Store, text: str, decided_at: datetime, *, resolved: bool, release: str | None, note: str | None
) -> Result:
    """Note that what `text` names is resolved, or is not, and answer with that. Belongs in a transaction.

    Raises UnknownTargetError, UsageError.
    """
    text, release, note = (well_formed(each) for each in (text, release, note))
    decision = resolve.decide(
        store,
        _find_target(store, text),
        "resolved" if resolved else "reopened",
        decided_at,
        release=release,
        note=note,
    )
    target = decision.target
    row = Decided(
        "event" if target.pattern_hash is None else "pattern",
        None if target.event_id is None else str(target.event_id),
        target.pattern_hash,
        resolved,
        decision.decided_at,
        decision.events,
        decision.release,
        decision.note,
    )
    return result_of("resolve" if resolved else "reopen", Decided, [row], now=decided_at, target=text)


def ignore(
    store: Store,
    text: str,
    decided_at: datetime,
    *,
    until: str | None = None,
    until_users: int | None = None,
    note: str | None,
) -> Result:
    """Note that the pattern whose hash `text` is need not be shown for a while, and answer with that.

    It ends at `until` (`7d`, a date, `forever`) or with that many users more; one of them is needed. Belongs in a
    transaction. Raises UnknownTargetError, UsageError.
    """
    if until is None and until_users is None:
        raise UsageError("nothing says for how long", "ignore", "give --until 7d, --until-users 20 or --until forever")
    target = _find_target(store, well_formed(text))
    if target.pattern_hash is None:
        raise UsageError("an event cannot be ignored", text, "give the hash of its pattern")
    ends = None if until in (None, FOREVER) else parse_end(until, decided_at, "--until")
    decision = resolve.decide(
        store,
        target,
        "ignored",
        decided_at,
        note=well_formed(note),
        ignored_until=ends,
        ignored_users=until_users,
    )
    row = Ignored(target.pattern_hash, ends, until_users, decision.decided_at, decision.events, decision.note)
    return result_of("ignore", Ignored, [row], now=decided_at, target=text)


def _find_target(store: Store, text: str) -> resolve.Target:
    """Find what a text names; patterns are rolled up, so that a load knows what is back. Raises as `find_target`."""
    roll_up(store)
    return resolve.find_target(store, text)
