"""How does a function become a command: shared options added, an example on top of its help."""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from errcli.cli import options
from errcli.cli.coercion import LeanCommand
from errcli.cli.invocation import Invocation

_SHARED = {
    "db": (options.Db, None),
    "wait": (options.Wait, None),
    "format_name": (options.Format, None),
    "output": (options.Output, "-"),
    "no_color": (options.NoColor, False),
    "debug": (options.Debug, False),
}

WITHOUT_STORE = ("output", "debug")
"""The shared options of a command that asks no store and has one way to write its answer."""

Body = Callable[..., None]


def add_command(
    app: typer.Typer,
    name: str,
    body: Body,
    *,
    summary: str,
    example: str,
    details: str = "",
    shared: tuple[str, ...] = tuple(_SHARED),
) -> None:
    """Add a command that calls `body(invocation, **its own options)`; `shared` are the shared options that it takes."""
    own = list(inspect.signature(body).parameters.values())[1:]
    add_command_with(app, name, body, own, summary=summary, example=example, details=details, shared=shared)


def add_command_with(
    app: typer.Typer,
    name: str,
    body: Body,
    own: list[inspect.Parameter],
    *,
    summary: str,
    example: str,
    details: str = "",
    shared: tuple[str, ...] = tuple(_SHARED),
    is_graph: bool = False,
) -> None:
    """Add a command whose own options are given as parameters; the shared ones follow them.

    `is_graph` is whether its answer, or one of them, can be drawn as a graph.
    """

    def run(**values: Any) -> None:
        settings = {key: values.pop(key, default) for key, (_, default) in _SHARED.items()}
        invocation = Invocation(**settings)
        if "output" in shared:
            invocation.require_output_beside_the_store()
        if "format_name" in shared:
            invocation.require_room_for_format()
            invocation.require_graph_for_format(is_graph)
        body(invocation, **values)

    known = _SHARED | ({"format_name": (options.FormatOfGraph, None)} if is_graph else {})
    added = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for key, (annotation, default) in known.items()
        if key in shared
    ]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + added
    )
    run.__annotations__ = {}
    help_text = "\n\n".join(part for part in (f"Example: {example}", f"{summary}.", details) if part)
    app.command(name, cls=LeanCommand, help=help_text, short_help=summary)(run)
