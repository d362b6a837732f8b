"""What is left of each event's message when its values are taken out?"""

import duckdb

from errcli.config import Condition
from errcli.store import mining
from errcli.store.rules import statement_of
from errcli.store.sql import execute, quoted, statement


def find_twins(connection: duckdb.DuckDBPyConnection, events: str, rules: dict[str, list[Condition]]) -> None:
    """Find which events of a table differ in nothing but their digits; `find_shapes` goes on from there."""
    _give_to_mining(connection, events, rules)
    mining.find_twins(connection)


def find_shapes(connection: duckdb.DuckDBPyConnection, events: str, rules: dict[str, list[Condition]]) -> None:
    """Find the shapes of the events in a temporary table: `seq` and the columns of an event.

    `rules` name patterns. Makes the temporary tables `kinds`, of shapes and places, and `shaped`, of which
    seq and kind count.
    """
    _give_to_mining(connection, events, rules)
    mining.shape(connection)
    execute(connection, statement("shapes_of_events")).fetchall()


def _give_to_mining(connection: duckdb.DuckDBPyConnection, events: str, rules: dict[str, list[Condition]]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW events_to_shape AS FROM temp.{quoted(events)}")
    execute(connection, *statement_of(rules, "named", "temp.events_to_shape")).fetchall()
    execute(connection, statement("shapes_messages"))


def add_shapes(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the shapes of the events found their numbers; makes `kind_shapes` (kind, place_hash, shape_id).

    Belongs in a transaction of the caller's.
    """
    execute(connection, statement("shapes_add")).fetchall()
