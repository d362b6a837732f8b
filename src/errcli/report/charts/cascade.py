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
_LETTER = 6.4
_THICKEST = 9
_GAP = 8
_PORT = 13
_RISE = SMALL / 2 - 2
"""How far the base line of a small word is below its middle."""


class _Place(NamedTuple):
    """The strip of a node."""

    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


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
    left = _places(rows, "pattern_hash", [row["pattern_hash"] for row in rows])
    right = _places(rows, "leads_to_hash", _by_mean_place(rows, left))
    canvas = Canvas(width, max(node.bottom for node in (*left.values(), *right.values())))
    written = [f"{row['sessions']:,}" for row in rows]
    column = width * 0.36
    begins, ends = column + _GAP, width - column - _GAP - _LETTER * max(map(len, written))
    texts = {row[f"{end}_hash"]: row[end] for end in ("pattern", "leads_to") for row in rows}
    edges = _edges(rows, left, right)
    counts = [{"x": ends + 3, "y": edge.end + _RISE, "text": text} for edge, text in zip(edges, written, strict=True)]
    heads = [{"x": 0, "y": 12, "text": "this"}, {"x": width - column, "y": 12, "text": "leads to"}]
    labels = _labels(left, texts, 0, column) + _labels(right, texts, width - column, column)
    return canvas.spec(
        [
            *_curves(canvas, edges, begins, ends),
            canvas.small_words(counts + heads),
            canvas.words(labels, fontSize=SMALL),
        ]
    )


def _places(rows: list[Row], end: str, nodes: Iterable[str]) -> dict[str, _Place]:
    """Return where each node of one side is, in order: as high as its text, or as its edges side by side."""
    places: dict[str, _Place] = {}
    top: float = _HEAD
    for node in dict.fromkeys(nodes):
        places[node] = _Place(top, top + max(_STEP, _PORT * (1 + sum(row[end] == node for row in rows))))
        top = places[node].bottom
    return places


def _by_mean_place(rows: list[Row], left: dict[str, _Place]) -> list[str]:
    """Return what follows in the order of the mean place of what leads to it, so that few curves cross."""
    sources: dict[str, list[float]] = {}
    for row in rows:
        sources.setdefault(row["leads_to_hash"], []).append(left[row["pattern_hash"]].middle)
    return sorted(sources, key=lambda node: sum(sources[node]) / len(sources[node]))


def _edges(rows: list[Row], left: dict[str, _Place], right: dict[str, _Place]) -> list[_Edge]:
    """Return where each edge begins and ends."""
    starts = _ports(rows, ("pattern_hash", left), ("leads_to_hash", right))
    ends = _ports(rows, ("leads_to_hash", right), ("pattern_hash", left))
    return [_Edge(row, starts[number], ends[number]) for number, row in enumerate(rows)]


def _ports(
    rows: list[Row], near: tuple[str, dict[str, _Place]], far: tuple[str, dict[str, _Place]]
) -> dict[int, float]:
    """Return the height of each edge at its near end: side by side at a node, in the order of their far ends."""
    name, places = near
    found = {}
    for node, place in places.items():
        meeting = sorted((far[1][row[far[0]]].middle, number) for number, row in enumerate(rows) if row[name] == node)
        for nth, (_, number) in enumerate(meeting):
            found[number] = place.middle + _PORT * (nth - (len(meeting) - 1) / 2)
    return found


def _labels(places: dict[str, _Place], texts: dict[str, str], begins: float, width: float) -> list[Spec]:
    """Return the lines of each node's text, around the middle of its strip."""
    points = []
    for node, place in places.items():
        lines = textwrap.wrap(text_of(texts[node]), int(width / _LETTER), max_lines=_LINES, placeholder="…") or ["-"]
        first = place.middle - _LINE * (len(lines) - 1) / 2 + _RISE
        points += [{"x": begins, "y": first + _LINE * nth, "text": line} for nth, line in enumerate(lines)]
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
