"""One row in full: what its columns say, one below the other, short ones in pairs."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from errcli.analysis import Result
from errcli.dashboard.questions import Ask, Row
from errcli.render.cells import Cell, cell
from errcli.render.layout import heading, shortened

_NAME, _VALUE = 16, 24
"""Cells for a name, and for a value that has another one beside it."""


class Facts(Static):
    """Shows that row of an answer whose column `key` has a value; `lines` are its columns, all in full if none."""

    def __init__(self, ask: Ask, key: str, value: str, lines: Sequence[tuple[str, ...]] = ()) -> None:
        super().__init__()
        self.ask = ask
        self._key = key
        self._value = value
        self._lines = tuple(lines)

    def show(self, result: Result) -> None:
        """Show an answer's row."""
        row = next((row for row in result.named_rows if row[self._key] == self._value), None)
        if row is None:
            self.update(Text("not in this window, or ignored", style="dim"))
        elif self._lines:
            self.update(Text("\n").join(_line(result, row, names) for names in self._lines))
        else:
            self.update(_in_full(result, row))


def _line(result: Result, row: Row, names: tuple[str, ...]) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    for place, name in enumerate(names):
        column = next(column for column in result.columns if column.name == name)
        each = cell(column, row[name], result.now, compact=True)
        last = place == len(names) - 1
        text = each.text if last else shortened(each.text, _VALUE)
        line.append(f"{heading(column):<{_NAME}}", style="bold").append(text, style=each.style)
        line.append("" if last else " " * (_VALUE + 2 - cell_len(text)))
    return line


def _in_full(result: Result, row: Row) -> Table:
    """Wrap what is long instead of cutting it."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column in result.columns:
        each: Cell = cell(column, row[column.name], result.now, compact=column.kind == "time")
        table.add_row(Text(heading(column), style="bold"), Text(each.text, style=each.style))
    return table
