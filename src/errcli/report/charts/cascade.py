"""What does it look like which error leads to which: causes on the left, what follows on the right, curves between?

Two columns, and not a chain of many: cascades run in circles (A leads to B, B to A), which no order of layers shows
without lines that run back; here each row of the answer is one curve from left to right, on a phone, too.
"""

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from errcli.analysis import Result
from errcli.report.charts.chart import (
    MOST,
    NARROW,
    SMALL,
    SURE,
    WIDE,
    Canvas,
    Chart,
    Row,
    Spec,
    counted,
    ink,
    text_of,
    told,
)

_LINE, _LINES = 14, 3
_STEP, _HEAD = _LINE * _LINES + 14, 22
_LETTER = 5.6
_THICKEST = 9
_GAP = 8
_PORT = 13
_COUNT = 26
_RISE = SMALL / 2 - 2
"""How far the base line of a small word is below its middle."""


class _Edge(NamedTuple):
    """A row, and the heights at which its curve begins and ends."""

    row: Row
    start: float
    end: float


def draw(result: Result) -> Chart:
    """Draw the edges with most sessions."""
    rows = result.named_rows[:MOST]

    def tell(row: Row) -> str:
        ends = f"{text_of(row['pattern'])} leads to {text_of(row['leads_to'])}"
        return f"{ends} in {counted(row['sessions'], 'sessions')}"

    return Chart("Which error leads to which", told(result, tell), *(_spec(rows, width) for width in (WIDE, NARROW)))


def _spec(rows: list[Row], width: int) -> Spec:
    left = _places([row["pattern_hash"] for row in rows])
    right = _places(_by_mean_place(rows, left))
    canvas = Canvas(width, _HEAD + _STEP * max(len(left), len(right)))
    column = width * 0.36
    begins, ends = column + _GAP, width - column - _COUNT
    texts = {row[f"{end}_hash"]: row[end] for end in ("pattern", "leads_to") for row in rows}
    edges = _edges(rows, left, right)
    counts = [{"x": ends + 3, "y": edge.end + _RISE, "text": f"{edge.row['sessions']:,}"} for edge in edges]
    heads = [{"x": 0, "y": 12, "text": "this"}, {"x": width - column, "y": 12, "text": "leads to"}]
    labels = _labels(left, texts, 0, column) + _labels(right, texts, width - column, column)
    return canvas.spec(
        [
            *_curves(canvas, edges, begins, ends),
            canvas.small_words(counts + heads),
            canvas.words(labels, fontSize=SMALL),
        ]
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


def _edges(rows: list[Row], left: dict[str, float], right: dict[str, float]) -> list[_Edge]:
    """Return where each edge begins and ends: side by side at a node, in the order of their other ends."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for near, far, name, other, found in (
        (left, right, "pattern_hash", "leads_to_hash", starts),
        (right, left, "leads_to_hash", "pattern_hash", ends),
    ):
        for node, middle in near.items():
            meeting = sorted((far[row[other]], number) for number, row in enumerate(rows) if row[name] == node)
            space = min(_PORT, (_STEP - _PORT) / len(meeting))
            for place, (_, number) in enumerate(meeting):
                found[number] = middle + space * (place - (len(meeting) - 1) / 2)
    return [_Edge(row, starts[number], ends[number]) for number, row in enumerate(rows)]


def _labels(places: dict[str, float], texts: dict[str, str], begins: float, width: float) -> list[Spec]:
    """Return the lines of each node's text, around the middle of its strip."""
    points = []
    for node, middle in places.items():
        lines = textwrap.wrap(text_of(texts[node]), int(width / _LETTER), max_lines=_LINES, placeholder="…") or ["-"]
        first = middle - _LINE * (len(lines) - 1) / 2 + _RISE
        points += [{"x": begins, "y": first + _LINE * place, "text": line} for place, line in enumerate(lines)]
    return points


def _curves(canvas: Canvas, edges: list[_Edge], begins: float, ends: float) -> Iterator[Spec]:
    """Yield the curves, as thick as their sessions, first those that chance may have drawn."""
    heaviest = max(edge.row["sessions"] for edge in edges) or 1
    own = {
        "strokeWidth": {"field": "weight", "type": "quantitative", "scale": None},
        "detail": {"field": "edge", "type": "nominal"},
    }
    for sure, color in ((False, "pale"), (True, "accent")):
        points = [
            {"edge": number, "x": begins + (ends - begins) * across, "y": y}
            | {"weight": 1 + (_THICKEST - 1) * edge.row["sessions"] / heaviest}
            for number, edge in enumerate(edges)
            if (edge.row["q"] is not None and edge.row["q"] < SURE) == sure
            for across, y in ((0, edge.start), (0.25, edge.start), (0.75, edge.end), (1, edge.end))
        ]
        yield canvas.marks("line", points, own, color=ink(color), interpolate="basis", strokeOpacity=0.8)
