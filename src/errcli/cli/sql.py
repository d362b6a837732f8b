"""sql: an analysis's SQL, for people."""

from typing import Annotated

import typer

from errcli import catalog
from errcli.cli.command import WITHOUT_STORE, add_command
from errcli.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Add `errcli sql`."""
    add_command(
        app, "sql", _sql, summary="Print an analysis's SQL", example="errcli sql patterns", shared=WITHOUT_STORE
    )


def _sql(invocation: Invocation, name: Annotated[str, typer.Argument(metavar="NAME", help="The analysis.")]) -> None:
    invocation.write(catalog.sql_of(name).encode())
