"""How do texts and numbers become Arrow columns: by their buffers, for of a list pyarrow asks pandas what it is.

Where pandas is installed, that import takes longer than most loads.
"""

from array import array
from collections.abc import Iterable
from itertools import accumulate

import pyarrow as pa

_VECTOR = 2048  # rows that the engine works on at once, which end where a batch ends
_MOST_ROWS = 4 * _VECTOR  # the engine's threads share a table by its batches
_MOST_BYTES = 4 << 20  # the engine holds several copies of what it works on


def of_texts(texts: list[bytes], kind: pa.DataType | None = None) -> pa.Array:
    """Return texts in UTF-8, which is not checked, as a column of large strings, or of a `kind` laid out like them."""
    ends = array("q", accumulate(map(len, texts), initial=0))
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(kind or pa.large_string(), len(texts), buffers)


def of_integers(numbers: Iterable[int]) -> pa.Int64Array:
    """Return whole numbers of 64 bits as a column."""
    values = array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def in_batches(table: pa.Table) -> pa.Table:
    """Return a table in batches that are small enough to be worked on at once: few rows where these are long."""
    rows = max(1, min(_MOST_ROWS, _MOST_BYTES * len(table) // max(1, table.nbytes)))
    if rows > _VECTOR:
        rows -= rows % _VECTOR
    return pa.Table.from_batches(table.to_batches(max_chunksize=rows), table.schema)
