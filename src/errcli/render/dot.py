"""dot: a graph for Graphviz, `dot -Tsvg` makes a picture of it."""

import textwrap

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.graph import drawing_of, label_of
from errcli.render.title import title_of

_WIDEST_LINE = 32


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return a digraph with a box a node and an arrow an edge, the wider the more it weighs."""
    drawing = drawing_of(result)
    names = drawing.names
    lines = [
        f"digraph {_quoted([result.analysis])} {{",
        f'  graph [label={_quoted([title_of(result)])}, labelloc="t", rankdir="LR"];',
        '  node [shape="box"];',
    ]
    for node, text in drawing.texts.items():
        lines.append(f"  {_quoted([names[node]])} [label={_quoted(textwrap.wrap(text, _WIDEST_LINE) or ['-'])}];")
    for edge, width in zip(drawing.edges, drawing.widths, strict=True):
        ends = f"{_quoted([names[edge.source]])} -> {_quoted([names[edge.target]])}"
        style = "solid" if edge.weight else "dashed"
        label = _quoted([label_of(edge, drawing.unit)])
        lines.append(f'  {ends} [label={label}, penwidth="{width:.1f}", style="{style}"];')
    return "\n".join([*lines, "}", ""]).encode()


def _quoted(lines: list[str]) -> str:
    r"""Write a text as DOT has it: in labels a backslash begins an escape (`\N`, `\l`), and `&amp;` is an entity."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(escaped) + '"'
