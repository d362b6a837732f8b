"""The dashboard: asks for the screen that is on top, again and again, in a thread beside it."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable

from textual import work
from textual.app import App
from textual.filter import NoColor

from errcli.dashboard.asking import AskingScreen
from errcli.dashboard.questions import Questions, Row, Setting
from errcli.dashboard.screens import Board, DayScreen, EventScreen, PatternScreen

_SCREENS: dict[str, Callable[[Row], AskingScreen]] = {
    "pattern_hash": PatternScreen,
    "user_id": DayScreen,
    "id": EventScreen,
}
"""What a row leads to, by the column that tells its table's rows apart."""


class Dashboard(App[None]):
    """Shows one store until somebody quits, asking every `pace` seconds; `failure` is what ended it otherwise."""

    CSS_PATH = "dashboard.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "errcli"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - so it is declared
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-high")]  # noqa: RUF012

    def __init__(self, setting: Setting, pace: float, *, no_color: bool = False) -> None:
        super().__init__(ansi_color=True)
        if no_color and not self.no_color:
            self.no_color = True
            self._filters.append(NoColor())
        self.setting = setting
        self.questions = Questions(setting)
        self.failure: Exception | None = None
        self._pace = pace
        self._wanted = asyncio.Event()

    def on_mount(self) -> None:
        """Show the board and begin to ask; a terminal that is closed, and `kill`, end it as q does."""
        for number in (signal.SIGHUP, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self.push_screen(Board())
        self._keep_asking()

    async def on_unmount(self) -> None:
        """Give up what is being asked."""
        await asyncio.to_thread(self.questions.close)

    def ask_again(self) -> None:
        """Ask at once, as for a screen that has nothing to show yet."""
        self._wanted.set()

    def open(self, key: str, row: Row) -> None:
        """Go from a row to what is behind it; `key` is the column that says what the row is."""
        self.push_screen(_SCREENS[key](row))

    @work
    async def _keep_asking(self) -> None:
        """Ask for the screen on top, so often that what happens is shown a refresh later; rest as long as that took."""
        try:
            await self._ask_on()
        except Exception as error:  # noqa: BLE001 - told in one line once the terminal is as it was
            self.failure = error
            self.exit()

    async def _ask_on(self) -> None:
        while True:
            began = time.monotonic()
            self._wanted.clear()
            screen = next((each for each in reversed(self.screen_stack) if isinstance(each, AskingScreen)), None)
            if screen is not None and screen.is_mounted:
                answers = await asyncio.to_thread(self.questions.ask, screen.asks())
                if screen.is_attached:
                    screen.show(answers)
            took = time.monotonic() - began
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), max(self._pace - 2 * took, took))
