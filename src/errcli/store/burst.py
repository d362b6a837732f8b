"""What is told of a burst of events: what becomes of its lines, what of it is worth keeping, what came of it."""

import msgspec

from errcli.config import Condition
from errcli.position import Position


class Burst(msgspec.Struct, kw_only=True):
    """What became of some lines of a file before the store saw them; `rejected` is (line number, reason, text)."""

    file: str
    format: str
    bytes: int = 0
    lines: int = 0
    blank: int = 0
    dropped: dict[str, int] = {}
    rejected: list[tuple[int, str, str]] = []


class Reached(msgspec.Struct, frozen=True):
    """How far a file is read now, and how far it was."""

    position: Position
    previous: Position | None


class Fold(msgspec.Struct, frozen=True):
    """How many events that are alike are stored per stretch of time, in microseconds."""

    keep: int
    per: int


class Keeping(msgspec.Struct, frozen=True):
    """What of the events is worth keeping.

    Not what `rules` drop; `traces` stack traces of a pattern; of events that are alike those that `fold` says.
    """

    rules: dict[str, list[Condition]] = {}
    traces: int = 5
    fold: Fold | None = None


USUAL = Keeping()
"""What is kept where nothing is set, but for the rules."""


class Loaded(msgspec.Struct, frozen=True):
    """What became of a burst: `dropped` counts by rule, those that the store itself drops included.

    `events` is how many the store had before.
    """

    stored: int
    duplicates: int
    folded: int
    dropped: dict[str, int]
    events: int
