"""What is a line of the tables: a race of two processes, or the peak of one; a bound; and whether that was kept."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from bench import data, timing


class Named(Protocol):
    """What a table has a line about."""

    @property
    def what(self) -> str:
        """Return what its first column says."""


Line = TypeVar("Line", bound=Named)
Result = TypeVar("Result")


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


def run(race: Race, folder: Path) -> Outcome:
    """Let a race take place. Raises SystemExit if a process fails."""
    entry = race.start(folder)
    data.say(f"measuring: {race.what}")
    outcome = Outcome(race, timing.measure(entry.own, entry.rival, race.pairs, folder, warm_up=race.warm_up))
    entry.check()
    return outcome


def measured(lines: Iterable[Line], measure: Callable[[Line, Path], Result], folder: Path) -> list[Result]:
    """Measure line after line, each in a new folder within this one; tell which cannot be measured here."""
    results = []
    for line in lines:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            try:
                results.append(measure(line, Path(own)))
            except SkippedError as reason:
                data.say(f"left out: {line.what}: {reason}")
    return results
