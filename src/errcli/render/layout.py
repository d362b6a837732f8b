"""Which columns does a terminal have room for, in which order, and how wide is each?"""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size

from errcli.analysis import Column, Unit
from errcli.render.cells import MISSING, Cell
from errcli.render.escape import escaped

GAP = 2
"""Blanks between two columns."""

_SHORT_TEXT = 22
_LONG_TEXT = 32
_TEXT_BESIDE: dict[Unit | None, int] = {"strip": _SHORT_TEXT, "rail": 23}
"""How much of a text has to do beside what is drawn, which takes much of a screen."""

_SCRAP_OF_TEXT = 12
_LAST_RANK = 10

Grid = list[list[Cell]]


def heading(column: Column) -> str:
    """Return what stands over a column; a free query may call it anything."""
    return escaped(column.name)


def is_number(column: Column) -> bool:
    """Whether a column's values are numbers, which stand at its right; a rail runs at the left."""
    return column.kind in ("integer", "number") and column.unit != "rail"


def uncut(columns: Sequence[Column], grid: Grid) -> dict[int, int]:
    """Return every column, by its index, with the width that it needs."""
    return {index: _wanted(column, index, grid) for index, column in enumerate(columns)}


def fitting(columns: Sequence[Column], grid: Grid, width: int, asked: Mapping[str, object]) -> dict[int, int]:
    """Return the columns that fit, by index, with their widths, those that never leave first.

    Columns leave by rank, of equal rank the last one first; one that is empty, or only repeats what was asked,
    leaves before all others. Text is cut down to a readable width before a column leaves. Into the room left over
    come those that left and still find place, text down to a scrap, and then text grows.
    """
    wanted = uncut(columns, grid)
    ranks = [_rank(column, index, grid, asked) for index, column in enumerate(columns)]
    longest = min(_TEXT_BESIDE.get(column.unit, _LONG_TEXT) for column in columns)
    widths = {index: _least(column, wanted[index], longest) for index, column in enumerate(columns)}
    while len(widths) > 1 and _total(widths) > width:
        del widths[max(widths, key=lambda index: (ranks[index], index))]
    for index in sorted(wanted.keys() - widths.keys(), key=lambda index: (ranks[index], index)):
        least = min(wanted[index], _SCRAP_OF_TEXT) if _may_be_cut(columns[index]) else wanted[index]
        if ranks[index] < _LAST_RANK and _total(widths) + GAP + least <= width:
            widths[index] = least
            if least < wanted[index]:
                break  # what room is left is for this text
    _grow(widths, wanted, width)
    return {index: widths[index] for index in sorted(widths, key=lambda index: (ranks[index] > 0, index))}


def shortened(text: str, width: int) -> str:
    """Cut what follows a width off a text, and say so by a dot of three."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip(' ')}…" if width > 1 else "…"


def cut(text: str, width: int) -> str:
    """Cut an id in its middle: its end often tells more than its beginning."""
    if cell_len(text) <= width:
        return text
    tail = (width - 1) // 2
    head = width - 1 - tail
    return f"{set_cell_size(text, head).rstrip()}…{set_cell_size(text[::-1], tail)[::-1].lstrip()}"


def _rank(column: Column, index: int, grid: Grid, asked: Mapping[str, object]) -> int:
    tells_nothing = asked.get(column.name) is not None or all(row[index].text == MISSING for row in grid)
    return _LAST_RANK if tells_nothing else column.rank


def _wanted(column: Column, index: int, grid: Grid) -> int:
    return max([cell_len(heading(column)), *(cell_len(row[index].text) for row in grid)])


def _least(column: Column, wanted: int, longest: int) -> int:
    """Return the width below which a column is of no use: all of a number or a time, the beginning of a text."""
    if not _may_be_cut(column):
        return wanted
    return min(wanted, _SHORT_TEXT if wanted <= 2 * _SHORT_TEXT else longest)


def _may_be_cut(column: Column) -> bool:
    return column.kind in ("text", "list", "other") and column.unit not in ("hash", "strip")


def _total(widths: Mapping[int, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1)


def _grow(widths: dict[int, int], wanted: Mapping[int, int], width: int) -> None:
    """Give the room left over to the columns that are cut, the one that lacks least first; cut a lone one down."""
    room = width - _total(widths)
    for index in sorted(widths, key=lambda index: wanted[index] - widths[index]):
        more = min(room, wanted[index] - widths[index])
        widths[index] = max(1, widths[index] + more)
        room -= more
