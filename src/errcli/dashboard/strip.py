"""When did the errors of the window come? Bars over an axis of time, and how many there were."""

from rich.text import Text
from textual import events
from textual.widgets import Static

from errcli.analysis import Result
from errcli.dashboard.questions import Ask
from errcli.render.strip import axis, highest_of, strip

_FIGURES = 30
"""Cells for the numbers beside the bars."""


class TimeStrip(Static):
    """Shows `timeline`: solid bars are parts of the window in which an error blocked its user."""

    ask = Ask("timeline")

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.result: Result | None = None

    def show(self, result: Result) -> None:
        """Show an answer."""
        self.result = result
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """Draw the bars as wide as there is room."""
        self._draw()

    def _draw(self) -> None:
        if self.result is None:
            return
        rows = self.result.named_rows
        errors, blocked = (sum(row[name] for row in rows) for name in ("errors", "blocked"))
        figures = Text(f"{errors:,} error{'' if errors == 1 else 's'}, {blocked:,} blocked", style="bold")
        if not rows or self.result.since is None or self.result.until is None:
            self.update(figures)
            return
        counts = " ".join(f"{row['errors']}{'!' if row['blocked'] else ''}" for row in rows)
        wide = max(1, (self.size.width - _FIGURES) // len(rows))
        bars = "".join(sign * wide for sign in strip(counts, highest_of([counts])))
        zone = self.result.now.tzinfo
        times = axis(self.result.since.astimezone(zone), self.result.until.astimezone(zone), len(rows) * wide)
        self.update(Text.assemble(bars, "  ", figures, "\n", (times, "dim"), no_wrap=True))
