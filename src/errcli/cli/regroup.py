"""regroup: rules that name patterns, for the events that are stored already."""

from typing import Annotated

import msgspec
import typer

from errcli import diagnostics
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import DryRun


class MoveRow(msgspec.Struct):
    """Events that have moved from one pattern to another, or would."""

    old_hash: Annotated[str, column("The pattern they were in.", unit="hash", rank=0)]
    old_pattern: Annotated[str, column("What its messages have in common.", rank=1)]
    new_hash: Annotated[
        str, column("The pattern they are in now; the same where it has a new name.", unit="hash", rank=0)
    ]
    new_pattern: Annotated[str, column("What its messages have in common, or its name.", rank=1)]
    events: Annotated[int, column("Events that moved.", rank=0)]
    errors: Annotated[int, column("Errors that they stand for.", rank=3)]
    old_state: Annotated[str | None, column("What was decided about the old one: resolved, reopened, ignored.", rank=2)]
    new_state: Annotated[str | None, column("What stands for the new one.", rank=2)]


def add(app: typer.Typer) -> None:
    """Add `errcli regroup`."""
    add_command(
        app,
        "regroup",
        _regroup,
        summary="Apply changed [patterns] rules to what is stored",
        example="errcli regroup --dry-run",
        details="Decisions stay: a hash leads to the pattern that most of its events are in now.",
    )


def _regroup(invocation: Invocation, dry_run: DryRun = False) -> None:
    from errcli.store.connection import writing
    from errcli.store.regrouped import regroup_all

    rules = invocation.config.patterns.names
    with writing(invocation.store_options) as store:
        moves = regroup_all(store, rules, keep=not dry_run)
    invocation.answer_rows(
        "regroup", MoveRow, [MoveRow(*msgspec.structs.astuple(move)) for move in moves], dry_run=dry_run
    )
    if dry_run:
        diagnostics.note("a dry run: nothing was changed")
