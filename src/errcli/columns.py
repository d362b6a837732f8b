"""How do texts and numbers become Arrow columns: by their buffers, for of a list pyarrow asks pandas what it is.

Where pandas is installed, that import takes longer than most loads.
"""

from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate

import pyarrow as pa

# The engine's threads share a table by its batches; it works on 2,048 rows at once, so that halves of this waste none.
_MOST_ROWS = 8192
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
    batches = [small for batch in table.to_batches(max_chunksize=_MOST_ROWS) for small in _halved(batch)]
    return pa.Table.from_batches(batches, table.schema)


def _halved(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    half = len(batch) // 2
    if half == 0 or batch.nbytes <= _MOST_BYTES:
        yield batch
        return
    yield from _halved(batch.slice(0, half))
    yield from _halved(batch.slice(half))
