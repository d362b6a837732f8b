"""mermaid: a flowchart to paste into Markdown, as GitHub, GitLab and many wikis draw it."""

import json
import re

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.graph import drawing_of, label_of
from errcli.render.title import title_of

_NAMED = {'"': "quot", "<": "lt", ">": "gt", "&": "amp"}
_BLANKS = re.compile(r"\s+")


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return a flowchart with a box a node and an arrow an edge, the wider the more it weighs."""
    drawing = drawing_of(result)
    # a node's name may not begin with a digit everywhere, and some words are Mermaid's own
    names = {node: f"p{name}" for node, name in drawing.names.items()}
    lines = ["---", f"title: {json.dumps(title_of(result))}", "---", "flowchart LR"]
    lines += [f'    {names[node]}["{_text(text)}"]' for node, text in drawing.texts.items()]
    for edge in drawing.edges:
        arrow = "-->" if edge.weight else "-.->"
        lines.append(f'    {names[edge.source]} {arrow}|"{_text(label_of(edge, drawing.unit))}"| {names[edge.target]}')
    lines += [f"    linkStyle {place} stroke-width:{width:.1f}px" for place, width in enumerate(drawing.widths)]
    return "\n".join([*lines, ""]).encode()


def _text(text: str) -> str:
    """Write a text for a label in quotes: all but letters, digits, commas and blanks by its number.

    Mermaid reads Markdown, icons, links and HTML in labels, each version other ones; by their numbers they are letters.
    """
    return "".join(map(_letter, _BLANKS.sub(" ", text).strip() or "-"))


def _letter(letter: str) -> str:
    if letter.isalnum() or letter in " ,":
        return letter
    return f"#{_NAMED.get(letter, ord(letter))};"
