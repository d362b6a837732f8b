"""What do rows of a picture have in common: each is a strip with a line of text, and below it a bar or a range."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from errcli.report.charts.chart import Canvas, Row, Spec, ink, text_of

HEAD = 22
"""Height of what stands over the strips, where something does."""

GAP = 6
BAR_TOP, BAR_BOTTOM = 23, 37
_STEP, _BASE_LINE = 48, 16
_MIDDLE = (BAR_TOP + BAR_BOTTOM) / 2

Of = Callable[[Row], float]
"""A measure of a row, in pixels."""


class Strips(NamedTuple):
    """The strips of rows, one below the other, and the canvas that they are on."""

    rows: list[Row]
    canvas: Canvas
    head: float

    @classmethod
    def of(cls, rows: list[Row], width: int, head: float) -> "Strips":
        """Return strips of a width, below a head."""
        return cls(rows, Canvas(width, head + _STEP * len(rows)), head)

    @property
    def width(self) -> int:
        """How wide they are."""
        return self.canvas.width

    def tops(self) -> Iterator[tuple[float, Row]]:
        """Return where each strip begins, and its row."""
        return ((self.head + _STEP * place, row) for place, row in enumerate(self.rows))

    def proportional(self, name: str, longest: float) -> Of:
        """Return how long the bar of a row is, of which the highest is `longest`."""
        highest = max((row[name] for row in self.rows), default=0) or 1
        return lambda row: longest * float(row[name]) / highest

    def labels(self, name: Callable[[Row], Any], limit: float) -> Spec:
        """Return what each row is about, over its bar."""
        return self.canvas.words(
            [{"x": 0, "y": top + _BASE_LINE, "text": text_of(name(row))} for top, row in self.tops()], limit=limit
        )

    def remarks(self, text: Callable[[Row], str]) -> Spec:
        """Return what stands at the right of each label."""
        points = [{"x": self.width, "y": top + _BASE_LINE, "text": text(row)} for top, row in self.tops()]
        return self.canvas.small_words(points, align="right")

    def bars(self, begins: Of, ends: Of, color: str) -> Spec:
        """Return a bar for each row that has some, side by side with those of other colours."""
        spans = [(begins(row), ends(row), top) for top, row in self.tops()]
        points = [
            {"x": begin, "x2": end, "y": top + BAR_TOP, "y2": top + BAR_BOTTOM}
            for begin, end, top in spans
            if end > begin
        ]
        return self.canvas.marks("rect", points, color=ink(color))

    def values(self, begins: Of, text: Callable[[Row], str]) -> Spec:
        """Return what stands behind each bar."""
        return self.canvas.small_words(
            [{"x": begins(row) + GAP, "y": top + BAR_BOTTOM - 3, "text": text(row)} for top, row in self.tops()]
        )

    def ranges(self, low: Of, high: Of, middle: Of) -> list[Spec]:
        """Return a line from low to high, and a dot."""
        lines = [{"x": low(row), "x2": high(row), "y": top + _MIDDLE} for top, row in self.tops()]
        dots = [{"x": middle(row), "y": top + _MIDDLE} for top, row in self.tops()]
        color = ink("accent")
        return [
            self.canvas.marks("rule", lines, color=color, strokeWidth=3, strokeCap="round"),
            self.canvas.marks(
                "point", dots, fill=ink("page"), filled=True, stroke=color, strokeWidth=2, opacity=1, size=70
            ),
        ]

    def scale(self, ticks: list[tuple[float, str]]) -> list[Spec]:
        """Return the texts of a scale in the head, and a line for each of them beside each range."""
        lines = [
            {"x": x, "x2": x, "y": top + BAR_TOP, "y2": top + BAR_BOTTOM} for x, _ in ticks for top, _ in self.tops()
        ]
        texts = [{"x": x, "y": self.head - GAP, "text": text} for x, text in ticks]
        return [
            self.canvas.marks("rule", lines, color=ink("grid")),
            self.canvas.small_words(texts[:-1]),
            self.canvas.small_words(texts[-1:], align="right"),
        ]
