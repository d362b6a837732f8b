"""What is a line of the tables: a race of two processes, or the peak of one; a bound; and whether that was kept."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench import timing


class SkippedError(Exception):
    """A line cannot be measured here; the message says why, and what would help."""


def no_check() -> None:
    """Check nothing."""


class Entry(NamedTuple):
    """The two processes of a race; `check` raises SystemExit if what their last runs left behind is not right."""

    own: timing.Process
    rival: timing.Process
    check: Callable[[], None] = no_check


class Race(NamedTuple):
    """One line of the first table: what runs against what. Its data is made when `start` is called with a folder."""

    what: str
    rival: str
    start: Callable[[Path], Entry]
    bound: float
    pairs: int
    warm_up: bool = True


class Outcome(NamedTuple):
    """A race and its times."""

    race: Race
    times: timing.Pairs

    @property
    def broken(self) -> bool:
        """Whether the ratio is over its bound."""
        return self.times.ratio > self.race.bound


class Peak(NamedTuple):
    """One line of the second table: how much memory does a process hold at most? Its data is made by `start`.

    `start` returns the process, the store that it fills, and how many events must be in that afterwards.
    """

    what: str
    start: Callable[[Path], tuple[timing.Process, Path, int]]
    bound: float


class Held(NamedTuple):
    """A peak as it was measured, in millions of bytes."""

    peak: Peak
    megabytes: float

    @property
    def broken(self) -> bool:
        """Whether it is over its bound."""
        return self.megabytes > self.peak.bound


def require(what: str, got: object, wanted: object) -> None:
    """Refuse to go on if a run did not do what it is measured for."""
    if got != wanted:
        raise SystemExit(f"{what}: {got}, where {wanted} is right")
