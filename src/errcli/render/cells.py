"""How does one value look in a table: numbers grouped, times short and relative, severities coloured?"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from errcli.analysis import Column, Unit
from errcli.render.values import to_text

_SEVERITY_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "green"}
_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB")
_SHORT_HASH = 8
_BARS = "▁▂▃▄▅▆▇█"
_NO_BAR = "·"
_PAUSES, _PAUSE = (10, 60, 600, 3_600, 86_400), "■"
_SCIENTIFIC_FROM = 1e15
MISSING = "-"


class Cell(msgspec.Struct, frozen=True):
    """A cell's text, already harmless to a terminal, and its Rich style."""

    text: str
    style: str = ""


def cell(column: Column, value: Any, now: datetime, *, compact: bool) -> Cell:
    """Write a value for eyes; `compact` is for a terminal: short hashes, times of today without the date."""
    if value is None:
        return Cell(MISSING, "dim")
    if isinstance(value, bool):
        return Cell("yes") if value else Cell("no", "dim")
    text = _text(column, value, now, compact=compact)
    if column.unit == "severity":
        return Cell(text, _SEVERITY_STYLES.get(text.lower(), ""))
    if column.unit == "trend":
        return Cell(sparkline(text) if compact else text)
    return Cell(text[:_SHORT_HASH] if compact and column.unit == "hash" else text)


def _text(column: Column, value: Any, now: datetime, *, compact: bool) -> str:
    if isinstance(value, datetime):
        return _clock(value, now) if compact and column.unit == "clock" else _time(value, now, compact=compact)
    if column.unit in _WRITERS:
        return _WRITERS[column.unit](value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        # z: what rounds to zero has no sign
        return f"{value:z,.2f}" if abs(value) < _SCIENTIFIC_FROM else f"{value:.6g}"
    return to_text(value)


def _time(moment: datetime, now: datetime, *, compact: bool) -> str:
    if moment.tzinfo is None:
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    local = moment.astimezone(now.tzinfo)
    if not compact:
        return local.isoformat(" ", "seconds").replace("+00:00", "Z")
    if local.date() == now.date():
        exact = local.strftime("%H:%M:%S")
    elif local.year == now.year:
        exact = local.strftime("%m-%d %H:%M")
    else:
        exact = local.strftime("%Y-%m-%d")
    return f"{exact} {_ago(now - moment)}"


def _clock(moment: datetime, now: datetime) -> str:
    """Write a time of today to the second, one of another day with its date."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return local.strftime("%H:%M:%S")
    return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")


def _ago(span: timedelta) -> str:
    if span < timedelta(0):
        return "(ahead)"
    return f"({_largest_unit(span)} ago)"


def _largest_unit(span: timedelta) -> str:
    for seconds, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if span >= timedelta(seconds=seconds):
            return f"{span // timedelta(seconds=seconds)}{unit}"
    return f"{span // timedelta(seconds=1)}s"


def duration(seconds: float) -> str:
    """Write a duration in its two largest units: `12.4s`, `3m 05s`, `2h 10m`, `4d 03h`."""
    whole = round(seconds)
    if round(seconds, 1) < 60:  # noqa: PLR2004
        return f"{seconds:.1f}s"
    for size, smaller, unit, smaller_unit in (
        (86_400, 3_600, "d", "h"),
        (3_600, 60, "h", "m"),
        (60, 1, "m", "s"),
    ):
        if whole >= size:
            return f"{whole // size}{unit} {whole % size // smaller:02d}{smaller_unit}"
    return f"{whole}s"


def _pause(seconds: float) -> str:
    """Write a duration beside squares, one for each of ten seconds, a minute, ten minutes, an hour and a day."""
    squares = _PAUSE * sum(seconds >= each for each in _PAUSES)
    return f"{squares:<{len(_PAUSES)}} {duration(seconds):>7}"


def sparkline(counts: str) -> str:
    """Draw counts, separated by blanks, as bars; the highest is full, none is a dot."""
    numbers = [int(count) for count in counts.split()]
    highest = max(numbers, default=0)
    return "".join(_BARS[math.ceil(number * len(_BARS) / highest) - 1] if number else _NO_BAR for number in numbers)


def _bytes(count: float) -> str:
    for unit in _BYTE_UNITS:
        if round(count, 1) < 1000 or unit == _BYTE_UNITS[-1]:  # noqa: PLR2004
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"


_WRITERS: dict[Unit | None, Callable[[float], str]] = {
    "percent": lambda value: f"{value:.1f}%",
    "seconds": duration,
    "pause": _pause,
    "bytes": _bytes,
}
