"""resolve: what was fixed leaves the list."""

from datetime import datetime
from typing import Annotated

import msgspec
import typer

from errcli import params
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now

TARGET = typer.Argument(metavar="ID-or-HASH", help="An event's id, or a pattern's hash; 6 digits of it are enough.")


class Decided(msgspec.Struct):
    """A decision about an event or a pattern."""

    target: Annotated[str, column("event or pattern", rank=0)]
    id: Annotated[str | None, column("The event's UUID.", unit="id", rank=1)]
    pattern_hash: Annotated[str | None, column("The pattern's hash.", unit="hash", rank=1)]
    resolved: Annotated[bool, column("Resolved, or open again.", rank=0)]
    decided_at: Annotated[datetime, column("A pattern's events up to here are covered.", rank=1)]
    events: Annotated[int, column("Events that it covers.", rank=0)]
    release: Annotated[str | None, column("The release with the fix.", rank=2)]
    note: Annotated[str | None, column("Why.", rank=2)]


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
    from errcli.store import resolve

    text, release, note = (params.well_formed(each) for each in (text, release, note))
    with invocation.writing() as store:
        decision = resolve.decide(
            store,
            resolve.find_target(store, text),
            "resolved" if resolved else "reopened",
            invocation.clock(now, None, store),
            release=release,
            note=note,
        )
    target = decision.target
    row = Decided(
        "event" if target.pattern_hash is None else "pattern",
        None if target.event_id is None else str(target.event_id),
        target.pattern_hash,
        resolved,
        decision.decided_at,
        decision.events,
        decision.release,
        decision.note,
    )
    invocation.answer_rows("resolve" if resolved else "reopen", Decided, [row], now=decision.decided_at, target=text)
