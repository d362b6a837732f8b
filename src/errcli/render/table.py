"""table: rows for eyes; on a terminal it fits the width, in a pipe or a file nothing is cut."""

from typing import Any

from rich.cells import cell_len

from errcli.analysis import Column, Result
from errcli.render import Screen
from errcli.render.cells import Cell, cell
from errcli.render.drawn import with_axis, with_links, with_rails, with_strips
from errcli.render.layout import GAP, Grid, heading, is_number, uncut
from errcli.render.title import title_of


def render(result: Result, screen: Screen) -> bytes:
    """Return a title and the table, or, where one row has too many columns for the screen, a line a column.

    On a screen a small tree follows where the rows make a graph.
    """
    grid = with_rails(result, [_cells(result, row, compact=screen.width is not None) for row in result.rows])
    grid = grid if screen.width is None else with_links(result, with_strips(result, grid))
    if result.columns and result.columns[0].unit == "section":
        from errcli.render.blocks import shown as shown_in_blocks

        return shown_in_blocks(result, grid, screen)
    title = title_of(result) if result.until is not None or len(grid) != 1 else None
    if screen.width is None and not screen.colored:
        lines = _plain_lines(result.columns, grid)
        return "".join(f"{line}\n" for line in ([title, *lines] if title else lines)).encode()
    # Rich is slow to import, and without a screen there is nothing for it to do
    from errcli.render.terminal import shown

    text = shown(result if screen.width is None else with_axis(result), grid, title, screen)
    return (text if screen.width is None else f"{text}{_tree(result, screen.width)}").encode()


def _tree(result: Result, width: int) -> str:
    """Return a small tree where the rows make a graph."""
    if result.graph is None or not result.rows:
        return ""
    from errcli.render.tree import glimpse

    return f"\n{glimpse(result, width)}"


def _cells(result: Result, row: tuple[Any, ...], *, compact: bool) -> list[Cell]:
    pairs = zip(result.columns, row, strict=True)
    return [cell(column, value, result.now, compact=compact) for column, value in pairs]


def _plain_lines(columns: tuple[Column, ...], grid: Grid) -> list[str]:
    """Return header, rule and rows with every value uncut; none without rows."""
    if not grid or not columns:
        return []
    widths = list(uncut(columns, grid).values())
    rows = [[heading(column) for column in columns], *([each.text for each in row] for row in grid)]
    header, *lines = (_plain_line(columns, row, widths) for row in rows)
    return [header, "─" * (sum(widths) + GAP * (len(widths) - 1)), *lines]


def _plain_line(columns: tuple[Column, ...], texts: list[str], widths: list[int]) -> str:
    padded = (
        f"{' ' * (width - cell_len(text))}{text}" if is_number(column) else f"{text}{' ' * (width - cell_len(text))}"
        for column, text, width in zip(columns, texts, widths, strict=True)
    )
    return (" " * GAP).join(padded).rstrip(" ")
