"""spec: what every analysis takes and answers, as JSON schema for programs."""

import msgspec
import typer

from errcli import catalog
from errcli.cli.command import WITHOUT_STORE, add_command
from errcli.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Add `errcli spec`."""
    add_command(
        app,
        "spec",
        _spec,
        summary="Print the JSON schema of every analysis: parameters and rows",
        example="errcli spec | jq '.patterns.row.properties | keys'",
        shared=WITHOUT_STORE,
    )


def _spec(invocation: Invocation) -> None:
    schemas = {name: catalog.schema_of(name) for name in catalog.names()}
    invocation.write(msgspec.json.format(msgspec.json.encode(schemas), indent=2) + b"\n")
