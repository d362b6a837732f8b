"""One row in full: every column that it has, one below the other."""

from typing import Any

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from errcli.analysis import Result
from errcli.dashboard.questions import Ask
from errcli.render.cells import cell

Row = dict[str, Any]


class Facts(Static):
    """Shows that row of an answer whose column `key` has a value; `shows` are its columns, all of them if none."""

    def __init__(self, ask: Ask, key: str, value: str, shows: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.ask = ask
        self.row: Row | None = None
        self._key = key
        self._value = value
        self._shows = shows

    def show(self, result: Result) -> None:
        """Show an answer's row."""
        self.row = next((row for row in result.named_rows if row[self._key] == self._value), None)
        if self.row is None:
            self.update(Text("not in this window, or ignored", style="dim"))
            return
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        columns = {column.name: column for column in result.columns}
        for name in self._shows or columns:
            # one line has room for a trend; what is long is wrapped, not cut, and a hash is to be copied whole
            compact = columns[name].unit == "trend"
            each = cell(columns[name], self.row[name], result.now, compact=compact or columns[name].kind == "time")
            table.add_row(Text(name, style="bold"), Text(each.text, style=each.style))
        self.update(table)
