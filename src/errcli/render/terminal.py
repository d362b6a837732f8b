"""How does a table look on a terminal: the columns that fit, in colour where there is some."""

import io
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.cells import Cell
from errcli.render.drawn import legend_of
from errcli.render.layout import GAP, Grid, cut, fitting, heading, is_number, uncut

_ENDLESS = 1_000_000


def shown(result: Result, grid: Grid, title: str | None, screen: Screen) -> str:
    """Return what a screen shows of a result whose cells are the grid; without a width nothing is cut."""
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
    if title:
        console.print(Text(title, style="bold"), soft_wrap=True)
    if grid and result.columns:
        _print_rows(console, result, grid, screen.width)
    return "".join(f"{line.rstrip(' ')}\n" for line in out.getvalue().split("\n")[:-1])


def _print_rows(console: Console, result: Result, grid: Grid, width: int | None) -> None:
    columns = result.columns
    if width is None:
        console.print(_table(columns, grid, uncut(columns, grid)))
        return
    widths = fitting(columns, grid, width, result.params)
    left_out = len(columns) - len(widths)
    legend = legend_of(result)
    if left_out and len(grid) == 1 and legend is None:
        console.print(_record(columns, grid[0]))
        return
    console.print(_table(columns, grid, widths))
    if legend:
        console.print(Text(legend, style="dim"))
    if left_out:
        more = "1 more column" if left_out == 1 else f"{left_out} more columns"
        console.print(Text(f"{more}: -f json, or a wider terminal", style="dim"))


def _table(columns: Sequence[Column], grid: Grid, widths: Mapping[int, int]) -> Table:
    # the box puts one blank between columns
    table = Table(box=box.SIMPLE_HEAD, padding=(0, GAP - 1, 0, 0), pad_edge=False, show_edge=False)
    for index, width in widths.items():
        table.add_column(
            Text(heading(columns[index])),
            justify="right" if is_number(columns[index]) else "left",
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
        table.add_row(Text(heading(column), style="bold"), Text(each.text, style=each.style))
    return table
