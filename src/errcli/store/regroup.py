"""How do the events of a store get new shapes, when the masks or the rules that name patterns have changed?"""

import duckdb

from errcli.config import Condition
from errcli.store import mining
from errcli.store.shapes import add_shapes, find_shapes
from errcli.store.sql import execute, statement

# So many events are looked at at once: rows of two row groups of the engine.
_PART = 245_760


def look_anew(connection: duckdb.DuckDBPyConnection, rules: dict[str, list[Condition]] | None) -> None:
    """Find the shape of every event anew, for `regroup`; None for `rules` leaves alone what a rule has named.

    Writes nothing to the store, and belongs in no transaction: one would keep each part until its end.
    """
    mining.prepare(connection)
    ((highest,),) = execute(connection, statement("regroup_begin")).fetchall()
    for first in range(0, max(highest, 0) + 1, _PART):
        rows = {"first": first, "last": first + _PART - 1}
        execute(connection, statement("regroup_events"), {**rows, "keep_names": rules is None}).fetchall()
        find_shapes(connection, "regrouping", rules or {})
        execute(connection, statement("regroup_part")).fetchall()


def regroup(connection: duckdb.DuckDBPyConnection) -> None:
    """Let events have the shapes that `look_anew` found; what has a state keeps it, since old shapes lead to new ones.

    Belongs in a transaction of the caller's.
    """
    execute(connection, statement("regroup_shapes")).fetchall()
    add_shapes(connection)
    execute(connection, statement("regroup_moves")).fetchall()
    execute(connection, statement("regroup_keep")).fetchall()
    note_masks(connection)


def note_masks(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that the shapes of the store are those of the present masks."""
    connection.execute("UPDATE mask_set SET version = $masks", {"masks": mining.MASKS}).fetchall()


def has_old_masks(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the shapes of the store were made by masks of another version."""
    ((masks,),) = connection.execute("SELECT version FROM mask_set").fetchall()
    return bool(masks != mining.MASKS)
