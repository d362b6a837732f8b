"""How do daily_error_stats and error_patterns keep up with the events?"""

import msgspec

from errcli.store.burst import Back
from errcli.store.connection import Store
from errcli.store.patterns import keep_patterns
from errcli.store.regressions import note_regressions
from errcli.store.sql import statement


class RolledUp(msgspec.Struct, frozen=True):
    """What was brought up to date: days, rows of daily_error_stats on them, patterns; what is found to be back."""

    days: int
    user_days: int
    patterns: int
    back: list[Back]


def roll_up(store: Store) -> RolledUp:
    """Recompute the days with events stored since the last time, and the patterns seen on them.

    Belongs in a transaction of the caller's. Running it again changes nothing.
    """
    if not store.scalar("SELECT count(*) FROM changed_days"):
        return RolledUp(days=0, user_days=0, patterns=0, back=[])
    keep_patterns(store)
    back = note_regressions(store, "user_errors")
    store.run(statement("rollup_daily"))
    store.run(statement("rollup_patterns"))
    ((days, user_days, patterns),) = store.run(statement("rollup_counts"))
    store.run("DELETE FROM changed_days")
    return RolledUp(days, user_days, patterns, back)
