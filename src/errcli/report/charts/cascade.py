"""What does it look like which error leads to which: causes on the left, what follows on the right, curves between?

Two columns, and not a chain of many: cascades run in circles (A leads to B, B to A), which no order of layers shows
without lines that run back; here each row of the answer is one curve from left to right, on a phone, too.
"""

import textwrap
from collections.abc import Iterable
from typing import Any

from errcli.analysis import Result
from errcli.report.charts.chart import NARROW, SMALL, WIDE, Chart, Spec, channel, ink, layer, spec, text_of, words

MOST = 10
"""Edges that are drawn."""

_SURE = 0.05
_LINE, _LINES = 14, 3
_STEP, _HEAD = _LINE * _LINES + 14, 22
_LETTER = 5.6
_THICKEST = 9
_GAP = 8

Row = dict[str, Any]


def draw(result: Result) -> Chart:
    """Draw the edges with most sessions."""
    rows = result.named_rows[:MOST]
    told = "; ".join(
        f"{text_of(row['pattern'])} leads to {text_of(row['leads_to'])} in {row['sessions']:,} sessions" for row in rows[:3]
    )
    rest = f"; {result.total - 3:,} more in the table" if result.total > 3 else ""  # noqa: PLR2004
    wide, narrow = (_spec(rows, width) for width in (WIDE, NARROW))
    return Chart("Which error leads to which", f"{told}{rest}.", wide, narrow)


def _spec(rows: list[Row], width: int) -> Spec:
    left = _places([row["pattern_hash"] for row in rows])
    right = _places(_by_mean_place(rows, left))
    height = _HEAD + _STEP * max(len(left), len(right))
    column = width * 0.36
    texts = {row["pattern_hash"]: row["pattern"] for row in rows} | {row["leads_to_hash"]: row["leads_to"] for row in rows}
    heads = [{"x": 0, "y": 12, "text": "this"}]
    ends = [{"x": width - column, "y": 12, "text": "leads to this, in sessions"}]
    return spec(
        width,
        height,
        [
            *_curves(rows, left, right, (column + _GAP, width - column - _GAP), (width, height)),
            words([*heads, *ends], width, height, fontSize=SMALL, color=ink("soft")),
            words(_labels(left, texts, 0, column), width, height, fontSize=SMALL),
            words(_labels(right, texts, width - column, column), width, height, fontSize=SMALL),
        ],
    )


def _places(nodes: Iterable[str]) -> dict[str, float]:
    """Return the middle of the strip of each node, in order."""
    return {node: _HEAD + _STEP * (place + 0.5) for place, node in enumerate(dict.fromkeys(nodes))}


def _by_mean_place(rows: list[Row], left: dict[str, float]) -> list[str]:
    """Return what follows in the order of the mean place of what leads to it, so that few curves cross."""
    sources: dict[str, list[float]] = {}
    for row in rows:
        sources.setdefault(row["leads_to_hash"], []).append(left[row["pattern_hash"]])
    return sorted(sources, key=lambda node: sum(sources[node]) / len(sources[node]))


def _labels(places: dict[str, float], texts: dict[str, str], begins: float, width: float) -> list[Spec]:
    """Return the lines of each node's text, around the middle of its strip."""
    points = []
    for node, middle in places.items():
        lines = textwrap.wrap(text_of(texts[node]), int(width / _LETTER), max_lines=_LINES, placeholder="…") or ["-"]
        first = middle - _LINE * (len(lines) - 1) / 2 + SMALL / 2 - 2
        points += [{"x": begins, "y": first + _LINE * place, "text": line} for place, line in enumerate(lines)]
    return points


def _curves(
    rows: list[Row], left: dict[str, float], right: dict[str, float], between: tuple[float, float], size: tuple[int, float]
) -> list[Spec]:
    """Return a curve for each edge, as thick as its sessions, and their number at its end."""
    begins, ends = between
    heaviest = max(row["sessions"] for row in rows) or 1
    layers = []
    for sure, color in ((False, "pale"), (True, "accent")):
        points = [
            {"edge": number, "x": begins + (ends - begins) * x, "y": _between(left[row["pattern_hash"]], right[row["leads_to_hash"]], y),
             "weight": 1 + (_THICKEST - 1) * row["sessions"] / heaviest}
            for number, row in enumerate(rows)
            if (row["q"] is not None and row["q"] < _SURE) == sure
            for x, y in ((0, 0), (0.25, 0), (0.75, 1), (1, 1))
        ]  # fmt: skip
        layers.append(
            layer(
                "line", points, *size, color=ink(color), interpolate="basis", strokeOpacity=0.75,
                strokeWidth=channel("weight", "quantitative"), detail={"field": "edge", "type": "nominal"},
            )
        )  # fmt: skip
    counts = [
        {"x": begins + (ends - begins) * 0.92, "y": right[row["leads_to_hash"]] - 6, "text": f"{row['sessions']:,}"}
        for row in rows
    ]
    return [*layers, words(counts, *size, fontSize=SMALL, color=ink("soft"), align="right")]


def _between(start: float, end: float, part: float) -> float:
    return start + (end - start) * part
