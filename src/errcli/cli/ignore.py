"""ignore: what is known and not worth looking at leaves the list, for a time, until it hits more users, or for good."""

from typing import Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now

# What the store's column holds.
_MOST_USERS = 2_147_483_647


def add(app: typer.Typer) -> None:
    """Add `errcli ignore`."""
    add_command(
        app,
        "ignore",
        _ignore,
        summary="Leave a pattern out of the list for a while",
        example="errcli ignore 3f2a9c --until 7d --note 'fixed in the next release'",
        details="Its events are stored and counted as before; --state ignored shows it. errcli reopen ends it.",
    )


def _ignore(
    invocation: Invocation,
    pattern: Annotated[str, typer.Argument(metavar="HASH", help="A pattern's hash; 6 digits of it are enough.")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="How long: 7d, a date, or forever.")
    ] = None,
    until_users: Annotated[
        int | None,
        typer.Option("--until-users", min=1, max=_MOST_USERS, help="Until so many users have it who had not had it."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
    now: Now = None,
) -> None:
    from errcli import decisions

    with invocation.writing() as store:
        clock = invocation.clock(now, None, store)
        result = decisions.ignore(store, pattern, clock, until=until, until_users=until_users, note=note)
    invocation.answer(result)
