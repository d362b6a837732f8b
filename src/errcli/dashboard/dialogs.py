"""What is asked before something is decided, and what the keys do."""

from typing import ClassVar

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

_HELP = """\
Enter   open: a pattern's users, a user's day, an event
Esc     back; drops the filter first
Tab     the next table; 1 to 4 on the board go to one
Arrows  the row; j and k do, too; PgUp, PgDn, Home, End
u       the day of the user at the cursor
r       resolve the pattern or event at the cursor
i       ignore the pattern at the cursor for a while
c       copy the id: hash, user or event
/       show only rows that have a text
q       quit

Bars: solid where a user was blocked, dotted where none was.
new, growing, ongoing, back are states of patterns.
Nobody who writes to the store waits for this screen.
"""


class Decision(msgspec.Struct, frozen=True):
    """What somebody confirmed, and the words with it; `until` where it is for a while."""

    note: str | None
    until: str | None = None


class DecisionDialog(ModalScreen[Decision | None]):
    """Asks for a confirmation: Enter gives it, Escape does not."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave it")]

    def __init__(self, question: str, target: str, about: str, until: str | None = None) -> None:
        super().__init__()
        self._question = question
        self._target = target
        self._about = about
        self._until = until

    def compose(self) -> ComposeResult:
        """Yield the question, what it is about, and the words."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._question, style="bold"))
            yield Static(Text(self._about, no_wrap=True, overflow="ellipsis"))
            yield Static(Text(self._target, style="dim", no_wrap=True, overflow="ellipsis"))
            if self._until is not None:
                yield Label("Until (7d, a date, forever):")
                yield Input(self._until, compact=True, id="until")
            yield Label("Note (may be empty):")
            yield Input(compact=True, id="note")
            yield Static(Text("Enter: do it   Esc: leave it", style="dim"))

    def on_mount(self) -> None:
        """Begin at the note: the rest has a default."""
        self.query_one("#note").focus()

    @on(Input.Submitted)
    def _confirm(self) -> None:
        until = None if self._until is None else self.query_one("#until", Input).value.strip()
        self.dismiss(Decision(self.query_one("#note", Input).value.strip() or None, until))


class HelpDialog(ModalScreen[None]):
    """Says what the keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, "dismiss(None)", "Back") for key in ("escape", "question_mark", "q", "enter")
    ]

    def compose(self) -> ComposeResult:
        """Yield the text."""
        with Vertical(classes="dialog"):
            yield Static(Text(_HELP.rstrip()))
