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
            columns = [_zeroed(each) if each.type == pa.string() else each for each in piece.columns]
            zeroed.append(pa.record_batch(columns, schema=schema))
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


def _zeroed(texts: pa.StringArray) -> pa.BinaryArray:
    """Replace digits in the memory of all texts at once: in UTF-8 their bytes are no part of another letter."""
    validity, offsets, data = texts.buffers()
    zeroed = data.to_pybytes().translate(_ZEROS) if data is not None else b""
    buffers = [validity, offsets, pa.py_buffer(zeroed)]
    return pa.Array.from_buffers(pa.binary(), len(texts), buffers, texts.null_count, texts.offset)
