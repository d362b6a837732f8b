"""Which texts differ in nothing but their digits? Those that are equal once each digit is a zero."""

from collections.abc import Iterator
from typing import NamedTuple

import duckdb
import pyarrow as pa

_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# How the engine begins to say what Arrow makes one kind of error of.
_KINDS = {"Out of Memory Error": duckdb.OutOfMemoryException, "IO Error": duckdb.IOException}


class Zeroed(NamedTuple):
    """Rows with a zero for each digit in their texts, as bytes: nobody checks once more that they are UTF-8."""

    rows: pa.Table
    is_all: bool


def with_zeros(pieces: pa.RecordBatchReader, most: int) -> Zeroed:
    """Write zeros into rows while the engine finds the next ones, until they have `most` bytes or there are no more.

    Raises duckdb.Error where the engine fails on the way.
    """
    fields = [(each.name, pa.binary() if each.type == pa.string() else each.type) for each in pieces.schema]
    schema = pa.schema(fields)
    zeroed, size = [], 0
    with pieces:
        for piece in _read(pieces):
            zeroed.append(pa.record_batch([_zeroed(each) for each in piece.columns], schema=schema))
            size += piece.nbytes
            if size > most:
                return Zeroed(pa.Table.from_batches(zeroed, schema), is_all=False)
    return Zeroed(pa.Table.from_batches(zeroed, schema), is_all=True)


def _read(pieces: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield pieces. Arrow tells an error of the engine in its own way."""
    try:
        yield from pieces
    except OSError as error:
        kind = next((kind for sign, kind in _KINDS.items() if sign in str(error)), duckdb.OperationalError)
        raise kind(str(error)) from error


def _zeroed(column: pa.Array) -> pa.Array:
    """Copy a column, and write zeros into its memory where it holds texts; a part of a piece would keep all of that.

    In UTF-8 the bytes of digits are no part of another letter.
    """
    kind = column.type
    parts = [None if each is None else each.to_pybytes() for each in column.buffers()]
    if kind == pa.string():
        kind, parts[2] = pa.binary(), (parts[2] or b"").translate(_ZEROS)
    buffers = [None if each is None else pa.py_buffer(each) for each in parts]
    return pa.Array.from_buffers(kind, len(column), buffers, column.null_count, column.offset)
