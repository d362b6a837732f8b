"""One table on the screen: the answer to one question, fitted to its room, kept under the cursor, filtered."""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from errcli.analysis import Column, Result, Unit
from errcli.dashboard.questions import Ask, Row
from errcli.render.cells import Cell, cell
from errcli.render.drawn import with_axis, with_strips
from errcli.render.layout import Grid, cut, fitting, heading, is_number, shortened

_AROUND = 3
"""Cells that the table puts at the left of its first column and the right of its last, and the scroll bar."""


class Panel(DataTable[Text]):
    """Shows the columns `shows` of an analysis's rows, whose column `key` tells them apart.

    `units` are other ways to write some of them. Texts from the log are shown as they are, never as markup.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    def __init__(
        self,
        title: str,
        ask: Ask,
        shows: Sequence[str],
        *,
        key: str,
        units: dict[str, Unit] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(cursor_type="row", cursor_foreground_priority="renderable", id=id)
        self.title = title
        self.ask = ask
        self.key = key
        self.result: Result | None = None
        self._shows = tuple(shows)
        self._units = units or {}
        self._rows: list[Row] = []
        self._filter = ""
        self._width = 0
        self.border_title = Text(title)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor_row] if 0 <= self.cursor_row < len(self._rows) else None

    def show(self, result: Result) -> None:
        """Show an answer; the cursor stays on its row, wherever that is now."""
        self.result = result
        self._draw()

    def narrow(self, text: str) -> None:
        """Show only rows that have a text in what is shown of them."""
        self._filter = text.casefold()
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the columns to the new width."""
        if self.size.width != self._width:
            self._draw()

    def _draw(self) -> None:
        if self.result is None or not self.size.width:
            return
        result = self._chosen(self.result)
        columns = result.columns
        grid = [
            [cell(column, value, result.now, compact=True) for column, value in zip(columns, row, strict=True)]
            for row in result.rows
        ]
        found = [place for place, cells in enumerate(grid) if self._has(result.rows[place], cells)]
        grid = with_strips(result, grid)
        held = None if self.row is None else self.row[self.key]
        before, scrolled = self.cursor_row, self.scroll_offset.y
        rows = self.result.named_rows
        self._rows = [rows[place] for place in found]
        self._fill(columns, [grid[place] for place in found])
        keys = [row[self.key] for row in self._rows]
        self.move_cursor(row=keys.index(held) if held in keys else min(before, max(len(keys) - 1, 0)), scroll=False)
        # filled anew, the table is at its top
        self.call_after_refresh(self._scroll_back, scrolled)
        self.border_title = Text(self._heading(len(found)))

    def _scroll_back(self, y: int) -> None:
        """Show the rows that were seen before, and the cursor in any case."""
        self.scroll_to(y=y, animate=False, force=True)
        self._scroll_cursor_into_view()

    def _chosen(self, result: Result) -> Result:
        """Return a result that has the columns to be shown, in their order; the first ones never leave."""
        names = [column.name for column in result.columns]
        places = [names.index(name) for name in self._shows]
        columns = tuple(
            msgspec.structs.replace(column, unit=self._units.get(column.name, column.unit))
            for column in (result.columns[place] for place in places)
        )
        rows = [tuple(row[place] for place in places) for row in result.rows]
        return with_axis(msgspec.structs.replace(result, columns=columns, rows=rows))

    def _has(self, row: tuple[Any, ...], cells: Sequence[Cell]) -> bool:
        """Say whether a row has the text of the filter, as it is or as it is written."""
        texts = [str(value) for value in row] + [each.text for each in cells]
        return not self._filter or any(self._filter in text.casefold() for text in texts)

    def _fill(self, columns: Sequence[Column], grid: Grid) -> None:
        self.clear(columns=True)
        self._width = self.size.width
        widths = fitting(columns, grid, self._width - _AROUND, {})
        for index, width in widths.items():
            self.add_column(_aligned(heading(columns[index]), columns[index]), width=width)
        for row in grid:
            self.add_row(*(_written(columns[index], row[index], width) for index, width in widths.items()))

    def _heading(self, found: int) -> str:
        if self.result is None:
            return self.title
        if self._filter:
            return f"{self.title}: {found:,} of {len(self.result.rows):,} found"
        if self.result.truncated:
            return f"{self.title}: {found:,} of {self.result.total:,}"
        return f"{self.title}: {found:,}" if found else f"{self.title}: none"


def _written(column: Column, each: Cell, width: int) -> Text:
    shorter = cut if column.unit == "id" else shortened
    return _aligned(shorter(each.text, width), column, each.style)


def _aligned(text: str, column: Column, style: str = "") -> Text:
    return Text(text, style=style, justify="right" if is_number(column) else "left", no_wrap=True)
