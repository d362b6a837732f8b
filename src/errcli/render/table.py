"""table: rows for eyes; on a terminal it fits the width, in a pipe or a file nothing is cut."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.cells import Cell, cell
from errcli.render.layout import GAP, Grid, cut, fitting, uncut
from errcli.render.title import title_of

_ENDLESS = 1_000_000


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
    grid = [_cells(result, row, compact=screen.width is not None) for row in result.rows]
    if result.until is not None or len(grid) != 1:
        console.print(Text(title_of(result), style="bold"), soft_wrap=True)
    if grid and result.columns:
        _print_rows(console, result, grid, screen.width)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()).encode()


def _cells(result: Result, row: tuple[Any, ...], *, compact: bool) -> list[Cell]:
    pairs = zip(result.columns, row, strict=True)
    return [cell(column, value, result.now, compact=compact) for column, value in pairs]


def _print_rows(console: Console, result: Result, grid: Grid, width: int | None) -> None:
    columns = result.columns
    if width is None:
        console.print(_table(columns, grid, uncut(columns, grid)))
        return
    widths = fitting(columns, grid, width, result.params)
    left_out = len(columns) - len(widths)
    if left_out and len(grid) == 1:
        console.print(_record(columns, grid[0]))
        return
    console.print(_table(columns, grid, widths))
    if left_out:
        more = "1 more column" if left_out == 1 else f"{left_out} more columns"
        console.print(Text(f"{more}: -f json, or a wider terminal", style="dim"))


def _table(columns: Sequence[Column], grid: Grid, widths: Mapping[int, int]) -> Table:
    # the box puts one blank between columns
    table = Table(box=box.SIMPLE_HEAD, padding=(0, GAP - 1, 0, 0), pad_edge=False, show_edge=False)
    for index, width in widths.items():
        number = columns[index].kind in ("integer", "number")
        table.add_column(
            Text(columns[index].name),
            justify="right" if number else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=width,
        )
    for row in grid:
        table.add_row(*(_text(columns[index], row[index], width) for index, width in widths.items()))
    return table


def _text(column: Column, each: Cell, width: int) -> Text:
    return Text(cut(each.text, width) if column.unit == "id" else each.text, style=each.style)


def _record(columns: Sequence[Column], row: list[Cell]) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column, each in zip(columns, row, strict=True):
        table.add_row(Text(column.name, style="bold"), Text(each.text, style=each.style))
    return table
