"""What does the line over an answer say: the question, its window, how many rows of how many."""

from datetime import datetime

from errcli.analysis import Result
from errcli.render.escape import escaped


def title_of(result: Result) -> str:
    """Write for example `patterns: 2026-11-20 17:00:00 to 18:00:00 UTC, 6 rows`."""
    parts = [part for part in (window_of(result), count_of(result)) if part]
    return f"{escaped(result.analysis)}: {', '.join(parts)}"


def window_of(result: Result) -> str:
    """Write the window in the zone of the present; nothing where the question has none."""
    if result.until is None:
        return ""
    until = result.until.astimezone(result.now.tzinfo)
    if result.since is None:
        return f"up to {_stamp(until)} {until.tzname()}"
    since = result.since.astimezone(result.now.tzinfo)
    end = until.strftime("%H:%M:%S") if since.date() == until.date() else _stamp(until)
    return f"{_stamp(since)} to {end} {until.tzname()}"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def count_of(result: Result) -> str:
    """Write how many rows there are, of how many: `20 rows of 314`."""
    shown = f"{len(result.rows):,} {'row' if len(result.rows) == 1 else 'rows'}"
    return f"{shown} of {result.total:,}" if result.truncated else shown
