"""What do all screens share that show answers? A line on top, a filter, keys that act on the row at the cursor."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Input, Static

from errcli.analysis import Result
from errcli.dashboard.dialogs import Decision, DecisionDialog, HelpDialog
from errcli.dashboard.facts import Facts
from errcli.dashboard.panel import Panel
from errcli.dashboard.questions import Answers, Ask, Row
from errcli.dashboard.strip import TimeStrip
from errcli.errors import ErrcliError
from errcli.render.cells import duration
from errcli.render.escape import escaped
from errcli.render.notes import notes_of
from errcli.render.title import window_of

if TYPE_CHECKING:
    from textual.widget import Widget

    from errcli.dashboard.app import Dashboard

_WEEK = "7d"


class AskingScreen(Screen[None]):
    """A screen of widgets that each show the answer to one question; `subject` is what all of its rows are about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("u", "user", "User"),
        Binding("r", "resolve", "Resolve"),
        Binding("i", "ignore", "Ignore"),
        Binding("c", "copy", "Copy id"),
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit"),
        Binding("ctrl+c", "app.quit", show=False),
    ]

    has_window = True
    """Whether the window says anything about what is shown."""

    def __init__(self, heading: str = "", subject: Row | None = None) -> None:
        super().__init__()
        self.subject = subject or {}
        self._heading = heading
        self._answers: Answers | None = None
        self._narrowed = ""
        self._before: Widget | None = None

    @property
    def dashboard(self) -> "Dashboard":
        """The app, which has the questions."""
        return cast("Dashboard", self.app)

    def top(self) -> ComposeResult:
        """Yield the line on top."""
        yield Static(id="status")

    def bottom(self) -> ComposeResult:
        """Yield the filter and the keys."""
        yield Input(placeholder="rows with this text; Enter keeps it, Esc drops it", compact=True, id="filter")
        yield Footer(show_command_palette=False, compact=True)

    @property
    def has_answers(self) -> bool:
        """Whether there is something to see, if only why there is nothing else."""
        return self._answers is not None

    @property
    def showing(self) -> list[Panel | TimeStrip | Facts]:
        """The widgets that show an answer, in their order."""
        return [widget for widget in self.walk_children() if isinstance(widget, Panel | TimeStrip | Facts)]

    def asks(self) -> list[Ask]:
        """Return what is to be asked."""
        return [widget.ask for widget in self.showing]

    def show(self, answers: Answers) -> None:
        """Show answers to `asks`; where there are none, what was there before stays."""
        if answers.results or self._answers is None:
            self._answers = answers
        if answers.results:
            for widget, result in zip(self.showing, answers.results, strict=True):
                widget.show(result)
        self._tell(answers)

    def on_mount(self) -> None:
        """Hide the filter, and begin at the first table."""
        self.query_one("#filter").display = False
        self._status().update(Text("reading the store ..."))
        panels = self.query(Panel)
        if panels:
            panels.first().focus()

    def on_screen_resume(self) -> None:
        """Bring what is shown up to date after another screen."""
        self.dashboard.ask_again()

    @property
    def panel(self) -> Panel | None:
        """The panel that has the cursor."""
        return self.focused if isinstance(self.focused, Panel) else None

    @property
    def row(self) -> Row:
        """What the row at the cursor says, and what the screen is about."""
        row = None if self.panel is None else self.panel.row
        return self.subject | (row or {})

    def _status(self) -> Static:
        return self.query_one("#status", Static)

    def _tell(self, answers: Answers) -> None:
        """Say on top what is shown, of when, and what is wrong."""
        setting = self.dashboard.setting
        line = Text(escaped(self._heading or setting.store.path.name), style="bold", no_wrap=True, overflow="ellipsis")
        results = [] if self._answers is None else self._answers.results
        if self._narrowed:
            line.append(f"  /{escaped(self._narrowed)}", style="bold reverse")
        if answers.trouble is not None:
            line.append(f"  {_trouble(answers.trouble, answers.read_at)}", style="not bold reverse")
        elif results and not any(result.rows for result in results):
            line.append(f"  {notes_of(results[-1])[0]}", style="not bold reverse")
        if results and self.has_window:
            line.append(f"  {window_of(results[0])}", style="not bold")
        line.append(f"  every {setting.refresh}", style="not bold dim")
        self._status().update(line)

    def action_back(self) -> None:
        """Drop the filter, or leave this screen for the one before."""
        is_open = self.query_one("#filter").display
        if is_open or self._narrowed:
            self._narrow("")
            if is_open:
                self._leave_filter()
        elif len(self.app.screen_stack) > 2:  # noqa: PLR2004 - Textual's own is below the board
            self.app.pop_screen()

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        panel = cast("Panel", event.data_table)
        if panel.row is not None:
            self.dashboard.open(panel.key, self.subject | panel.row)

    def action_user(self) -> None:
        """Go to the day of the row's user."""
        if self._of_row("user_id", "no user"):
            self.dashboard.open("user_id", self.row)

    def action_copy(self) -> None:
        """Copy the id of what the row is."""
        key = self.panel.key if self.panel is not None else next(iter(self.subject), "")
        value = self.row.get(key)
        if value is not None:
            self.app.copy_to_clipboard(str(value))
            self._say(f"copied {value}")

    def action_resolve(self) -> None:
        """Resolve the event or the pattern of the row, once that is confirmed."""
        row = self.row
        target = row.get("id") or self._of_row("pattern_hash", "nothing to resolve")
        if target:
            what = "this event" if row.get("id") else "this pattern"
            questions = self.dashboard.questions
            self._decide(
                DecisionDialog(f"Resolve {what}?", str(target), _about(row)),
                lambda decision: questions.resolve(str(target), decision.note),
            )

    def action_ignore(self) -> None:
        """Ignore the pattern of the row, once that is confirmed."""
        target = self._of_row("pattern_hash", "no pattern")
        if target:
            questions = self.dashboard.questions
            self._decide(
                DecisionDialog("Ignore this pattern?", target, _about(self.row), until=_WEEK),
                lambda decision: questions.ignore(target, decision.until or _WEEK, decision.note),
            )

    def _of_row(self, key: str, nothing: str) -> str | None:
        value = self.row.get(key)
        if value is None:
            self._say(f"{nothing} at the cursor")
        return value

    @work
    async def _decide(self, dialog: DecisionDialog, note: Callable[[Decision], Result]) -> None:
        decision = await self.app.push_screen_wait(dialog)
        if decision is None:
            return
        try:
            result = await asyncio.to_thread(note, decision)
        except ErrcliError as error:
            self._say(_sentence(error), is_error=True)
        else:
            events = result.named_rows[0]["events"]
            what = "resolved" if result.analysis == "resolve" else "ignored"
            self._say(f"{what}: {events:,} event{'' if events == 1 else 's'}")
            self.dashboard.ask_again()

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self.notify(escaped(text), severity="error" if is_error else "information", markup=False)

    def action_help(self) -> None:
        """Say what the keys do."""
        self.app.push_screen(HelpDialog())

    def action_filter(self) -> None:
        """Open the filter."""
        field = self.query_one("#filter", Input)
        self._before = self.focused
        field.display = True
        field.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self._leave_filter()

    def _leave_filter(self) -> None:
        self.query_one("#filter").display = False
        if self._before is not None:
            self._before.focus()

    def _narrow(self, text: str) -> None:
        self._narrowed = text
        field = self.query_one("#filter", Input)
        if field.value != text:
            field.value = text
        for panel in self.query(Panel):
            panel.narrow(text)
        if self._answers is not None:
            self._tell(self._answers)


def _about(row: Row) -> str:
    """Say in a line what a row is about."""
    return escaped(str(row.get("pattern") or row.get("error_message") or ""))


def _trouble(error: ErrcliError, read_at: datetime | None) -> str:
    """Say why the store cannot be read, and how old what is shown is."""
    if read_at is None:
        return _sentence(error)
    return (
        f"{escaped(error.what)}; shown is what was there {duration((datetime.now(UTC) - read_at).total_seconds())} ago"
    )


def _sentence(error: ErrcliError) -> str:
    return escaped(f"{error.what} ({error.what_next})" if error.what_next else error.what)
