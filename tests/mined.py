"""What do messages become: shapes, where events are loaded, and templates, where shapes are mined?"""

import json
from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa

from errcli.store import mining

_SHAPES = "SELECT shape FROM shaped JOIN example_shapes USING (example) ORDER BY seq"


def shapes(*messages: str | None, **named: Any) -> list[str]:
    """Return the shape of each message of events that have these fields besides."""
    values = {**named, "input_data": json.dumps(named["input_data"])} if "input_data" in named else named
    return shapes_of([{"message": message, **values} for message in messages])


def shapes_of(events: Iterable[dict[str, Any]], apart: int = 1) -> list[str]:
    """Return the shape of the message of each event, of which fields are given; `input_data` as JSON.

    The numbers of the events are so far `apart`. It is the same whether each event is looked at or one of those that
    differ in nothing but their digits.
    """
    connection = duckdb.connect()
    fields = ("message", "user_id", "session_id", "page", "workflow_id", "agent_id", "input_data")
    connection.execute(
        "CREATE TEMP TABLE to_shape (seq BIGINT, kind UBIGINT, message VARCHAR, user_id VARCHAR, session_id VARCHAR,"
        " page VARCHAR, workflow_id VARCHAR, agent_id VARCHAR, input_data JSON)"
    )
    for seq, event in enumerate(events):
        connection.execute(
            "INSERT INTO to_shape VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)",
            [seq * apart, *(event.get(name) for name in fields)],
        )
    mining.prepare(connection)
    mining.shape(connection)
    alone = connection.execute(_SHAPES).fetchall()
    with patch.object(mining, "_FEW", 0):
        mining.shape(connection)
    assert connection.execute(_SHAPES).fetchall() == alone
    return [shape for (shape,) in alone]


def mined(rows: Iterable[tuple[int, str, str | None, str, int]]) -> dict[int, str]:
    """Return the template of each (shape_id, error_type, error_code, shape, events)."""
    connection = duckdb.connect()
    kinds = {"shape_id": pa.int32(), "error_type": pa.string(), "error_code": pa.string(), "shape": pa.string()}
    schema = pa.schema({**kinds, "events": pa.int64()})
    connection.register(
        "given", pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)
    )
    connection.execute("CREATE TEMP TABLE shapes_to_mine AS FROM given")
    mining.prepare(connection)
    mining.mine(connection)
    found = connection.execute("SELECT shape_id, template FROM mined").fetchall()
    assert len(found) == len(dict(found))
    return dict(found)


def templates(*messages: str) -> set[str]:
    """Return the templates of messages of one type whose events say nothing else."""
    found = dict.fromkeys(shapes(*messages))
    return set(mined((number, "t", None, shape, 1) for number, shape in enumerate(found, 1)).values())
