"""The app: every verb and every analysis, put together."""

from typing import Annotated

import typer

from errcli import __version__
from errcli.cli.analyses import add_analyses
from errcli.cli.config import add_config
from errcli.cli.db import add_db
from errcli.cli.ingest import add_ingest
from errcli.cli.prune import add_prune
from errcli.cli.query import add_query
from errcli.cli.resolve import add_resolve
from errcli.cli.rollup import add_rollup
from errcli.cli.spec import add_spec
from errcli.cli.track import add_track

_HELP = """\
Example: errcli ingest events.jsonl, then errcli patterns --since 1h

Answers from error logs: what breaks for users, where, since when.
"""


def build() -> typer.Typer:
    """Return the app."""
    app = typer.Typer(
        name="errcli",
        help=_HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_root)
    add_ingest(app)
    add_track(app)
    add_analyses(app)
    add_resolve(app)
    add_rollup(app)
    add_prune(app)
    add_query(app)
    add_spec(app)
    add_db(app)
    add_config(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"errcli {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
