"""What is a picture before it is drawn: its specification for each width, and what it says in words?"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from errcli.render.escape import escaped

Spec = dict[str, Any]

WIDE, NARROW = 720, 320
"""Widths in pixels: of a desktop or a sheet of paper, and of a phone, which would make the text of the other tiny."""

TEXT, SMALL = 13, 11
"""Heights of letters in pixels."""

_LONGEST = 160
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


class Chart(NamedTuple):
    """What it is called, what it shows in a sentence or a few, and its specifications: wide and narrow."""

    title: str
    description: str
    wide: Spec
    narrow: Spec


def ink(name: str) -> str:
    """Return a colour by its role, which the style sheet has for light, dark and paper."""
    return f"var(--{name})"


def text_of(value: Any) -> str:
    """Return a text of data as it may stand in a picture: harmless, and no longer than anybody would read."""
    text = escaped("-" if value is None or value == "" else str(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def spec(width: int, height: float, layers: Sequence[Spec]) -> Spec:
    """Return a specification of layers on a plane of pixels, whose origin is its upper left corner."""
    return {
        "$schema": _SCHEMA,
        "width": width,
        "height": height,
        "padding": 0,
        "background": None,
        "config": {"aria": False, "view": {"stroke": None}},
        "layer": list(layers),
    }


def layer(mark: str, rows: Iterable[Spec], width: int, height: float, **how: Any) -> Spec:
    """Return marks at the pixels `x`, `y` (to `x2`, `y2`) of each row; `how` are the mark's properties.

    Of a property that is a `channel(...)`, each row has its own.
    """
    channels = {name: value for name, value in how.items() if isinstance(value, dict)}
    data = list(rows)
    encoding: Spec = {
        "x": {"field": "x", "type": "quantitative", "axis": None, "scale": _pixels(width)},
        "y": {"field": "y", "type": "quantitative", "axis": None, "scale": _pixels(height)},
    }
    encoding |= {name: {"field": name} for name in ("x2", "y2") if data and name in data[0]}
    return {
        "data": {"values": data},
        "mark": {"type": mark} | {name: value for name, value in how.items() if name not in channels},
        "encoding": encoding | channels,
    }


def channel(field: str, kind: str = "nominal") -> Spec:
    """Return an encoding that takes a field's value as it is."""
    return {"field": field, "type": kind, "scale": None, "legend": None}


def words(rows: Iterable[Spec], width: int, height: float, **how: Any) -> Spec:
    """Return the `text` of each row at its `x`, `y`, which is its base line, cut at `limit` pixels."""
    defaults: Spec = {"align": "left", "baseline": "alphabetic", "fontSize": TEXT, "color": ink("ink")}
    return layer("text", rows, width, height, text=channel("text"), **defaults | how)


def _pixels(length: float) -> Spec:
    return {"domain": [0, length], "range": [0, length], "nice": False, "zero": False}
