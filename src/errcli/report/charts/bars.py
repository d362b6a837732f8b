"""What do answers look like whose rows are things of one kind: a line of text for each, and a bar or a range below it?"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from errcli.analysis import Result
from errcli.render.cells import cell
from errcli.report.charts.chart import NARROW, SMALL, WIDE, Chart, Spec, channel, ink, layer, spec, text_of, words

MOST = 10
"""Rows that are drawn; all others are in the table."""

_STEP, _BASE_LINE, _BAR_TOP, _BAR_BOTTOM, _HEAD = 48, 16, 23, 35, 22
_MIDDLE = (_BAR_TOP + _BAR_BOTTOM) / 2
_GAP = 6
_SURE = 0.05

Row = dict[str, Any]

OUTCOMES = (
    ("recovered", "good"), ("moved_on", "calm"), ("quiet", "pale"), ("open", "open"), ("dead_end", "bad"),
)  # fmt: skip
"""How an episode ends, from best to worst, and its colour."""


class _Canvas(NamedTuple):
    """The rows of an answer that are drawn, and the size of the plane."""

    rows: list[Row]
    width: int
    head: int

    @property
    def height(self) -> int:
        return self.head + _STEP * len(self.rows)

    def places(self) -> Iterator[tuple[float, Row]]:
        """Return each row with the top of its strip."""
        return ((self.head + _STEP * place, row) for place, row in enumerate(self.rows))

    def layer(self, mark: str, points: list[Spec], **how: Any) -> Spec:
        return layer(mark, points, self.width, self.height, **how)

    def words(self, points: list[Spec], **how: Any) -> Spec:
        return words(points, self.width, self.height, **how)

    def labels(self, name: Callable[[Row], Any], limit: float) -> Spec:
        """Return what each row is about, over its bar."""
        points = [{"x": 0, "y": top + _BASE_LINE, "text": text_of(name(row))} for top, row in self.places()]
        return self.words(points, limit=limit)

    def bars(self, begins: float, length: Callable[[Row], float], color: str) -> Spec:
        points = [
            {"x": begins, "x2": begins + length(row), "y": top + _BAR_TOP, "y2": top + _BAR_BOTTOM}
            for top, row in self.places()
        ]
        return self.layer("rect", points, color=ink(color))

    def values(self, begins: Callable[[Row], float], text: Callable[[Row], str], **how: Any) -> Spec:
        """Return what stands behind each bar."""
        points = [{"x": begins(row), "y": top + _BAR_BOTTOM - 1, "text": text(row)} for top, row in self.places()]
        return self.words(points, fontSize=SMALL, color=ink("soft"), **how)

    def ranges(self, low: Callable[[Row], float], high: Callable[[Row], float], middle: Callable[[Row], float]) -> list[Spec]:
        """Return a line from low to high, and a dot."""
        lines = [{"x": low(row), "x2": high(row), "y": top + _MIDDLE} for top, row in self.places()]
        dots = [{"x": middle(row), "y": top + _MIDDLE} for top, row in self.places()]
        return [
            self.layer("rule", lines, color=ink("accent"), strokeWidth=3, strokeCap="round"),
            self.layer("point", dots, color=ink("accent"), fill=ink("page"), filled=True, size=70, stroke=ink("accent"), strokeWidth=2),
        ]

    def scale(self, ticks: list[tuple[float, str]]) -> list[Spec]:
        """Return lines from head to foot, with their texts in the head."""
        lines = [{"x": x, "y": self.head, "x2": x, "y2": self.height} for x, _ in ticks]
        texts = [{"x": x, "y": self.head - _GAP, "text": text} for x, text in ticks]
        last = self.width
        edge = [point for point in texts if point["x"] >= last - 1]
        inner = [point for point in texts if point["x"] < last - 1]
        return [
            self.layer("rule", lines, color=ink("grid")),
            self.words(inner, fontSize=SMALL, color=ink("soft")),
            self.words(edge, fontSize=SMALL, color=ink("soft"), align="right"),
        ]


def _chart(result: Result, title: str, told: Callable[[Row], str], draw: Callable[[_Canvas], list[Spec]], head: int = 0) -> Chart:
    rows = result.named_rows[:MOST]
    wide, narrow = (_Canvas(rows, width, head) for width in (WIDE, NARROW))
    description = "; ".join(map(told, rows[:3]))
    rest = f"; {result.total - 3:,} more in the table" if result.total > 3 else ""  # noqa: PLR2004
    return Chart(
        title,
        f"{description}{rest}.",
        *(spec(each.width, each.height, draw(each)) for each in (wide, narrow)),
    )


def _written(result: Result) -> Callable[[Row, str], str]:
    """Return what writes the value of a column as a table does."""
    columns = {column.name: column for column in result.columns}
    return lambda row, name: cell(columns[name], row[name], result.now, compact=False).text


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count != 1 else f"{count:,} {unit.removesuffix('s')}"


def _place(row: Row) -> str:
    return f"{row['page'] or '-'} {row['action'] or '-'}"


def _proportional(rows: list[Row], name: str, longest: float) -> Callable[[Row], float]:
    """Return how long the bar of a row is, of which the highest is `longest`."""
    highest = max((row[name] for row in rows), default=0) or 1
    return lambda row: longest * row[name] / highest


def patterns(result: Result) -> Chart:
    """Draw users of each pattern, and its errors over the window."""
    write = _written(result)

    def value(row: Row) -> str:
        return f"{_counted(row['users'], 'users')}, {row['state']}"

    def draw(canvas: _Canvas) -> list[Spec]:
        sparks = canvas.width * 0.68
        length = _proportional(canvas.rows, "users", canvas.width * 0.68 - 135)
        return [
            canvas.labels(lambda row: row["pattern"], canvas.width),
            canvas.bars(0, length, "accent"),
            canvas.values(lambda row: length(row) + _GAP, value),
            *_sparks(canvas, sparks),
        ]

    return _chart(
        result,
        "Users who ran into each pattern, and its errors over the window",
        lambda row: f"{text_of(row['pattern'])}: {value(row)}, {write(row, 'share')} of all errors",
        draw,
    )


def _sparks(canvas: _Canvas, begins: float) -> list[Spec]:
    """Return the trend of each row as a line over its own base."""
    points, bases = [], []
    for number, (top, row) in enumerate(canvas.places()):
        counts = [int(count) for count in row["trend"].split()]
        highest, step = max(counts) or 1, (canvas.width - begins - 2) / (len(counts) - 1)
        bases.append({"x": begins, "x2": canvas.width, "y": top + _BAR_BOTTOM})
        points += [
            {"row": number, "x": begins + step * place, "y": top + _BAR_BOTTOM - (_BAR_BOTTOM - _BAR_TOP + 4) * count / highest,
             "y2": top + _BAR_BOTTOM}
            for place, count in enumerate(counts)
        ]  # fmt: skip
    detail = {"field": "row", "type": "nominal"}
    line = [{name: point[name] for name in ("row", "x", "y")} for point in points]
    return [
        canvas.layer("rule", bases, color=ink("grid")),
        canvas.layer("area", points, color=ink("accent"), fillOpacity=0.2, detail=detail),
        canvas.layer("line", line, color=ink("accent"), strokeWidth=1.5, detail=detail),
    ]


def features(result: Result) -> Chart:
    """Draw users of each page and action, and how that has changed."""
    write = _written(result)

    def value(row: Row) -> str:
        return f"{_counted(row['users'], 'users')}, {_change(row, write)}"

    def draw(canvas: _Canvas) -> list[Spec]:
        length = _proportional(canvas.rows, "users", canvas.width - 190)
        return [
            canvas.labels(_place, canvas.width),
            canvas.bars(0, length, "accent"),
            canvas.values(lambda row: length(row) + _GAP, value),
        ]

    return _chart(
        result,
        "Users who ran into an error on each page and action",
        lambda row: f"{text_of(_place(row))}: {value(row)}",
        draw,
    )


def _change(row: Row, write: Callable[[Row, str], str]) -> str:
    """Say how much more users a place has than before, and whether chance may have done it."""
    if row["users_before"] == 0:
        return "none before"
    if row["change"] is None:
        return "no window before"
    sign = "+" if row["change"] >= 0 else ""
    sure = "" if row["q"] is not None and row["q"] < _SURE else " (may be chance)"
    return f"{sign}{write(row, 'change')}{sure}"


def stuck(result: Result) -> Chart:
    """Draw how episodes end at each place, all of them as one bar."""
    write = _written(result)

    def value(row: Row) -> str:
        return f"{_counted(row['stuck'], 'users')} stuck of {row['users']:,}"

    def draw(canvas: _Canvas) -> list[Spec]:
        return [
            canvas.labels(lambda row: row["place"], canvas.width - 130),
            canvas.words(
                [{"x": canvas.width, "y": top + _BASE_LINE, "text": value(row)} for top, row in canvas.places()],
                align="right", fontSize=SMALL, color=ink("soft"),
            ),
            *_outcomes(canvas),
            *_key(canvas),
        ]  # fmt: skip

    return _chart(
        result,
        "How episodes end at each page and action",
        lambda row: f"{text_of(row['place'])}: {value(row)}, {write(row, 'dead_end')} of episodes in a dead end",
        draw,
        head=_HEAD,
    )


def _outcomes(canvas: _Canvas) -> Iterator[Spec]:
    for place, (name, color) in enumerate(OUTCOMES):
        before = [each for each, _ in OUTCOMES[:place]]
        points = [
            {"x": canvas.width * sum(row[each] for each in before) / 100,
             "x2": canvas.width * sum(row[each] for each in (*before, name)) / 100,
             "y": top + _BAR_TOP, "y2": top + _BAR_BOTTOM}
            for top, row in canvas.places() if row[name]
        ]  # fmt: skip
        yield canvas.layer("rect", points, color=ink(color), stroke=ink("page"), strokeWidth=1)


def _key(canvas: _Canvas) -> list[Spec]:
    """Return a square and a word for each outcome, at the head."""
    step = canvas.width / len(OUTCOMES)
    squares = [
        canvas.layer("rect", [{"x": place * step, "x2": place * step + 8, "y": 4, "y2": 12}], color=ink(color))
        for place, (_, color) in enumerate(OUTCOMES)
    ]
    texts = [
        {"x": place * step + 11, "y": 12, "text": name.replace("_", " ")} for place, (name, _) in enumerate(OUTCOMES)
    ]
    return [*squares, canvas.words(texts, fontSize=SMALL, color=ink("soft"))]


def recovery(result: Result) -> Chart:
    """Draw how often each method works against each pattern, and how sure that is."""
    write = _written(result)

    def value(row: Row) -> str:
        return f"{write(row, 'rate')} of {row['attempts']:,}"

    def draw(canvas: _Canvas) -> list[Spec]:
        percent = (canvas.width - 2 * _GAP) / 100
        ticks = [(_GAP + percent * each, f"{each}%") for each in (0, 25, 50, 75)]
        return [
            *canvas.scale([*ticks, (canvas.width, "100%")]),
            canvas.labels(_method, canvas.width - 90),
            canvas.words(
                [{"x": canvas.width, "y": top + _BASE_LINE, "text": value(row)} for top, row in canvas.places()],
                align="right", fontSize=SMALL, color=ink("soft"),
            ),
            *canvas.ranges(
                lambda row: _GAP + percent * row["rate_low"],
                lambda row: _GAP + percent * row["rate_high"],
                lambda row: _GAP + percent * row["rate"],
            ),
        ]  # fmt: skip

    return _chart(
        result,
        "Attempts to recover that worked, by method and pattern",
        lambda row: (
            f"{text_of(_method(row))}: {value(row)} attempts, 95% interval "
            f"{write(row, 'rate_low')} to {write(row, 'rate_high')}"
        ),
        draw,
        head=_HEAD,
    )


def _method(row: Row) -> str:
    return f"{row['method'] or 'no method'}: {row['pattern']}"


def fix_first(result: Result) -> Chart:
    """Draw the harm of each pattern, and which ranks it may have."""
    write = _written(result)

    def value(row: Row) -> str:
        return f"{write(row, 'share')}, {_counted(row['users'], 'users')}"

    def ranks(row: Row) -> str:
        return f"rank {row['rank_low']:,} to {row['rank_high']:,}"

    def draw(canvas: _Canvas) -> list[Spec]:
        begins, last = canvas.width * 0.68, max(row["rank_high"] for row in canvas.rows)
        length = _proportional(canvas.rows, "share", begins - 125)

        def x(rank: float) -> float:
            return begins + _GAP + (canvas.width - begins - 3 * _GAP) * (rank - 1) / max(last - 1, 1)

        return [
            *canvas.scale([(x(1), "rank 1"), (canvas.width, f"{last:,}")]),
            canvas.words([{"x": 0, "y": _HEAD - _GAP, "text": "share of all harm"}], fontSize=SMALL, color=ink("soft")),
            canvas.labels(lambda row: f"{row['rank']:,}. {row['pattern']}", begins - _GAP),
            canvas.bars(0, length, "bad"),
            canvas.values(lambda row: length(row) + _GAP, value),
            *canvas.ranges(
                lambda row: x(row["rank_low"]), lambda row: x(row["rank_high"]), lambda row: x(row["rank"])
            ),
        ]

    return _chart(
        result,
        "Share of all harm of each pattern, and the range of its rank",
        lambda row: f"{row['rank']:,}. {text_of(row['pattern'])}: {value(row)}, {ranks(row)}",
        draw,
        head=_HEAD,
    )
