"""How do answers become one HTML page that needs nothing else and lets nothing in?

Every value goes through `harmless` and then through the escaping of Jinja, but for pictures, which are made here.
The policy in its head allows the page's own style sheet, by its hash, and nothing else: no script, no address.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from errcli import __version__
from errcli.analysis import Column, Result
from errcli.render.cells import cell
from errcli.render.notes import cut_of, notes_of
from errcli.render.title import count_of, title_of, window_of
from errcli.render.values import to_json
from errcli.report import drawing
from errcli.report.gather import Answer, Answered
from errcli.report.harmless import harmless
from errcli.report.summary import figures, in_short, unknown

_COMPACT = ("hash", "trend")
_LEAVES_PAPER = 2
"""The rank from which on a column is not printed; a screen has all of them."""


class About(NamedTuple):
    """What the report says of itself: its title, its command, and where the present was."""

    title: str
    command: str
    now: datetime


class _Heading(NamedTuple):
    name: str
    description: str
    css: str


class _Value(NamedTuple):
    """A cell: what is shown, and the value as JSON where that is something else."""

    text: str
    raw: str | None
    css: str


class _Block(NamedTuple):
    """An answer, ready to be written."""

    heading: str
    reading: str
    command: str
    title: str
    shown: str
    picture: Markup | None
    headings: list[_Heading]
    rows: list[list[_Value]]
    cut: str | None
    notes: list[str]
    id: str


class _Chapter(NamedTuple):
    id: str
    question: str
    in_short: str
    blocks: list[_Block]


def page(answered: list[Answered], about: About) -> str:
    """Return the page as text."""
    style = _resource("page.css")
    sealed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    chapters = [
        _Chapter(each.section.id, each.section.question, in_short(each), [_block(answer) for answer in each.answers])
        for each in answered
    ]
    return (
        _environment()
        .from_string(_resource("page.html"))
        .render(
            title=about.title,
            command=about.command,
            window=window_of(_first(answered)),
            now=f"{about.now:%Y-%m-%d %H:%M:%S} {about.now.tzname()}",
            version=__version__,
            figures=figures(answered),
            chapters=chapters,
            unknown=unknown(answered),
            style=Markup(style),  # noqa: S704 - a file of this package
            policy=f"default-src 'none'; style-src 'sha256-{sealed}'; base-uri 'none'; form-action 'none'",
        )
    )


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        autoescape=True,
        finalize=_written,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _written(value: Any) -> Any:
    return value if isinstance(value, Markup) else harmless(str(value))


def _resource(name: str) -> str:
    return (resources.files("errcli.report") / name).read_text("utf-8")


def _first(answered: list[Answered]) -> Result:
    return answered[0].answers[0].result


def _block(answer: Answer) -> _Block:
    part, result = answer.part, answer.result
    return _Block(
        heading=part.heading,
        reading=part.reading,
        command=answer.command,
        title=title_of(result),
        shown=count_of(result),
        picture=drawing.draw(part.draw(result), part.analysis) if result.rows else None,
        headings=[_Heading(each.name, each.description, _css(each)) for each in result.columns],
        rows=[list(_values(result, row)) for row in result.rows],
        cut=cut_of(result),
        notes=notes_of(result),
        id=part.analysis,
    )


def _values(result: Result, row: tuple[Any, ...]) -> Iterator[_Value]:
    for column, value in zip(result.columns, row, strict=True):
        text = harmless(cell(column, value, result.now, compact=column.unit in _COMPACT).text)
        yield _Value(text, None if text == value else to_json(value), _css(column))


def _css(column: Column) -> str:
    """Return the classes of a column: numbers and what is like them, texts, and what paper has no room for."""
    is_narrow = column.kind in ("integer", "number") or column.unit == "trend"
    kind = "n" if is_narrow else "t" if column.kind == "text" and column.unit is None else ""
    return " ".join(filter(None, (kind, "w" if column.rank >= _LEAVES_PAPER else "")))
