"""What is decided about an event or a pattern, and how is that answered? For every way to ask for it."""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import Result, column, result_of
from errcli.params import well_formed
from errcli.store import resolve
from errcli.store.connection import Store


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


def decide(
    store: Store, text: str, decided_at: datetime, *, resolved: bool, release: str | None, note: str | None
) -> Result:
    """Note that what `text` names is resolved, or is not, and answer with that. Belongs in a transaction.

    Raises UnknownTargetError, UsageError.
    """
    text, release, note = (well_formed(each) for each in (text, release, note))
    decision = resolve.decide(
        store,
        resolve.find_target(store, text),
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
