"""How do the events of a store get new shapes, when the masks or the rules that name patterns have changed?"""

import duckdb

from errcli.config import Condition
from errcli.store import mining
from errcli.store.shapes import add_shapes, find_shapes
from errcli.store.sql import execute, statement


def regroup(connection: duckdb.DuckDBPyConnection, rules: dict[str, list[Condition]] | None) -> None:
    """Find the shape of every event anew; what has a state keeps it, since old shapes lead to the new ones.

    None for `rules` leaves alone what a rule has named. Belongs in a transaction of the caller's.
    """
    mining.prepare(connection)
    execute(connection, statement("regroup_events"), {"keep_names": rules is None}).fetchall()
    find_shapes(connection, "regrouping", rules or {})
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
