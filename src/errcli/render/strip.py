"""How does a stretch of time look on a strip: counts as bars, those to be seen first in another kind, and an axis?"""

import math
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

_DOTTED, _SOLID, _NONE = "⣀⣤⣶⣿", "▂▄▆█", "·"
_LONGEST_WITH_HOURS = timedelta(days=2)
_LEAST_SPACE = 8
_YEARS_FROM = timedelta(days=91)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 182, 365, 3_650, 36_500, 365_000)),
)


def highest_of(strips: Iterable[str]) -> int:
    """Return the highest number of strips, which are counts separated by blanks, some marked with `!`."""
    return max((_number(word) for counts in strips for word in counts.split()), default=0)


def strip(counts: str, highest: int) -> str:
    """Draw a strip as bars, solid where a number is marked; one of the highest number is full."""
    return "".join(
        (_SOLID if word.endswith("!") else _DOTTED)[math.ceil(number * len(_SOLID) / highest) - 1] if number else _NONE
        for word, number in ((word, _number(word)) for word in counts.split())
    )


def _number(word: str) -> int:
    return int(word.rstrip("!"))


def key(highest: int) -> str:
    """Say what the bars of strips mean."""
    return f"{_SOLID[-1]} blocked, {_DOTTED[-1]} not blocked, {_NONE} no error; the highest is {highest:,}"


def axis(since: datetime, until: datetime, parts: int) -> str:
    """Write times, in their zone, over the parts of a window in which they lie; dates over one of several days."""
    begin, end = _since_epoch(since), _since_epoch(until)
    with_hours = end - begin <= _LONGEST_WITH_HOURS
    steps = [step for step in _STEPS if with_hours or step >= timedelta(days=1)]
    step = next((step for step in steps if step * parts >= _LEAST_SPACE * (end - begin)), steps[-1])
    line = ""
    with suppress(OverflowError):  # there is no year 10000
        moment = since.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        while _since_epoch(moment) <= end:
            place = (_since_epoch(moment) - begin) * parts // (end - begin)
            text = moment.strftime("%H:%M") if with_hours else _date(moment, step)
            if place >= 0 and place + len(text) <= parts and (not line or place > len(line)):
                line = f"{line:<{place}}{text}"
            moment += step
    return line


def _date(moment: datetime, step: timedelta) -> str:
    day = moment.date().isoformat()
    return day[len("2026-") :] if step < _YEARS_FROM else day


def _since_epoch(moment: datetime) -> timedelta:
    # two times of one zone are subtracted as its clocks have it, whatever they did between them
    return moment - _EPOCH
