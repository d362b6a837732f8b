"""What do errors and users look like over time: two rows of bars over one axis?"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from errcli.analysis import Result
from errcli.report.charts.chart import NARROW, SMALL, WIDE, Canvas, Chart, Row, Spec, counted, ink

_PANEL, _HEAD, _FOOT = 84, 28, 20
_HEIGHT = 2 * (_PANEL + _HEAD) + _FOOT
_TOPS = _HEAD, _HEAD + _PANEL + _HEAD
_LEAST_SPACE = 70
_DAY = timedelta(days=1)
_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 365, 3_650)),
)
_SMALL: Spec = {"fontSize": SMALL, "fontWeight": 600}


def draw(result: Result) -> Chart:
    """Draw errors, those that blocked among them, and users, in each part of the window."""
    rows = result.named_rows
    zone = result.now.tzinfo
    most = max(rows, key=lambda row: int(row["errors"]))
    start, end = (f"{most[name].astimezone(zone):%Y-%m-%d %H:%M}" for name in ("starts_at", "ends_at"))
    errors, blocked = (sum(row[name] for row in rows) for name in ("errors", "blocked"))
    description = (
        f"{counted(errors, 'errors')}, of which {blocked:,} blocked a user. Most in one bar: "
        f"{counted(most['errors'], 'errors')} of {counted(most['users'], 'users')}, {start} to {end}."
    )
    bounds = rows[0]["starts_at"].astimezone(zone), rows[-1]["ends_at"].astimezone(zone)
    canvases = (Canvas(width, _HEIGHT) for width in (WIDE, NARROW))
    return Chart(
        "Errors and users over time", description, *(canvas.spec(_layers(canvas, rows, bounds)) for canvas in canvases)
    )


def _layers(canvas: Canvas, rows: list[Row], bounds: tuple[datetime, datetime]) -> Iterator[Spec]:
    upper, lower = _TOPS
    errors, users = (max(int(row[name]) for row in rows) for name in ("errors", "users"))
    yield from _ticks(canvas, *bounds)
    yield _bars(canvas, rows, upper, "errors", errors, "accent")
    yield _bars(canvas, rows, upper, "blocked", errors, "bad")
    yield _bars(canvas, rows, lower, "users", users, "calm")
    yield canvas.marks("rule", [{"x": 0, "x2": canvas.width, "y": top + _PANEL} for top in _TOPS], color=ink("soft"))
    heads = [(upper, f"Errors, at most {errors:,}"), (lower, f"Users, at most {users:,}")]
    yield canvas.words([{"x": 0, "y": top - 8, "text": text} for top, text in heads], **_SMALL)
    blocked = [{"x": canvas.width, "y": upper - 8, "text": "of them blocked"}]
    yield canvas.words(blocked, align="right", **_SMALL | {"color": ink("bad")})


def _bars(canvas: Canvas, rows: list[Row], top: float, name: str, highest: int, color: str) -> Spec:
    """Return a bar for each part that has some, side by side."""
    step, bottom = canvas.width / len(rows), top + _PANEL
    points = [
        {
            "x": place * step + 0.5,
            "x2": (place + 1) * step - 0.5,
            "y": bottom - _PANEL * row[name] / highest,
            "y2": bottom,
        }
        for place, row in enumerate(rows)
        if row[name]
    ]
    return canvas.marks("rect", points, color=ink(color))


def _ticks(canvas: Canvas, first: datetime, last: datetime) -> Iterator[Spec]:
    """Yield lines at round times of the report's zone, midnights where there is room for no more, with their texts."""
    length = last.timestamp() - first.timestamp()
    pixels = canvas.width / length
    step = next((each for each in _STEPS if each.total_seconds() * pixels >= _LEAST_SPACE), _STEPS[-1])
    moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
    lines, texts = [], []
    with suppress(OverflowError):  # there is no year 10000
        while (x := (moment.timestamp() - first.timestamp()) * pixels) <= canvas.width:
            if x >= 0:
                lines.append({"x": x, "x2": x, "y": _HEAD, "y2": _HEIGHT - _FOOT + 4})
            if 0 <= x <= canvas.width - _LEAST_SPACE:
                texts.append({"x": x + 3, "y": _HEIGHT - 6, "text": _written(moment, step)})
            moment += step
    yield canvas.marks("rule", lines, color=ink("grid"))
    yield canvas.small_words(texts)


def _written(moment: datetime, step: timedelta) -> str:
    if step >= 28 * _DAY:
        return f"{moment:%b %Y}"
    return f"{moment:%a %d %b}" if step >= _DAY or (moment.hour, moment.minute) == (0, 0) else f"{moment:%H:%M}"
