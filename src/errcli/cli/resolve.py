"""resolve: what was fixed leaves the list."""

from typing import Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now

TARGET = typer.Argument(metavar="ID-or-HASH", help="An event's id, or a pattern's hash; 6 digits of it are enough.")


def add(app: typer.Typer) -> None:
    """Add `errcli resolve`."""
    add_command(
        app,
        "resolve",
        _resolve,
        summary="Mark an event or a pattern as resolved",
        example="errcli resolve 3f2a9c --release 1.4.3 --note 'gateway timeout raised'",
        details="Resolving a pattern covers its events up to now; one that comes later is unresolved again.",
    )


def _resolve(
    invocation: Invocation,
    target: Annotated[str, TARGET],
    release: Annotated[str | None, typer.Option("--release", help="The release with the fix.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why, or how.")] = None,
    now: Now = None,
) -> None:
    decide(invocation, target, resolved=True, release=release, note=note, now=now)


def decide(
    invocation: Invocation,
    text: str,
    *,
    resolved: bool,
    release: str | None,
    note: str | None,
    now: str | None,
) -> None:
    """Note a decision about what `text` names, and answer with it."""
    from errcli import decisions

    with invocation.writing() as store:
        clock = invocation.clock(now, None, store)
        result = decisions.decide(store, text, clock, resolved=resolved, release=release, note=note)
    invocation.answer(result)
