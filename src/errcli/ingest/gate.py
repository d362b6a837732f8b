"""Which lines may the engine read itself: those that are JSON objects in UTF-8; it is too forgiving of the others."""

import msgspec
import pyarrow as pa
from pyarrow import compute

from errcli.ingest.lines import MAX_LINE, Stretch

_ROWS_OF_A_TASK = 8192  # the engine's threads share a table by its batches


class _Object(msgspec.Struct, gc=False):
    """Any JSON object; what is in it is checked and not kept."""


_DECODER = msgspec.json.Decoder(_Object)


def readable(stretch: Stretch) -> tuple[pa.Table, list[int]]:
    """Return the readable lines of a stretch as a table of `seq` (the line's number) and `line`, and the others.

    The others are places in the stretch, from 0.
    """
    lines = stretch.arrow()
    texts = _as_text(lines)
    others = (
        []
        if texts is not None and _all_are_objects(stretch, lines)
        else _unreadable(stretch, is_utf8=texts is not None)
    )
    numbers = pa.array(range(stretch.first, stretch.first + len(stretch)), pa.int64())
    if others:
        places = pa.array(sorted(set(range(len(stretch))).difference(others)), pa.int64())
        numbers = numbers.take(places)
        texts = lines.take(places).cast(pa.large_string())
    table = pa.table({"seq": numbers, "line": texts})
    return pa.Table.from_batches(table.to_batches(max_chunksize=_ROWS_OF_A_TASK), table.schema), others


def _as_text(lines: pa.LargeBinaryArray) -> pa.LargeStringArray | None:
    """Return the lines as text, None where one is no UTF-8."""
    try:
        return lines.cast(pa.large_string())
    except pa.ArrowInvalid:
        return None


def _all_are_objects(stretch: Stretch, lines: pa.LargeBinaryArray) -> bool:
    if stretch.too_long or compute.max(compute.binary_length(lines)).as_py() > MAX_LINE:
        return False
    try:
        # a blank line is no object, and one that spans lines is one for many: equal numbers mean one a line
        return len(_DECODER.decode_lines(stretch.text)) == len(stretch)
    except (msgspec.DecodeError, RecursionError):
        return False


def _unreadable(stretch: Stretch, *, is_utf8: bool) -> list[int]:
    text, ends = stretch.text, stretch.ends
    return [
        place
        for place in range(len(stretch))
        if not _is_readable(text[ends[place] : ends[place + 1]], known_as_utf8=is_utf8)
    ]


def _is_readable(line: memoryview, *, known_as_utf8: bool) -> bool:
    try:
        _DECODER.decode(line)
        if not known_as_utf8:
            bytes(line).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return len(line) <= MAX_LINE
