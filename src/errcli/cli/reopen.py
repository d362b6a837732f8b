"""reopen: what was called fixed and was not returns to the list."""

from typing import Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now
from errcli.cli.resolve import TARGET, decide


def add(app: typer.Typer) -> None:
    """Add `errcli reopen`."""
    add_command(
        app,
        "reopen",
        _reopen,
        summary="Take back a resolution",
        example="errcli reopen 3f2a9c --note 'still seen by u-1042'",
    )


def _reopen(
    invocation: Invocation,
    target: Annotated[str, TARGET],
    note: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
    now: Now = None,
) -> None:
    decide(invocation, target, resolved=False, release=None, note=note, now=now)
