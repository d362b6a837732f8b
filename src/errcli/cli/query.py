"""query: somebody's own SQL, read-only, answered like everything else."""

import sys
from typing import Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.errors import UsageError


def add(app: typer.Typer) -> None:
    """Add `errcli query`."""
    add_command(
        app,
        "query",
        _query,
        summary="Answer read-only SQL",
        example='errcli query "SELECT page, count(*) FROM user_errors GROUP BY page"',
        details="One statement, in DuckDB's SQL; - reads it from stdin. It can neither write nor reach files or "
        "the network. Tables: user_errors, events (with resolved), error_patterns, daily_error_stats, "
        "rejected_lines, ingested_files, dropped_counts, file_positions, folded_events.",
    )


def _query(
    invocation: Invocation,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="The statement; - is stdin.")],
    limit: Annotated[int, typer.Option("--limit", min=0, help="Most rows to show; 0 shows all.")] = 0,
) -> None:
    from errcli import runner

    text = _from_stdin() if sql == "-" else sql
    with invocation.reading() as store:
        result = runner.run_sql(store, text, limit)
    invocation.answer(result)


def _from_stdin() -> str:
    if sys.stdin is None:
        raise UsageError("stdin is closed", "", "give the statement as an argument")
    return sys.stdin.buffer.read().decode("utf-8", "replace")
