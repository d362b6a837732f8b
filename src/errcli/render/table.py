"""table: rows for eyes; on a terminal it fits the width, in a pipe or a file nothing is cut."""

import io
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.cells import Cell, cell
from errcli.render.title import title_of

_GAP = 2
_PADDING = (0, _GAP - 1, 0, 0)  # the box adds one between columns
_NARROWEST_TEXT = 18
_ENDLESS = 1_000_000

Grid = list[list[Cell]]


def render(result: Result, screen: Screen) -> bytes:
    """Return a title and the table, or, where one row has too many columns for the screen, a line a column."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width or _ENDLESS,
        force_terminal=screen.colored,
        color_system="standard" if screen.colored else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    grid = [[cell(column, value, result.now, compact=screen.width is not None)
             for column, value in zip(result.columns, row, strict=True)] for row in result.rows]  # fmt: skip
    if result.until is not None or len(result.rows) != 1:
        console.print(Text(title_of(result), style="bold"), soft_wrap=True)
    if grid:
        _print_rows(console, result.columns, grid, screen)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()).encode()


def _print_rows(console: Console, columns: tuple[Column, ...], grid: Grid, screen: Screen) -> None:
    if screen.width is None:
        console.print(_table(columns, grid, range(len(columns))))
        return
    kept = _fitting(columns, grid, screen.width)
    if len(kept) < len(columns) and len(grid) == 1:
        console.print(_record(columns, grid[0]))
        return
    console.print(_table(columns, grid, kept))
    left_out = [column.name for index, column in enumerate(columns) if index not in kept]
    if left_out:
        console.print(Text(f"not shown: {', '.join(left_out)} (a wider terminal, or -f json)", style="dim"))


def _fitting(columns: tuple[Column, ...], grid: Grid, width: int) -> list[int]:
    """Return which columns fit: those of the highest rank leave first, of equal rank the last one."""
    least = [_least_width(column, [row[index] for row in grid]) for index, column in enumerate(columns)]
    kept = list(range(len(columns)))
    while len(kept) > 1 and sum(least[index] + _GAP for index in kept) > width:
        kept.remove(max(kept, key=lambda index: (columns[index].rank, index)))
    return kept


def _least_width(column: Column, cells: list[Cell]) -> int:
    """Return the width below which a column is of no use: all of a number or a time, a part of a text."""
    widest = max([cell_len(column.name), *(cell_len(each.text) for each in cells)])
    return min(widest, _NARROWEST_TEXT) if _may_be_cut(column) else widest


def _may_be_cut(column: Column) -> bool:
    return column.kind in ("text", "list", "other") and column.unit in (None, "id")


def _table(columns: tuple[Column, ...], grid: Grid, kept: Sequence[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=_PADDING, pad_edge=False, show_edge=False)
    for index in kept:
        column = columns[index]
        number = column.kind in ("integer", "number")
        table.add_column(
            Text(column.name),
            justify="right" if number else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=None if _may_be_cut(column) else _least_width(column, [row[index] for row in grid]),
        )
    for row in grid:
        table.add_row(*(Text(row[index].text, style=row[index].style) for index in kept))
    return table


def _record(columns: tuple[Column, ...], row: list[Cell]) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column, each in zip(columns, row, strict=True):
        table.add_row(Text(column.name, style="bold"), Text(each.text, style=each.style))
    return table
