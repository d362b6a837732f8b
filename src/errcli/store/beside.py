"""How do rows that stand beside the log come within reach of SQL? As a temporary table of a connection.

The store may be open read-only; its file does not change.
"""

from datetime import date
from typing import Any

from errcli.analysis import Table, fields_of
from errcli.store.connection import Store
from errcli.store.sql import quoted

_TYPES = {date: "DATE", str: "VARCHAR", int: "BIGINT"}


def definition(table: Table) -> str:
    """Return the statement that makes the table, empty, in the place of one that was there before."""
    columns = ", ".join(f"{quoted(field.name)} {_TYPES[field.type]}" for field in fields_of(table.row))
    return f"CREATE OR REPLACE TEMP TABLE {quoted(table.name)} ({columns})"


def put(store: Store, table: Table, rows: list[Any]) -> None:
    """Make the table of some rows."""
    store.run(definition(table))
    if not rows:
        return
    import pyarrow as pa

    types = {date: pa.date32(), str: pa.string(), int: pa.int64()}
    columns = {
        field.name: (types[field.type], [getattr(row, field.name) for row in rows]) for field in fields_of(table.row)
    }
    arrow = pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
    store.connection.register("beside", arrow)
    store.run(f"INSERT INTO {quoted(table.name)} BY NAME FROM beside")
    store.connection.unregister("beside")
