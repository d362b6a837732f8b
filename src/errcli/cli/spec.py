"""sql and spec: what an analysis is, as SQL for people and as JSON schema for programs."""

from typing import Annotated

import msgspec
import typer

from errcli import catalog
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation


def add_spec(app: typer.Typer) -> None:
    """Add `errcli sql` and `errcli spec`."""
    add_command(app, "sql", _sql, summary="Print an analysis's SQL", example="errcli sql patterns")
    add_command(
        app,
        "spec",
        _spec,
        summary="Print the JSON schema of every analysis: parameters and rows",
        example="errcli spec | jq '.patterns.row.properties | keys'",
    )


def _sql(invocation: Invocation, name: Annotated[str, typer.Argument(metavar="NAME", help="The analysis.")]) -> None:
    invocation.write(catalog.sql_of(name).encode())


def _spec(invocation: Invocation) -> None:
    schemas = {name: _schema(name) for name in catalog.names()}
    invocation.write(msgspec.json.format(msgspec.json.encode(schemas), indent=2) + b"\n")


def _schema(name: str) -> dict[str, object]:
    analysis = catalog.get(name)
    (params, row), definitions = msgspec.json.schema_components([analysis.params, analysis.row])
    return {
        "summary": analysis.summary,
        "params": definitions[params["$ref"].rpartition("/")[2]],
        "row": definitions[row["$ref"].rpartition("/")[2]],
    }
