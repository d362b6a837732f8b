"""db: what is in the store, is it sound, and can it be smaller?"""

from datetime import datetime
from typing import Annotated

import msgspec
import typer

from errcli.analysis import column
from errcli.cli.coercion import LeanGroup
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.errors import BrokenPromiseError


class Info(msgspec.Struct):
    """The store at a glance."""

    path: Annotated[str, column("The file.", rank=0)]
    bytes: Annotated[int, column("Its size.", unit="bytes", rank=0)]
    wal_bytes: Annotated[int, column("Size of its write-ahead log.", unit="bytes")]
    events: Annotated[int, column("Events.", rank=0)]
    errors: Annotated[int, column("Errors, folded ones included.")]
    users: Annotated[int, column("Distinct users.")]
    sessions: Annotated[int, column("Distinct sessions.")]
    patterns: Annotated[int, column("Distinct patterns.")]
    first_seen: Annotated[datetime | None, column("Oldest event.")]
    last_seen: Annotated[datetime | None, column("Newest event.")]
    files: Annotated[int, column("Files that were loaded.")]
    last_ingest: Annotated[datetime | None, column("When the last one was.")]
    rejected_lines: Annotated[int, column("Lines kept that are no events.")]
    dropped: Annotated[int, column("Records that rules dropped.")]
    resolutions: Annotated[int, column("Resolutions that stand.")]
    days_to_roll_up: Annotated[int, column("Days with events since the last rollup.")]
    pruned_up_to: Annotated[datetime | None, column("Events up to here were deleted.")]
    schema_version: Annotated[int, column("Version of the schema.")]


class Promise(msgspec.Struct):
    """A promise of the store."""

    promise: Annotated[str, column("What holds in a sound store.", rank=0)]
    broken: Annotated[int, column("Rows that break it.", rank=0)]


class Compacted(msgspec.Struct):
    """The file before and after."""

    bytes_before: Annotated[int, column("Size before.", unit="bytes")]
    bytes_after: Annotated[int, column("Size after.", unit="bytes")]


def add(app: typer.Typer) -> None:
    """Add `errcli db info`, `errcli db compact` and `errcli db doctor`."""
    db = typer.Typer(
        name="db",
        cls=LeanGroup,
        help="Example: errcli db info\n\nLook after the store.",
        short_help="Look after the store: info, compact, doctor",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    add_command(db, "info", _info, summary="Size, span and counts of the store", example="errcli db info")
    add_command(
        db,
        "compact",
        _compact,
        summary="Rewrite the store smaller",
        example="errcli db compact",
        details="Readers may go on meanwhile; writers wait.",
    )
    add_command(
        db,
        "doctor",
        _doctor,
        summary="Check the figures against the events",
        example="errcli db doctor",
        details="Exits with 1 if a promise is broken.",
    )
    app.add_typer(db)


def compacted(invocation: Invocation) -> Compacted:
    """Rewrite the store and say how large it was and is."""
    from errcli.store.compact import compact

    return Compacted(*msgspec.structs.astuple(compact(invocation.store_options)))


def _info(invocation: Invocation) -> None:
    from errcli.store.inspect import info

    with invocation.reading() as store:
        row = Info(**info(store))
    invocation.answer_rows("db info", Info, [row])


def _compact(invocation: Invocation) -> None:
    invocation.answer_rows("db compact", Compacted, [compacted(invocation)])


def _doctor(invocation: Invocation) -> None:
    from errcli.store.inspect import broken_promises

    with invocation.reading() as store:
        rows = [Promise(promise, broken) for promise, broken in broken_promises(store)]
    invocation.answer_rows("db doctor", Promise, list(rows))
    broken_ones = [row.promise for row in rows if row.broken]
    if broken_ones:
        raise BrokenPromiseError(
            f"{len(broken_ones)} of {len(rows)} promises broken",
            str(invocation.store_options.path),
            "; ".join(broken_ones),
        )
