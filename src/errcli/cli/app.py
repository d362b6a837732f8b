"""The app: every verb and every analysis, put together; one alone where that is all that is run."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Annotated

import typer

from errcli import __version__, catalog
from errcli.cli.analyses import add_analysis
from errcli.cli.coercion import LeanGroup

_HELP = """\
Example: errcli ingest events.jsonl, then errcli patterns --since 1h

Answers from error logs: what breaks for users, where, since when.
"""

_VERBS_BEFORE = ("ingest", "track", "serve")
_VERBS_AFTER = (
    "overview",
    "dashboard",
    "report",
    "check",
    "pattern",
    "explain",
    "resolve",
    "reopen",
    "ignore",
    "regroup",
    "rollup",
    "prune",
    "query",
    "sql",
    "spec",
    "db",
    "config",
)


def build(wanted: str | None = None) -> typer.Typer:
    """Return the app; where `wanted` is a command, with that one alone, which starts sooner."""
    app = typer.Typer(
        name="errcli",
        cls=LeanGroup,
        help=_HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_root)
    commands = _commands()
    for name in [wanted] if wanted in commands else commands:
        commands[name](app)
    return app


def _commands() -> dict[str | None, Callable[[typer.Typer], None]]:
    """Return what adds each command, in the order of the help; a verb's module is imported when it is added."""
    names = [*_VERBS_BEFORE, *catalog.commands(), *_VERBS_AFTER]
    analyses = set(catalog.commands())
    return {name: partial(add_analysis, name=name) if name in analyses else partial(_add_verb, name) for name in names}


def _add_verb(name: str, app: typer.Typer) -> None:
    import_module(f"errcli.cli.{name}").add(app)


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
