"""Where do the answers on the screen come from? From a copy of the store, made anew when the store has changed."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from errcli import catalog, decisions, runner
from errcli.analysis import Result
from errcli.config import Config
from errcli.errors import ErrcliError, StoreBusyError
from errcli.store.connection import Store, StoreOptions, translated, writing
from errcli.store.snapshot import Mark, mark_of, snapshot

Row = dict[str, Any]
"""A row of an answer, by the names of its columns."""

_PATIENCE = 1.0
"""Seconds to wait for a moment in which nobody writes; there is something on the screen meanwhile."""


class Ask(msgspec.Struct, frozen=True):
    """One question: an analysis, parameters beside the window, and how many rows are wanted."""

    analysis: str
    given: Mapping[str, Any] = {}
    limit: int = 0


class Answers(msgspec.Struct, frozen=True):
    """What several questions were answered, in their order; none where the store could not be read yet.

    `read_at` is when the store was last seen to be as the answers are of; `trouble` says why it is not now.
    """

    results: list[Result]
    read_at: datetime | None
    trouble: ErrcliError | None = None


class Setting(msgspec.Struct, frozen=True):
    """What a dashboard is about: a store, its settings, and a window, a clock and a pace, as the options say."""

    store: StoreOptions
    config: Config
    since: str
    refresh: str
    now: str | None = None
    tz: str | None = None


def require_store(options: StoreOptions) -> None:
    """Look whether there is a store, though somebody may be writing to it. Raises as `snapshot` does, but for that."""
    with suppress(StoreBusyError):
        mark_of(msgspec.structs.replace(options, wait=0.0))


class Questions:
    """Asks analyses, and notes decisions, for a screen that cannot wait: call these methods in a thread."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._alone = threading.Lock()
        self._copy = ExitStack()
        self._store: Store | None = None
        self._mark: Mark | None = None
        self._read_at: datetime | None = None
        self._is_closed = False

    def ask(self, asks: Sequence[Ask]) -> Answers:
        """Answer questions; where the store cannot be read, from what was read of it before, and say so."""
        with self._alone:
            trouble = None
            try:
                self._look_again()
            except ErrcliError as error:
                trouble = error
            try:
                return Answers([] if self._store is None else self._answers(self._store, asks), self._read_at, trouble)
            except ErrcliError as error:
                return Answers([], self._read_at, error)
            except KeyboardInterrupt:  # closed in the middle of it
                return Answers([], self._read_at)

    def resolve(self, target: str, note: str | None) -> Result:
        """Resolve an event or a pattern, as `errcli resolve` does. Raises as that does."""
        with self._deciding() as (store, clock):
            return decisions.decide(store, target, clock, resolved=True, release=None, note=note)

    def ignore(self, pattern: str, until: str, note: str | None) -> Result:
        """Ignore a pattern, as `errcli ignore` does. Raises as that does."""
        with self._deciding() as (store, clock):
            return decisions.ignore(store, pattern, clock, until=until, note=note)

    def close(self) -> None:
        """Give up what is being asked, and the copy."""
        self._is_closed = True
        if self._store is not None:
            self._store.interrupt()
        with self._alone:
            self._forget()

    def _look_again(self) -> None:
        """Copy the store where it is not as it was. Raises as `snapshot` does."""
        options = msgspec.structs.replace(self.setting.store, wait=_PATIENCE)
        if self._store is None or mark_of(options) != self._mark:
            fresh = ExitStack()
            store, mark = fresh.enter_context(snapshot(options))
            self._forget()
            self._copy, self._store, self._mark = fresh, store, mark
        self._read_at = datetime.now(UTC)

    def _forget(self) -> None:
        self._store = self._mark = None
        self._copy.close()

    def _answers(self, store: Store, asks: Sequence[Ask]) -> list[Result]:
        setting = self.setting
        results = []
        with translated(setting.store.path):
            now = runner.clock(store, setting.now, setting.tz, setting.config)
            for ask in asks:
                if self._is_closed:
                    return []
                analysis = catalog.get(ask.analysis)
                given = runner.params_of(analysis, {"since": setting.since, **ask.given}, setting.config)
                results.append(runner.run(store, analysis, given, now, ask.limit))
        return results

    @contextmanager
    def _deciding(self) -> Iterator[tuple[Store, datetime]]:
        """Open the store for a decision. Raises as `writing` does."""
        setting = self.setting
        with self._alone, writing(setting.store) as store, store.transaction():
            yield store, runner.clock(store, setting.now, None, setting.config)
