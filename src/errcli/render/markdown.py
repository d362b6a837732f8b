"""markdown: a GitHub-flavoured table to paste into an issue or a chat."""

import html
import re
from typing import Any

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.title import title_of
from errcli.render.values import to_text

_SPECIAL = re.compile(r"([\\`*\[\]|~])")


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return a line that says the window, and a table; HTML and Markdown in data are escaped."""
    if not result.columns:
        return b""
    header = _line([_cell(column.name) for column in result.columns])
    rule = _line(["---:" if column.kind in ("integer", "number") else "---" for column in result.columns])
    rows = [_line([_cell(value) for value in row]) for row in result.rows]
    return "\n".join([_escape(title_of(result)), "", header, rule, *rows, ""]).encode()


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    return _escape(to_text(value))


def _escape(text: str) -> str:
    return html.escape(_SPECIAL.sub(r"\\\1", text), quote=False)
