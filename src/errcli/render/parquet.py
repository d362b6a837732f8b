"""parquet: the rows as a typed Parquet file."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.values import to_text

_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
}


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return the file's bytes; text is as it was logged, values without a type here are text."""
    columns = list(zip(*result.rows, strict=True)) or [()] * len(result.columns)
    arrays = [_array(column, list(values)) for column, values in zip(result.columns, columns, strict=True)]
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=[column.name for column in result.columns]), out)
    return out.getvalue()


def _array(column: Column, values: list[Any]) -> pa.Array:
    if column.kind in _TYPES:
        if column.kind == "text":
            values = [value if value is None else str(value) for value in values]
        elif column.kind == "number":
            values = [value if value is None else float(value) for value in values]
        try:
            return pa.array(values, _TYPES[column.kind])
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):  # a HUGEINT of a free query, a time before year 1
            pass
    return pa.array([value if value is None else to_text(value) for value in values], pa.string())
