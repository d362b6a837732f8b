"""prune: old events go, their counts stay."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from errcli import diagnostics, params
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.db import compacted
from errcli.cli.invocation import Invocation
from errcli.cli.options import DryRun, Now


class PrunedRow(msgspec.Struct):
    """What was deleted, or would be."""

    pruned_up_to: Annotated[datetime, column("Events up to here go, this time included.", rank=0)]
    events: Annotated[int, column("Events.", rank=0)]
    errors: Annotated[int, column("Errors that they stand for.", rank=0)]
    users: Annotated[int, column("Their users.", rank=1)]
    days: Annotated[int, column("Their UTC days.", rank=1)]
    rejected_lines: Annotated[int, column("Lines rejected up to then.", rank=1)]
    bytes_freed: Annotated[int | None, column("Given back to the disk by --compact.", unit="bytes", rank=1)]


def add(app: typer.Typer) -> None:
    """Add `errcli prune`."""
    add_command(
        app,
        "prune",
        _prune,
        summary="Delete old events and keep their daily figures",
        example="errcli prune --keep 30d --compact",
        details="Rolls up first. Events of a pruned time are not taken in again. "
        "The file becomes smaller only with --compact.",
    )


def _prune(
    invocation: Invocation,
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="DURATION", help="Age up to which events stay. Default: 30d."),
    ] = None,
    compact: Annotated[bool, typer.Option("--compact", help="Rewrite the store smaller.")] = False,
    dry_run: DryRun = False,
    now: Now = None,
) -> None:
    from errcli.store import prune as pruning

    span = params.parse_duration(keep or invocation.config.prune.keep, "--keep" if keep else "[prune] keep")
    with invocation.reading() if dry_run else invocation.writing() as store:
        present = invocation.clock(now, None, store)
        horizon = params.before(present, span, "--keep")
        going = pruning.what_would_go(store, horizon) if dry_run else pruning.prune(store, horizon, datetime.now(UTC))
    if dry_run:
        diagnostics.note("a dry run: nothing was deleted")
    freed = compacted(invocation) if compact and not dry_run else None
    row = PrunedRow(
        horizon,
        going.events,
        going.errors,
        going.users,
        going.days,
        going.rejected_lines,
        None if freed is None else freed.bytes_before - freed.bytes_after,
    )
    invocation.answer_rows("prune", PrunedRow, [row], now=present, keep=keep, dry_run=dry_run)
