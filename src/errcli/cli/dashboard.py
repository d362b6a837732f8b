"""dashboard: what is going on, on a screen that keeps itself up to date."""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from errcli import params
from errcli.cli.command import add_command
from errcli.cli.extras import needing
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now, Tz
from errcli.errors import UsageError

if TYPE_CHECKING:
    from errcli.dashboard.questions import Setting

_SOONEST = timedelta(seconds=1)


def add(app: typer.Typer) -> None:
    """Add `errcli dashboard`."""
    add_command(
        app,
        "dashboard",
        _dashboard,
        summary="What is going on, on a screen that keeps itself up to date",
        example="errcli dashboard --since 1h",
        details="Patterns, struggling users, high impact and newest errors; ? there tells the keys. Nobody who writes "
        "waits for it. Needs the extra: pip install 'errcli[tui]'.",
        shared=("db", "wait", "no_color", "debug"),
    )


def _dashboard(
    invocation: Invocation,
    refresh: Annotated[
        str, typer.Option("--refresh", metavar="DURATION", help="How often to look, 1s at the least.")
    ] = "5s",
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="Start of the window.")] = "1h",
    now: Now = None,
    tz: Tz = None,
) -> None:
    with needing("tui", "dashboard"):
        from errcli.dashboard.app import Dashboard
        from errcli.dashboard.questions import Setting, require_store
    # Textual reads keys from stdin and draws on stderr
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError("a dashboard needs a terminal", "dashboard", "errcli overview writes to a pipe or a file")
    pace = params.parse_duration(refresh, "--refresh")
    if pace < _SOONEST:
        raise UsageError(f"{refresh!r} is too short", "--refresh", "give 1s or more")
    setting = Setting(invocation.store_options, invocation.config, since, refresh, now, tz)
    _require_times(setting)
    require_store(setting.store)
    dashboard = Dashboard(setting, pace.total_seconds(), no_color=invocation.no_color)
    dashboard.run()
    if dashboard.failure is not None:
        raise dashboard.failure


def _require_times(setting: "Setting") -> None:
    """Refuse early what means no time or no zone. Raises UsageError."""
    from errcli.runner import LATEST

    present = datetime.now(params.parse_zone(setting.tz or setting.config.output.tz, "--tz"))
    params.parse_time(setting.since, present, "--since")
    if setting.now is not None and setting.now != LATEST:
        params.parse_time(setting.now, present, "--now")
