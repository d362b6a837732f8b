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

Body = Callable[..., None]


def add_command(app: typer.Typer, name: str, body: Body, *, summary: str, example: str, details: str = "") -> None:
    """Add a command that calls `body(invocation, **its own options)`."""
    own = list(inspect.signature(body).parameters.values())[1:]
    add_command_with(app, name, body, own, summary=summary, example=example, details=details)


def add_command_with(
    app: typer.Typer,
    name: str,
    body: Body,
    own: list[inspect.Parameter],
    *,
    summary: str,
    example: str,
    details: str = "",
) -> None:
    """Add a command whose own options are given as parameters; the shared ones follow them."""

    def run(**values: Any) -> None:
        shared = {key: values.pop(key) for key in _SHARED}
        shared.pop("debug")  # read where errors are told, before any command is known
        body(Invocation(**shared), **values)

    added = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for key, (annotation, default) in _SHARED.items()
    ]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + added
    )
    run.__annotations__ = {}
    help_text = "\n\n".join(part for part in (f"Example: {example}", f"{summary}.", details) if part)
    app.command(name, cls=LeanCommand, help=help_text, short_help=summary)(run)
