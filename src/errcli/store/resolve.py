"""How is an event or a pattern resolved, opened again, or ignored? Decisions are added, nothing is updated."""

import re
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from errcli.errors import UnknownTargetError, UsageError
from errcli.event import event_ids
from errcli.params import well_formed
from errcli.store.connection import Store
from errcli.store.patterns import know_patterns
from errcli.store.sql import statement

DecisionName = Literal["resolved", "reopened", "ignored"]

_TOO_SHORT = re.compile(r"[0-9a-f]{1,5}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{6,64}", re.ASCII)


class Target(msgspec.Struct, frozen=True):
    """What a decision is about: an event, a pattern, by its hash and the shape whose hash that is, or a place."""

    event_id: UUID | None = None
    pattern_hash: str | None = None
    shape_id: int | None = None


class Group(msgspec.Struct, frozen=True):
    """A pattern, by its hash and the shape whose hash that is; a place where there is no shape."""

    pattern_hash: str
    shape_id: int | None


class Decision(msgspec.Struct, frozen=True):
    """A decision and the number of events up to then that it is about."""

    target: Target
    decision: DecisionName
    decided_at: datetime
    release: str | None
    note: str | None
    events: int


def find_target(store: Store, text: str) -> Target:
    """Find what a text names: an event's UUID, the id that its source gave it, or the hash of a pattern or a place.

    Six digits of a hash are enough where no other begins with them. A hash that a pattern had before it became one
    with another names what it belongs to now. Raises UnknownTargetError, UsageError.
    """
    event_id, _ = event_ids(text, b"")
    if store.scalar("SELECT count(*) FROM user_errors WHERE id = $id", {"id": event_id}):
        return Target(event_id=event_id)
    group = require_group(store, text)
    return Target(pattern_hash=group.pattern_hash, shape_id=group.shape_id)


def require_group(store: Store, text: str) -> Group:
    """Find the pattern or the place that a hash, or its beginning, names.

    Raises UnknownTargetError where there is none, UsageError where there are several.
    """
    found = _find_group(store, text)
    if found is not None:
        return found
    if _TOO_SHORT.fullmatch(text.lower()):
        raise UsageError(f"{text!r} is too short for a hash", "", "give six digits of it or more")
    raise UnknownTargetError(
        f"no event and no pattern is called {text!r}",
        str(store.path),
        "errcli patterns -f json shows the hashes",
    )


def require_pattern(store: Store, text: str) -> str:
    """Return the present hash of the pattern that a hash, or its beginning, names.

    Raises as `require_group` does, and UsageError for a place.
    """
    group = require_group(store, well_formed(text))
    if group.shape_id is None:
        raise UsageError("a place is type, page and action", text, "give the hash of a pattern")
    return group.pattern_hash


def _find_group(store: Store, text: str) -> Group | None:
    if not _HASH.fullmatch(text.lower()):
        return None
    know_patterns(store)
    found = store.run(statement("resolve_find_pattern"), {"prefix": text.lower()})
    if len(found) > 1:
        raise UsageError(f"several patterns begin with {text}", "", "give more of the hash")
    return Group(*found[0]) if found else None


def decide(
    store: Store,
    target: Target,
    decision: DecisionName,
    decided_at: datetime,
    *,
    release: str | None = None,
    note: str | None = None,
    ignored_until: datetime | None = None,
    ignored_users: int | None = None,
) -> Decision:
    """Note a decision; a resolution of a pattern covers the events up to `decided_at`.

    Belongs in a transaction of the caller's.
    """
    about = {"event_id": target.event_id, "pattern_hash": target.pattern_hash, "shape_id": target.shape_id}
    store.run(
        statement("resolve_add"),
        {
            **about,
            "decision": decision,
            "decided_at": decided_at,
            "release": release,
            "note": note,
            "ignored_until": ignored_until,
            "ignored_users": ignored_users,
        },
    )
    events = store.scalar(statement("resolve_covered"), {**about, "decided_at": decided_at})
    return Decision(target, decision, decided_at, release, note, events)
