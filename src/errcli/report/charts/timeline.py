"""What do errors and users look like over time: two rows of bars over one axis?"""

from datetime import datetime, timedelta
from typing import Any

from errcli.analysis import Result
from errcli.report.charts.chart import NARROW, SMALL, WIDE, Chart, Spec, ink, layer, spec, words

_PANEL, _HEAD, _FOOT = 84, 22, 20
_HEIGHT = 2 * (_PANEL + _HEAD) + _FOOT
_LEAST_SPACE = 70
_HOURS = (1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24, 91 * 24, 365 * 24)

Row = dict[str, Any]


def draw(result: Result) -> Chart:
    """Draw errors, those that blocked among them, and users, in each part of the window."""
    rows = result.named_rows
    most = max(rows, key=lambda row: row["errors"])
    start, end = (_clock(most[name], result) for name in ("starts_at", "ends_at"))
    description = (
        f"{sum(row['errors'] for row in rows):,} errors, of which {sum(row['blocked'] for row in rows):,} blocked a user. "
        f"Most in one bar: {most['errors']:,} errors of {most['users']:,} users, {start} to {end}."
    )
    wide, narrow = (spec(width, _HEIGHT, _layers(rows, width, result)) for width in (WIDE, NARROW))
    return Chart("Errors and users over time", description, wide, narrow)


def _clock(moment: datetime, result: Result) -> str:
    return moment.astimezone(result.now.tzinfo).strftime("%Y-%m-%d %H:%M")


def _layers(rows: list[Row], width: int, result: Result) -> list[Spec]:
    users_top = _HEAD + _PANEL + _HEAD
    return [
        *_ticks(rows, width, result),
        *_panel(rows, width, _HEAD, "errors", "accent", "Errors"),
        *_bars(rows, width, _HEAD, "blocked", "bad", _highest(rows, "errors")),
        _key(width),
        *_panel(rows, width, users_top, "users", "calm", "Users"),
    ]


def _panel(rows: list[Row], width: int, top: float, name: str, color: str, heading: str) -> list[Spec]:
    highest = _highest(rows, name)
    base = [{"x": 0, "x2": width, "y": top + _PANEL}]
    return [
        *_bars(rows, width, top, name, color, highest),
        layer("rule", base, width, _HEIGHT, color=ink("soft")),
        words([{"x": 0, "y": top - 8, "text": f"{heading}, at most {highest:,}"}], width, _HEIGHT, fontSize=SMALL, fontWeight=600),
    ]


def _key(width: int) -> Spec:
    return words(
        [{"x": width, "y": _HEAD - 8, "text": "blocked"}], width, _HEIGHT, fontSize=SMALL, fontWeight=600,
        color=ink("bad"), align="right",
    )  # fmt: skip


def _highest(rows: list[Row], name: str) -> int:
    return max(row[name] for row in rows)


def _bars(rows: list[Row], width: int, top: float, name: str, color: str, highest: int) -> list[Spec]:
    """Return a bar for each part that has some, side by side."""
    step = width / len(rows)
    points = [
        {"x": place * step + 0.5, "x2": (place + 1) * step - 0.5, "y": top + _PANEL * (1 - row[name] / highest), "y2": top + _PANEL}
        for place, row in enumerate(rows)
        if row[name]
    ]
    return [layer("rect", points, width, _HEIGHT, color=ink(color))] if points else []


def _ticks(rows: list[Row], width: int, result: Result) -> list[Spec]:
    """Return a line at each midnight, or at other round times, in the zone of the report, with its date or hour."""
    first, last = (moment.astimezone(result.now.tzinfo) for moment in (rows[0]["starts_at"], rows[-1]["ends_at"]))
    length = last - first
    hours = next((each for each in _HOURS if timedelta(hours=each) / length * width >= _LEAST_SPACE), _HOURS[-1])
    moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
    lines, texts = [], []
    while moment <= last:
        x = (moment - first) / length * width
        if moment >= first:
            lines.append({"x": x, "x2": x, "y": _HEAD, "y2": _HEIGHT - _FOOT + 4})
            if x <= width - _LEAST_SPACE / 2:
                text = moment.strftime("%a %d %b") if hours >= 24 or moment.hour == 0 else moment.strftime("%H:%M")  # noqa: PLR2004
                texts.append({"x": x + 3, "y": _HEIGHT - 6, "text": text})
        moment += timedelta(hours=hours)
    return [
        layer("rule", lines, width, _HEIGHT, color=ink("grid")),
        words(texts, width, _HEIGHT, fontSize=SMALL, color=ink("soft")),
    ]
