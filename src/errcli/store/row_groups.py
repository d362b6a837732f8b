"""How many rows may a row group of the store have, and when are small ones put together, so that this fits in memory?

The engine writes what is added as row groups of their own, and puts small ones that lie side by side together when it
writes a checkpoint: in memory, at most `ROW_GROUP_SIZE` rows. That is worth its time after small bursts, as there are
many where a log is read every minute; after each burst of a large log it would take longer than the load. What those
leave is put together by the next rollup.
"""

import math
import shutil
from pathlib import Path

import duckdb

from errcli.store.sql import execute, statement

MOST = 122_880
"""Rows; the engine's own number."""

_MIDDLING, _LARGE = 4 << 20, 8 << 20
"""Bytes; a burst that was read from more is worth row groups of its own: a middling one if it fills one."""

REJECTED = "rejected_lines"
"""The other table with texts that somebody else wrote: a checkpoint puts row groups of every table together."""

_BYTES, _MOST_BYTES = 80 << 20, 160 << 20
"""Of a row group as it is read, and as it is in a store where row groups are put together."""

_LONG_LINE, _LONG_BYTES = 4 << 10, 40 << 20
"""A line of more bytes is long, and a row group of long ones has fewer."""

_OF_NO_EVENT = 4 << 20
"""Bytes that a file, or a row group, has at most beside those of its events, where these are few."""

_VECTOR = 2_048
"""The engine has row groups of a multiple of so many rows."""


def size_for(rows: int, read_bytes: int) -> int:
    """Return how many rows a row group may have where so many were read from so many bytes.

    That is about as many as one stretch of a large log has (`ingest/lines.py`): each becomes one row group. What fills
    none is written twice, once into the log beside the file, so that a burst of fewer rows has a smaller one
    unless it is small.
    """
    if read_bytes > rows * _LONG_LINE:
        vectors = _LONG_BYTES * rows // read_bytes // _VECTOR
    else:
        vectors = math.ceil(_BYTES * rows / max(read_bytes, 1) / _VECTOR)
    if read_bytes >= _MIDDLING and rows >= _VECTOR:
        vectors = min(vectors, rows // _VECTOR)
    return min(max(vectors, 1) * _VECTOR, MOST)


def are_small(size: int, rows: int, read_bytes: int, events: int, file_bytes: int) -> bool:
    """Return whether it is worth it, and fits in memory, to put row groups of up to `size` rows together.

    That is after a burst of so many rows from so many bytes which fills none, in a store with so many events and bytes
    before it.
    """
    longest = max(read_bytes / max(rows, 1), (file_bytes - _OF_NO_EVENT) / max(events, 1))
    return rows < size and read_bytes < _LARGE and size * longest <= _MOST_BYTES


def are_too_long(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Return whether a table has row groups of texts so long that to put them together takes much memory and time."""
    given = {"table": table, "of_row": _MOST_BYTES / MOST, "of_few": _OF_NO_EVENT}
    ((row_groups,),) = execute(connection, statement("row_groups_too_long"), given).fetchall()
    return bool(row_groups > 0)


def put_small_together(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Have the engine put small row groups together at its next checkpoint, if there is room for it.

    That is on the disk for all of the store once more, and in memory for the texts: the row groups of events are looked
    at, too, for which a load has no time. Belongs behind a transaction: what fails at the end of one takes the store
    with it.
    """
    if shutil.disk_usage(path).free < path.stat().st_size:
        return
    if not any(are_too_long(connection, table) for table in ("user_errors", REJECTED)):
        put_together(connection)


def put_together(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the engine put small row groups together at its next checkpoints."""
    connection.execute("RESET max_vacuum_tasks")


def leave_apart(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the engine leave row groups as they are."""
    connection.execute("SET max_vacuum_tasks = 0")
