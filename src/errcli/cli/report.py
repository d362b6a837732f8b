"""report: the five questions as one page to mail."""

import sys
from typing import Annotated

import typer

from errcli.cli.command import add_command
from errcli.cli.extras import needing
from errcli.cli.files import STDOUT
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now, Tz
from errcli.errors import UsageError

_EXAMPLE = "errcli report -o report.html --since 7d"
_TITLE = "What users ran into"


def add(app: typer.Typer) -> None:
    """Add `errcli report`."""
    add_command(
        app,
        "report",
        _report,
        summary="The five questions as one HTML page, to be mailed",
        example=_EXAMPLE,
        details="With pictures and the tables behind them. Needs the extra: pip install 'errcli[report]'.",
        shared=("db", "wait", "output", "debug"),
    )


def _report(
    invocation: Invocation,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="Start of the window.")] = "7d",
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="End of the window; default: now.")
    ] = None,
    exposure: Annotated[
        str | None,
        typer.Option("--exposure", metavar="FILE", help="How many users came to each page, as for features."),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What the page is called.")] = _TITLE,
    now: Now = None,
    tz: Tz = None,
) -> None:
    if invocation.output == STDOUT and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("a report is a file", "--output", _EXAMPLE)
    with needing("report", "report"):
        from errcli.report.gather import command, gather
        from errcli.report.page import About, page
    given = {"since": since, "until": until, "exposure": exposure}
    with invocation.reading() as store:
        clock = invocation.clock(now, tz, store)
        answered = gather(store, invocation.params_of, given, clock)
    asked = given | {"title": None if title == _TITLE else title, "now": now, "tz": tz, "db": _named_store(invocation)}
    about = About(title, command("errcli", "report", "-o", invocation.output, **asked), clock)
    invocation.write(page(answered, about).encode())


def _named_store(invocation: Invocation) -> str | None:
    """Return the store as the command line named it, if it did."""
    return invocation.config.store.path if invocation.loaded.where("store", "path") == "--db" else None
