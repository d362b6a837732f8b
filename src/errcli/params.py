"""What do `1h`, `yesterday`, an ISO time and `7d` mean, seen from a given now?"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal, get_args, get_origin

import msgspec

from errcli.errors import UsageError

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for "no start" where SQL needs a time to compare with: before every event."""

MOST = 10**15
"""The largest number that a parameter may be: SQL can still count with it, and multiply some of them."""

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"(?:\d{1,9}[smhdw])+", re.ASCII)
_DURATION_PART = re.compile(r"(\d+)([smhdw])", re.ASCII)
_EXAMPLES = "use 90s, 15m, 1h, 7d, 2w, today, yesterday or 2026-01-31T18:00"


def parse_duration(text: str, name: str) -> timedelta:
    """Read `90s`, `15m`, `1h30m`, `7d`, `2w`; `name` is the option that an error speaks of.

    Raises UsageError. Minutes are `m`; there are no months, whose length varies.
    """
    if not _DURATION.fullmatch(text.strip()):
        raise UsageError(f"{text!r} is not a duration", name, "use 90s, 15m, 1h, 7d or 2w")
    try:
        return sum((int(count) * _UNITS[unit] for count, unit in _DURATION_PART.findall(text)), timedelta())
    except OverflowError:
        raise UsageError(f"{text!r} is longer than time itself", name, "use 90s, 15m, 1h, 7d or 2w") from None


def parse_time(text: str, now: datetime, name: str) -> datetime:
    """Read a point in time: a duration before `now`, `today`, `yesterday`, an ISO date or time.

    `now` is aware; its zone is the one in which days begin and times without an offset are read.
    Returns an aware time in that zone. Raises UsageError.
    """
    text = text.strip()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if text == "today":
        return midnight
    if _DURATION.fullmatch(text):
        return before(now, parse_duration(text, name), name)
    try:
        if text == "yesterday":
            # by the calendar, not by 24 hours: a day of a clock change is shorter or longer
            return midnight - timedelta(days=1)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=now.tzinfo)
        return moment.astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is not a time", name, _EXAMPLES) from None


def before(now: datetime, span: timedelta, name: str) -> datetime:
    """Return the time `span` before `now`, in its zone. Raises UsageError before year 1."""
    try:
        # through UTC: an hour ago is 3,600 seconds ago, whatever the clocks did
        return (now.astimezone(UTC) - span).astimezone(now.tzinfo)
    except OverflowError:
        raise UsageError("this reaches back before year 1", name, _EXAMPLES) from None


def earlier(start: datetime, span: timedelta) -> datetime:
    """Return the time `span` before a start, in its zone; where that lies before what all zones can tell, the first."""
    room = start - BEGINNING - timedelta(days=1)
    return start - max(timedelta(0), min(span, room))


def parse_end(text: str, now: datetime, name: str) -> datetime:
    """Read a time that lies ahead: a duration from `now` on, or what `parse_time` reads. Raises UsageError."""
    if not _DURATION.fullmatch(text.strip()):
        end = parse_time(text, now, name)
    else:
        try:
            end = (now.astimezone(UTC) + parse_duration(text, name)).astimezone(now.tzinfo)
        except OverflowError:
            raise UsageError("this reaches beyond the year 9999", name, "use 7d, 2w or forever") from None
    if end <= now:
        raise UsageError(f"{text!r} lies in the past", name, "give a time ahead: 7d, 2w or a date")
    return end


def resolve_window(since: str | None, until: str | None, now: datetime) -> tuple[datetime | None, datetime]:
    """Return the bounds of `(since, until]`; a missing `until` is now. Raises UsageError where it is empty."""
    end = now if until is None else parse_time(until, now, "--until")
    start = None if since is None else parse_time(since, now, "--since")
    if start is not None and start >= end:
        raise UsageError(
            f"the window ({start.isoformat()}, {end.isoformat()}] is empty",
            "--since",
            "give a --since that lies before --until",
        )
    return start, end


def parse_zone(name: str, option: str) -> tzinfo:
    """Read the name of a time zone, such as `UTC` or `Europe/Berlin`; `option` is what an error speaks of.

    Raises UsageError.
    """
    if name.upper() == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{name!r} is not a time zone", option, "use UTC, Europe/Berlin, America/New_York") from None


def read_word(word: str, kind: Any, name: str, least: float | None = None, most: float = MOST) -> Any:
    """Read the text of a parameter as a value of a kind, such as int; `name` is what an error speaks of.

    `least` and `most` are what a number may be.

    Raises UsageError.
    """
    try:
        value = msgspec.convert(word, kind, strict=False)
    except msgspec.ValidationError as error:
        if get_origin(kind) is Literal:
            what = f"{word!r} is none of {', '.join(get_args(kind))}"
        else:
            what = f"{word!r} is not a whole number" if kind is int else str(error)
        raise UsageError(what, name) from None
    if least is not None and value < least:
        raise UsageError(f"{value} is less than {least}", name)
    if isinstance(value, int | float) and not abs(value) <= most:  # not a number is not, either
        raise UsageError(f"{value} is too large", name, f"at most {most}")
    return value


def well_formed(value: Any) -> Any:
    """Return a text of the command line as ingest would have stored it: bytes that are no UTF-8 are U+FFFD."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value
