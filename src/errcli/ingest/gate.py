"""Which lines may the engine read itself: those that are JSON objects in UTF-8; it is too forgiving of the others."""

import msgspec
import pyarrow as pa

from errcli import columns
from errcli.ingest.lines import Stretch

# While lines are checked, workers cannot begin another statement: the check holds the interpreter's lock.
_CHECKED_AT_ONCE = 1024


class _Object(msgspec.Struct, gc=False):
    """Any JSON object; what is in it is checked and not kept."""


_DECODER = msgspec.json.Decoder(_Object)


def readable(stretch: Stretch) -> tuple[pa.Table, list[int]]:
    """Return the readable lines of a stretch as a table of `seq` (the line's number) and `line`, and the others.

    The others are places in the stretch, from 0.
    """
    lines = stretch.arrow()
    others = _unreadable(stretch, lines)
    numbers = pa.arange(stretch.first, stretch.first + len(stretch), 1)
    if others:
        numbers, lines = _without(numbers, others), _without(lines, others)
    return columns.in_batches(pa.table({"seq": numbers, "line": lines})), others


def _without(column: pa.Array, places: list[int]) -> pa.Array:
    """Return a column without some of its rows, in order; with no help of pyarrow.compute, whose import takes time."""
    starts, ends = [0, *(place + 1 for place in places)], [*places, len(column)]
    return pa.concat_arrays([column.slice(start, end - start) for start, end in zip(starts, ends, strict=True)])


def _unreadable(stretch: Stretch, lines: pa.LargeStringArray) -> list[int]:
    if stretch.too_long:
        return [0]
    is_utf8 = _is_utf8(lines)
    others: list[int] = []
    for first in range(0, len(stretch), _CHECKED_AT_ONCE):
        places = range(first, min(first + _CHECKED_AT_ONCE, len(stretch)))
        if not (is_utf8 and _all_are_objects(stretch, places)):
            others += _unreadable_of(stretch, places, known_as_utf8=is_utf8)
    return others


def _all_are_objects(stretch: Stretch, places: range) -> bool:
    text = stretch.text[stretch.ends[places.start] : stretch.ends[places.stop]]
    try:
        # a blank line is no object, and one that spans lines is one for many: equal numbers mean one a line
        return len(_DECODER.decode_lines(text)) == len(places)
    except (msgspec.DecodeError, RecursionError):
        return False


def _unreadable_of(stretch: Stretch, places: range, *, known_as_utf8: bool) -> list[int]:
    text, ends = stretch.text, stretch.ends
    return [
        place for place in places if not _is_readable(text[ends[place] : ends[place + 1]], known_as_utf8=known_as_utf8)
    ]


def _is_utf8(lines: pa.LargeStringArray) -> bool:
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_readable(line: memoryview, *, known_as_utf8: bool) -> bool:
    try:
        _DECODER.decode(line)
        if not known_as_utf8:
            bytes(line).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
