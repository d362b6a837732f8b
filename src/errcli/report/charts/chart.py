"""What is a picture before it is drawn: its specification for each width, and what it says in words?"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from errcli.analysis import Result
from errcli.render.cells import cell
from errcli.report.harmless import harmless

Spec = dict[str, Any]
"""A specification of Vega-Lite, or a part of one."""

Row = dict[str, Any]

WIDE, NARROW = 720, 320
"""Widths in pixels: of a desktop or a sheet of paper, and of a phone, which would make the text of the other tiny."""

TEXT, SMALL = 13, 11
"""Heights of letters in pixels."""

MOST = 10
"""Rows that are drawn; all others are in the table."""

SURE = 0.05
"""False discovery rate under which chance hardly did it."""

_LONGEST = 160
_TOLD = 3
_WIDER = 0.86
"""Letters may be as much wider where they are read than where they are measured."""


class Chart(NamedTuple):
    """What it is called, what it shows in a sentence or a few, and its specifications: wide and narrow."""

    title: str
    description: str
    wide: Spec
    narrow: Spec


class Canvas(NamedTuple):
    """A plane of pixels, whose origin is its upper left corner."""

    width: int
    height: float

    def spec(self, layers: Iterable[Spec]) -> Spec:
        """Return the specification of all that is on it, what comes first below what comes later."""
        return {
            "width": self.width,
            "height": self.height,
            "padding": 0,
            "autosize": "none",
            "background": None,
            "config": {"aria": False, "view": {"stroke": None}},
            "layer": list(layers),
        }

    def marks(self, mark: str, points: Sequence[Spec], encoding: Spec | None = None, **how: Any) -> Spec:
        """Return marks at the pixels `x`, `y` (to `x2`, `y2`) of each point; `how` are the properties of all.

        `encoding` says which fields of a point hold a property of its own.
        """
        ends = {name: {"field": name} for name in ("x2", "y2") if points and name in points[0]}
        return {
            "data": {"values": points},
            "mark": {"type": mark} | how,
            "encoding": {"x": _pixels("x", self.width), "y": _pixels("y", self.height)} | ends | (encoding or {}),
        }

    def words(self, points: Sequence[Spec], *, limit: float | None = None, **how: Any) -> Spec:
        """Return the `text` of each point on the base line `y`, cut where it is longer than `limit` pixels."""
        defaults: Spec = {"align": "left", "baseline": "alphabetic", "fontSize": TEXT, "color": ink("ink")}
        cut = {} if limit is None else {"limit": limit * _WIDER}
        return self.marks("text", points, {"text": {"field": "text", "type": "nominal"}}, **defaults | cut | how)

    def small_words(self, points: Sequence[Spec], **how: Any) -> Spec:
        """Return words that stand beside what matters."""
        defaults: Spec = {"fontSize": SMALL, "color": ink("soft")}
        return self.words(points, **defaults | how)


def _pixels(name: str, length: float) -> Spec:
    scale = {"domain": [0, length], "range": [0, length], "nice": False, "zero": False}
    return {"field": name, "type": "quantitative", "axis": None, "scale": scale}


def ink(name: str) -> str:
    """Return a colour by its role, which the style sheet has for light, dark and paper."""
    return f"var(--{name})"


def text_of(value: Any) -> str:
    """Return a text of data as it may stand in a picture: harmless, and no longer than anybody would read."""
    text = harmless("-" if value is None or value == "" else str(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def told(result: Result, tell: Callable[[Row], str]) -> str:
    """Return what a picture of rows says in words: its first rows, and that there are more."""
    rest = [f"{result.total - _TOLD:,} more"] if result.total > _TOLD else []
    return f"{'; '.join([*map(tell, result.named_rows[:_TOLD]), *rest])}."


def counted(count: int, unit: str) -> str:
    """Write a count with its unit: `1 user`, `2 users`."""
    return f"{count:,} {unit.removesuffix('s') if count == 1 else unit}"


def writer(result: Result) -> Callable[[Row, str], str]:
    """Return what writes a value of a row as the table does, by the name of its column."""
    columns = {column.name: column for column in result.columns}
    return lambda row, name: cell(columns[name], row[name], result.now, compact=False).text
