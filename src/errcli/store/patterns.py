"""Which pattern does each shape belong to? Mined from all shapes, kept by a rollup, or known to one reader."""

from errcli.store import mining
from errcli.store.connection import Store
from errcli.store.sql import statement


def keep_patterns(store: Store) -> None:
    """Mine what has changed and keep it; makes the temporary table `regrouped_patterns` (pattern_hash).

    Belongs in a transaction of the caller's.
    """
    _find(store)
    store.run(statement("patterns_keep"))


def know_patterns(store: Store) -> None:
    """Mine what has changed since the last rollup, for this connection alone, which may be read-only.

    A temporary table then stands in for the store's `shape_patterns`, in its views as well.
    """
    if store.knows_patterns or not store.scalar("SELECT count(*) FROM changed_days"):
        return
    _find(store)
    store.run("CREATE OR REPLACE TEMP TABLE shape_patterns AS FROM present_patterns")
    store.knows_patterns = store.read_only


def _find(store: Store) -> None:
    """Make the temporary table `present_patterns`, as `shape_patterns` has to be."""
    store.run("DROP TABLE IF EXISTS temp.shape_patterns")
    store.run(statement("mining/often"))
    store.run(statement("patterns_stale"))
    mining.mine(store.connection)
    store.run(statement("patterns_present"))
