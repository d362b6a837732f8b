"""rollup: daily_error_stats and error_patterns up to date, from cron."""

import time
from typing import Annotated

import msgspec
import typer

from errcli.analysis import column
from errcli.cli.back import tell_what_is_back
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation


class RolledUpRow(msgspec.Struct):
    """What was brought up to date."""

    days: Annotated[int, column("UTC days with new events.")]
    user_days: Annotated[int, column("Rows of daily_error_stats on them.")]
    patterns: Annotated[int, column("Rows of error_patterns seen on them.")]
    seconds: Annotated[float, column("Time taken.")]


def add(app: typer.Typer) -> None:
    """Add `errcli rollup`."""
    add_command(
        app,
        "rollup",
        _rollup,
        summary="Bring the daily figures and the patterns up to date",
        example="errcli rollup --db /var/lib/errcli/errors.duckdb",
        details="Recomputes only days with events stored since the last time, and puts together in the file what many "
        "loads have left in small pieces. Safe to run twice at once.",
    )


def _rollup(invocation: Invocation) -> None:
    from errcli.store.connection import writing
    from errcli.store.rollup import roll_up
    from errcli.store.row_groups import put_small_together

    began = time.monotonic()
    with writing(invocation.store_options) as store:
        with store.transaction():
            done = roll_up(store)
        if done.days:
            put_small_together(store.connection, store.path)
    row = RolledUpRow(done.days, done.user_days, done.patterns, round(time.monotonic() - began, 3))
    invocation.answer_rows("rollup", RolledUpRow, [row])
    tell_what_is_back(done.back)
