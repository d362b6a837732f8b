"""How is an event or a pattern marked as resolved, and opened again? Decisions are added, nothing is updated."""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from errcli.errors import UnknownTargetError, UsageError
from errcli.event import event_ids
from errcli.store.connection import Store
from errcli.store.sql import statement

_TOO_SHORT = re.compile(r"[0-9a-f]{1,5}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{6,64}", re.ASCII)


class Target(msgspec.Struct, frozen=True):
    """What a decision is about: an event or a pattern."""

    event_id: UUID | None = None
    pattern_hash: str | None = None


class Decision(msgspec.Struct, frozen=True):
    """A decision and the number of events that it covers."""

    target: Target
    resolved: bool
    decided_at: datetime
    release: str | None
    note: str | None
    events: int


def find_target(store: Store, text: str) -> Target:
    """Find what a text names: an event's UUID, the id that its source gave it, or a pattern's hash.

    Six digits of a hash are enough where no other begins with them. Raises UnknownTargetError, UsageError.
    """
    event_id, _ = event_ids(text, b"")
    if store.scalar("SELECT count(*) FROM user_errors WHERE id = $id", {"id": event_id}):
        return Target(event_id=event_id)
    if _HASH.fullmatch(text.lower()):
        found = store.run(statement("resolve_find_pattern"), {"prefix": text.lower()})
        if len(found) > 1:
            raise UsageError(f"several patterns begin with {text}", "", "give more of the hash")
        if found:
            return Target(pattern_hash=found[0][0])
    if _TOO_SHORT.fullmatch(text.lower()):
        raise UsageError(f"{text!r} is too short for a hash", "", "give six digits of it or more")
    raise UnknownTargetError(
        f"no event and no pattern is called {text!r}",
        str(store.path),
        "errcli patterns -f json shows the hashes",
    )


def decide(
    store: Store,
    target: Target,
    *,
    resolved: bool,
    decided_at: datetime,
    release: str | None,
    note: str | None,
) -> Decision:
    """Note that a target is resolved or open again; of a pattern this covers the events up to `decided_at`.

    Belongs in a transaction of the caller's.
    """
    covered = {"event_id": target.event_id, "pattern_hash": target.pattern_hash, "decided_at": decided_at}
    store.run(statement("resolve_add"), {**covered, "resolved": resolved, "release": release, "note": note})
    events = store.scalar(statement("resolve_covered"), covered)
    return Decision(target, resolved, decided_at, release, note, events)
