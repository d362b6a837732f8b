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


class Pattern(msgspec.Struct, frozen=True):
    """A regular expression, '' for none; `whatever_digits` also finds what differs from it in nothing but digits."""

    exact: str = ""
    whatever_digits: str = ""


class Suspicion(msgspec.Struct, frozen=True):
    """What stands in every text that holds a secret: `traces` are found sooner, `marks` in fewer other texts."""

    traces: Pattern = Pattern()
    marks: Pattern = Pattern()


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

    Not what `rules` drop; `traces` stack traces of a shape; of events that are alike those that `fold` says.
    `names` are the rules that name patterns.
    """

    rules: dict[str, list[Condition]] = {}
    traces: int = 5
    fold: Fold | None = None
    names: dict[str, list[Condition]] = {}


USUAL = Keeping()
"""What is kept where nothing is set, but for the rules."""


class Back(msgspec.Struct, frozen=True):
    """A pattern, or a place, that was resolved and is seen again."""

    pattern_hash: str
    pattern: str


class Loaded(msgspec.Struct, frozen=True):
    """What became of a burst: `dropped` counts by rule, those that the store itself drops included.

    `events` is how many the store had before; `back` is what was resolved and is seen again.
    """

    stored: int
    duplicates: int
    folded: int
    dropped: dict[str, int]
    events: int
    back: list[Back] = []
