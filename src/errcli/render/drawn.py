"""Which columns of a table are drawn, and not only written: rails, chains, strips under an axis of time?"""

from collections.abc import Sequence
from itertools import chain, repeat

import msgspec

from errcli.analysis import Column, Result, Unit
from errcli.render.cells import Cell, duration
from errcli.render.layout import Grid
from errcli.render.rail import rails
from errcli.render.strip import axis, highest_of, key, strip

_ARROW = "→"


def with_rails(result: Result, grid: Grid) -> Grid:
    """Return the cells of a result with a rail for what its rows belong to, where they belong to something."""
    place, end = _place(result.columns, "rail"), _place(result.columns, "ending")
    if place is None or end is None:
        return grid
    drawn = rails([row[place] for row in result.rows], [row[end].text for row in grid])
    return [[*row[:place], Cell(rail), *row[place + 1 :]] for row, rail in zip(grid, drawn, strict=True)]


def with_links(result: Result, grid: Grid) -> Grid:
    """Return the cells of a result with a line for each link of a chain, one below the other."""
    place = _place(result.columns, "chain")
    if place is None:
        return grid
    blank = [Cell("")] * len(result.columns)
    return [
        [*line[:place], Cell(link), *line[place + 1 :]]
        for row in grid
        for line, link in zip(chain([row], repeat(blank)), _links(row[place].text), strict=False)
    ]


def _links(text: str) -> list[str]:
    first, *others = text.split(f" {_ARROW} ")
    return [first, *(f"{_ARROW} {other}" for other in others)]


def with_strips(result: Result, grid: Grid) -> Grid:
    """Return the cells of a result with its strips drawn, all to one scale."""
    place = _place(result.columns, "strip")
    if place is None:
        return grid
    highest = highest_of(str(row[place]) for row in result.rows)
    return [[*row[:place], Cell(strip(row[place].text, highest)), *row[place + 1 :]] for row in grid]


def with_axis(result: Result) -> Result:
    """Return a result whose strip has the times of the window for a heading."""
    place = _place(result.columns, "strip")
    parts = _parts(result, place)
    if place is None or result.since is None or result.until is None or not parts:
        return result
    zone = result.now.tzinfo
    heading = axis(result.since.astimezone(zone), result.until.astimezone(zone), parts)
    columns = list(result.columns)
    columns[place] = msgspec.structs.replace(columns[place], name=heading)
    return msgspec.structs.replace(result, columns=tuple(columns))


def legend_of(result: Result) -> str | None:
    """Say what a strip's signs mean, and how long a part of it is; None where there is none."""
    place = _place(result.columns, "strip")
    parts = _parts(result, place)
    if place is None or result.since is None or result.until is None or not parts:
        return None
    length = duration((result.until - result.since).total_seconds() / parts)
    for nothing in (" 00s", " 00m", " 00h"):
        length = length.removesuffix(nothing)
    return f"one sign is {length}: {key(highest_of(str(row[place]) for row in result.rows))}"


def _parts(result: Result, place: int | None) -> int:
    return 0 if place is None or not result.rows else len(str(result.rows[0][place]).split())


def _place(columns: Sequence[Column], unit: Unit) -> int | None:
    return next((place for place, column in enumerate(columns) if column.unit == unit), None)
