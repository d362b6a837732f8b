"""Renderers: a Result becomes bytes in one format; one module a format, none of them knows the store."""

from importlib import import_module
from typing import Literal, Protocol, cast

import msgspec

from errcli.analysis import Result

RowFormat = Literal["table", "json", "jsonl", "csv", "markdown", "parquet"]
"""Formats in which every result can be written."""

GraphFormat = Literal["dot", "mermaid", "tree"]
"""Formats for results whose rows make a graph."""

FormatName = Literal[RowFormat, GraphFormat]


class Screen(msgspec.Struct, frozen=True):
    """Where a table or a tree is read: the width of the terminal, None for a pipe or a file, and whether in colour."""

    width: int | None = None
    colored: bool = False


class Renderer(Protocol):
    """What a format's module offers."""

    def render(self, result: Result, screen: Screen) -> bytes:
        """Return the result in this format."""
        ...


def render(result: Result, format_name: FormatName, screen: Screen) -> bytes:
    """Return a result in a format; only a table and a tree look at the screen."""
    renderer = cast("Renderer", import_module(f"errcli.render.{format_name}"))
    return renderer.render(result, screen)
