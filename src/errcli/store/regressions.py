"""Which patterns are back: resolved, and seen again? Noted in their history when events are loaded or rolled up."""

from errcli.store.burst import Back
from errcli.store.connection import Store
from errcli.store.sql import quoted, statement

_RESOLVED = "SELECT count(*) FROM resolutions WHERE event_id IS NULL AND resolved"


def note_regressions(store: Store, events: str) -> list[Back]:
    """Note what is back by the events of a table or view; return it, the first one first.

    Patterns are those of the last rollup: what a new shape belongs to is found by the next one. Belongs in a
    transaction of the caller's.
    """
    if not store.scalar(_RESOLVED):
        return []
    store.run(f"CREATE OR REPLACE TEMP VIEW fresh_events AS FROM {quoted(events)}")
    found = store.run(statement("regressions"))
    for group_hash, shape_id, first_seen, release, _ in found:
        store.run(
            statement("resolve_add"),
            {
                "event_id": None,
                "pattern_hash": group_hash,
                "shape_id": shape_id,
                "decision": "back",
                "decided_at": first_seen,
                "release": release,
                "note": None,
                "ignored_until": None,
                "ignored_users": None,
            },
        )
    return [Back(group_hash, pattern) for group_hash, _, _, _, pattern in found]
