"""tree: a graph as text, each edge once, under what begins most; on a terminal it fits the width."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping

import msgspec
from rich.cells import cell_len

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.graph import Drawing, Edge, drawing_of, weight_of
from errcli.render.layout import shortened
from errcli.render.title import title_of

_LOOP, _ELSEWHERE = "↺", "↕"
_LEGEND = {_LOOP: f"{_LOOP} stands above it on its branch", _ELSEWHERE: f"{_ELSEWHERE} goes on at another place"}
_MOST_LINES = 12
_GAP = "  "


class Branch(msgspec.Struct):
    """A node at one place of the tree: the edge that leads there, none to a root, and what follows there."""

    node: str
    edge: Edge | None = None
    above: tuple[str, ...] = ()
    branches: "list[Branch]" = []


def render(result: Result, screen: Screen) -> bytes:
    """Return a title and the tree of all rows."""
    lines = [title_of(result), *lines_of(drawing_of(result), screen.width)]
    return "".join(f"{line}\n" for line in lines).encode()


def glimpse(result: Result, width: int) -> str:
    """Return the tree of as many of the first rows as a few lines have room for; nothing without rows."""
    drawing = drawing_of(result)
    everything = len(drawing.edges)
    for shown in range(min(everything, _MOST_LINES), 0, -1):  # each has a line of its own
        lines = lines_of(msgspec.structs.replace(drawing, edges=drawing.edges[:shown]), width)
        if shown < everything:
            lines.append(f"drawn are {shown:,} of these {everything:,} rows; -f tree draws all of them")
        if len(lines) <= _MOST_LINES or shown == 1:
            return "".join(f"{line}\n" for line in lines)
    return ""


def lines_of(drawing: Drawing, width: int | None) -> list[str]:
    """Return the lines of the trees, and one that explains their signs; cut to a width where there is one."""
    pen = _Pen(drawing, width)
    lines = [line for tree in grown(drawing) for line in pen.lines(tree)]
    legend = ", ".join(_LEGEND[sign] for sign in _LEGEND if sign in pen.used)
    return [*lines, _fit(legend, width)] if legend else lines


def grown(drawing: Drawing) -> list[Branch]:
    """Return the trees: what a node leads to is under it once, where it is nearest to a root."""
    leaving: dict[str, list[Edge]] = defaultdict(list)
    arriving: dict[str, int] = defaultdict(int)
    for edge in sorted(drawing.edges, key=lambda edge: (-edge.weight, -(edge.share or 0), edge.target)):
        leaving[edge.source].append(edge)
        arriving[edge.target] += edge.weight
    weights = {node: sum(edge.weight for edge in edges) for node, edges in leaving.items()}
    # what opens most goes first; what much leads to is a root only where nothing else leads there
    begun = {node: weight * (drawing.openings.get(node) or 0) for node, weight in weights.items()}
    nodes = sorted(weights, key=lambda node: (-begun[node], -weights[node], node))
    roots = [node for node in nodes if 2 * arriving[node] <= weights[node]]
    trees = [Branch(root) for root in roots]
    known = set(roots)
    _grow(trees, leaving, known)
    for node in nodes:
        if node not in known:
            known.add(node)
            trees.append(Branch(node))
            _grow(trees[-1:], leaving, known)
    return trees


def _grow(trees: list[Branch], leaving: Mapping[str, list[Edge]], known: set[str]) -> None:
    """Let trees grow from their roots, all branches of a length before longer ones."""
    waiting = deque(trees)
    while waiting:
        branch = waiting.popleft()
        above = (*branch.above, branch.node)
        branch.branches = [Branch(edge.target, edge, above) for edge in leaving.get(branch.node, ())]
        for follower in branch.branches:
            if follower.node not in known:
                known.add(follower.node)
                waiting.append(follower)


class _Pen:
    """Writes trees, and knows which signs it has used."""

    def __init__(self, drawing: Drawing, width: int | None) -> None:
        self.used: set[str] = set()
        self._drawing = drawing
        self._names = drawing.names
        self._width = width
        self._sources = {edge.source for edge in drawing.edges}
        self._weights = max((len(weight_of(edge, drawing.unit)) for edge in drawing.edges), default=0)

    def lines(self, tree: Branch) -> Iterator[str]:
        """Return a line a place, what is under it indented by rails."""
        opening = self._drawing.openings.get(tree.node)
        note = "" if opening is None else f"{_GAP}opens {opening:.1f}% of its {self._drawing.unit}"
        yield self._line(f"{self._names[tree.node]}{_GAP}", self._drawing.texts[tree.node], note)
        # by a list of what waits: a chain may be longer than Python lets functions call themselves
        waiting = _places_under(tree, "")
        while waiting:
            branch, rails, is_last = waiting.pop()
            corner, rail = ("└─", "   ") if is_last else ("├─", "│  ")
            head = _GAP.join([f"{rails}{corner}{self._figures(branch.edge)}", f"{self._names[branch.node]}{_GAP}"])
            yield self._line(head, f"{self._sign(branch)}{self._drawing.texts[branch.node]}", "")
            waiting += _places_under(branch, rails + rail)

    def _figures(self, edge: Edge | None) -> str:
        if edge is None:
            return ""
        share = "-" if edge.share is None else f"{edge.share:.1f}%"
        return f" {share:>6}{_GAP}{weight_of(edge, self._drawing.unit):>{self._weights}}"

    def _sign(self, branch: Branch) -> str:
        """Return the sign of a node that leads on, but not from this place."""
        if branch.branches or branch.node not in self._sources:
            return ""
        sign = _LOOP if branch.node in branch.above else _ELSEWHERE
        self.used.add(sign)
        return f"{sign} "

    def _line(self, head: str, text: str, note: str) -> str:
        room = None if self._width is None else self._width - cell_len(head) - cell_len(note)
        return _fit(f"{head}{_fit(text, room)}{note}", self._width)


def _places_under(branch: Branch, rails: str) -> list[tuple[Branch, str, bool]]:
    """Return what is under a place, the last one first: each with the rails before it, and whether it is the last."""
    return [(each, rails, place == 0) for place, each in enumerate(reversed(branch.branches))]


def _fit(text: str, width: int | None) -> str:
    return text if width is None else shortened(text, width)
