"""ignore: what is known and not worth looking at leaves the list, for a time, until it hits more users, or for good."""

from datetime import datetime
from typing import Annotated

import msgspec
import typer

from errcli import params
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now
from errcli.errors import UsageError

FOREVER = "forever"


class Ignored(msgspec.Struct):
    """A decision not to show a pattern."""

    pattern_hash: Annotated[str, column("The pattern's hash.", unit="hash", rank=0)]
    ignored_until: Annotated[datetime | None, column("Until when; none: not bound to a time.", rank=0)]
    ignored_users: Annotated[int | None, column("How many more users end it; none: not bound to users.", rank=0)]
    decided_at: Annotated[datetime, column("From when on.", rank=1)]
    events: Annotated[int, column("Events of it up to then.", rank=1)]
    note: Annotated[str | None, column("Why.", rank=2)]


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
        int | None, typer.Option("--until-users", min=1, help="Until it has hit so many users more.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
    now: Now = None,
) -> None:
    from errcli.store import resolve

    if until is None and until_users is None:
        raise UsageError("nothing says for how long", "ignore", "give --until 7d, --until-users 20 or --until forever")
    with invocation.writing() as store:
        clock = invocation.clock(now, None, store)
        target = resolve.find_target(store, params.well_formed(pattern))
        if target.pattern_hash is None:
            raise UsageError("an event cannot be ignored", pattern, "give the hash of its pattern")
        ends = None if until in (None, FOREVER) else params.parse_end(until, clock, "--until")
        decision = resolve.decide(
            store,
            target,
            "ignored",
            clock,
            note=params.well_formed(note),
            ignored_until=ends,
            ignored_users=until_users,
        )
    row = Ignored(target.pattern_hash, ends, until_users, decision.decided_at, decision.events, decision.note)
    invocation.answer_rows("ignore", Ignored, [row], now=decision.decided_at, target=pattern)
