"""How do old events go, while their counts stay?"""

from datetime import datetime

import msgspec

from errcli.store.connection import Store
from errcli.store.rollup import roll_up
from errcli.store.sql import statement

_NOTES_OF_LOADS = (
    (
        "prune_ledger",
        "DELETE FROM ingested_files WHERE ingested_at <= $horizon",
        "INSERT INTO ingested_files BY NAME FROM merged",
    ),
    (
        "prune_drops",
        "DELETE FROM dropped_counts WHERE ingested_at <= $horizon",
        "INSERT INTO dropped_counts BY NAME FROM merged",
    ),
)
"""How the old rows of a table are merged, deleted, and kept as fewer."""


class Pruned(msgspec.Struct, frozen=True):
    """What lies, or lay, at or before the horizon: events, errors they stand for, their users and UTC days."""

    events: int
    errors: int
    users: int
    days: int
    rejected_lines: int


def what_would_go(store: Store, horizon: datetime) -> Pruned:
    """Count what `prune` would delete."""
    return Pruned(*store.run(statement("prune_counts"), {"horizon": horizon})[0])


def prune(store: Store, horizon: datetime, now: datetime) -> Pruned:
    """Roll up, keep the counts, then delete events and rejected lines at or before the horizon.

    What was noted of each load up to then becomes one row per file and day. Belongs in a transaction of the
    caller's. From then on the load drops events at or before the horizon, so that a log that is loaded again does not
    bring them back.
    """
    roll_up(store)
    going = what_would_go(store, horizon)
    store.run(statement("prune_keep_stats"), {"horizon": horizon})
    store.run("DELETE FROM user_errors WHERE timestamp <= $horizon", {"horizon": horizon})
    store.run("DELETE FROM folded_events WHERE timestamp <= $horizon", {"horizon": horizon})
    store.run("DELETE FROM rejected_lines WHERE ingested_at <= $horizon", {"horizon": horizon})
    for merging, deleting, keeping in _NOTES_OF_LOADS:
        store.run(statement(merging), {"horizon": horizon})
        store.run(deleting, {"horizon": horizon})
        store.run(keeping)
    store.run(
        "INSERT INTO prunes VALUES ($horizon, $deleted, $now)",
        {"horizon": horizon, "deleted": going.events, "now": now},
    )
    return going
