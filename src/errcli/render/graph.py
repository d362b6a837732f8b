"""What is there to draw of a result whose rows are edges: which nodes, what leads to what, and how often?"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import msgspec

from errcli.analysis import Result
from errcli.render.escape import escaped

_SHORT_NAME = 8


class Edge(msgspec.Struct, frozen=True):
    """One row: what leads to what, how often, and in how many percent of all cases, where that is known."""

    source: str
    target: str
    weight: int
    share: float | None


class Drawing(msgspec.Struct, frozen=True):
    """The nodes by id, with their texts, harmless to a terminal, and how often each is a beginning; and all edges.

    `unit` is what weights count.
    """

    texts: dict[str, str]
    openings: dict[str, float | None]
    edges: list[Edge]
    unit: str

    @property
    def names(self) -> dict[str, str]:
        """A short name for each node: the beginning of its id, as long as it takes to tell them apart."""
        lengths = count(_SHORT_NAME, _SHORT_NAME)
        length = next(each for each in lengths if len({node[:each] for node in self.texts}) == len(self.texts))
        return {node: node[:length] for node in self.texts}

    @property
    def widths(self) -> Iterator[float]:
        """How wide each edge is to be drawn: from 1 to 6."""
        heaviest = max((edge.weight for edge in self.edges), default=0) or 1
        return (1 + 5 * edge.weight / heaviest for edge in self.edges)


def drawing_of(result: Result) -> Drawing:
    """Return what a result has to draw. Raises ValueError where it is no graph."""
    if result.graph is None:
        raise ValueError(f"{result.analysis} is no graph")
    graph = result.graph
    texts: dict[str, str] = {}
    openings: dict[str, float | None] = {}
    edges = []
    for row in result.named_rows:
        source, target = str(row[graph.source]), str(row[graph.target])
        texts |= {source: _text(row[graph.source_text]), target: _text(row[graph.target_text])}
        # rows may differ in whether they know
        openings[source] = openings.get(source) if row[graph.opening] is None else row[graph.opening]
        edges.append(Edge(source, target, row[graph.weight], row[graph.share]))
    return Drawing(texts, openings, edges, graph.weight)


def _text(value: Any) -> str:
    return escaped(str(value)) or "-"


def weight_of(edge: Edge, unit: str) -> str:
    """Write an edge's weight: `16 sessions`."""
    return f"{edge.weight:,} {unit.removesuffix('s') if edge.weight == 1 else unit}"


def label_of(edge: Edge, unit: str) -> str:
    """Write all that there is to say of an edge: `16 sessions, 6.7%`."""
    weight = weight_of(edge, unit)
    return weight if edge.share is None else f"{weight}, {edge.share:.1f}%"
