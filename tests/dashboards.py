"""What tests of the dashboard share: it runs in this process, is played by keys, and what it shows is read as text."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from textual.pilot import Pilot

from errcli.config import Config
from errcli.dashboard.app import Dashboard
from errcli.dashboard.asking import AskingScreen
from errcli.dashboard.questions import Setting
from errcli.store.connection import StoreOptions

SMALL, LARGE = (80, 24), (200, 60)
_SECONDS = 30

Played = Callable[["Player"], Awaitable[None]]


class Player:
    """A dashboard and its keys."""

    def __init__(self, app: Dashboard, pilot: Pilot[Any]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def text(self) -> str:
        """What is on the screen, line by line, without blanks at their ends."""
        width, height = self.app.size
        console = Console(width=width, height=height, file=io.StringIO(), record=True, legacy_windows=False)
        update = self.app.screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        console.print(update)
        return "".join(f"{line.rstrip()}\n" for line in console.export_text().splitlines())

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what the screen that they lead to shows."""
        for key in keys:
            before = self.app.screen
            await self._pilot.press(key)
            await self._pilot.pause()
            if self.app.screen is not before and isinstance(self.app.screen, AskingScreen):
                screen = self.app.screen
                await self.until(lambda screen=screen: screen.has_answers)  # type: ignore[misc]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(_SECONDS):
            while not condition():
                await self._pilot.pause(0.02)
        await self._pilot.pause()

    async def shows(self, words: str) -> None:
        """Wait until words are on the screen."""
        try:
            await self.until(lambda: words in self.text)
        except TimeoutError:
            raise AssertionError(f"{words!r} is not in\n{self.text}") from None


def play(
    store: Path,
    played: Played,
    *,
    size: tuple[int, int] = SMALL,
    since: str = "1h",
    now: str | None = "latest",
    pace: float = 3_600,
    no_color: bool = False,
) -> None:
    """Run a dashboard over a store, have it played, and end it; by default it asks only when a key has it do so."""

    async def run() -> None:
        setting = Setting(StoreOptions(store, wait=10), Config(), since, "5s", now)
        app = Dashboard(setting, pace, no_color=no_color)
        async with app.run_test(size=size, notifications=True) as pilot:
            player = Player(app, pilot)
            await player.until(lambda: isinstance(app.screen, AskingScreen) and app.screen.has_answers)
            await played(player)
        assert app.failure is None

    asyncio.run(run())
