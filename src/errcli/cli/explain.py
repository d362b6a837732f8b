"""explain: why are these events one pattern?"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.pattern import HASH

if TYPE_CHECKING:
    from errcli.store.pattern import Shape

_MOST = 5
_WHY = {
    "fingerprint": "its events have this fingerprint",
    "rule": "a rule of [patterns.rules] names it; of changed rules errcli regroup --dry-run tells",
    "code": "its events have no message: their code is all they say",
    "place": "its events have neither message nor code: their place is all they say",
}
_BY_WORDS = "its messages are equal in all words but those that stand for <*>"


class ExplainedLine(msgspec.Struct, frozen=True):
    """One line of the explanation."""

    section: Annotated[str, column("The block.", unit="section", rank=0)]
    name: Annotated[str | None, column("What was there: a message, the number of a place, a hash.", rank=0)]
    value: Annotated[str | None, column("What became of it, or stood there.", rank=0)]
    errors: Annotated[int | None, column("Errors of that shape.", rank=0)]


def add(app: typer.Typer) -> None:
    """Add `errcli explain`."""
    add_command(
        app,
        "explain",
        _explain,
        summary="Why the events of a pattern are together",
        example="errcli explain 3f2a9c",
        details="Its rule, what was masked, which words met at each place, and which hashes lead to it.",
    )


def _explain(invocation: Invocation, pattern: Annotated[str, HASH]) -> None:
    from errcli.store import resolve
    from errcli.store.pattern import shapes_of

    with invocation.reading() as store:
        pattern_hash = resolve.require_pattern(store, pattern)
        shapes = shapes_of(store, pattern_hash)
    rows: list[msgspec.Struct] = [*_lines(shapes, pattern_hash)]
    invocation.answer_rows("explain", ExplainedLine, rows, pattern_hash=pattern_hash)


def _lines(shapes: "list[Shape]", pattern_hash: str) -> Iterator[ExplainedLine]:
    live = [shape for shape in shapes if not shape.has_moved]
    named_by = live[0].named_by
    yield ExplainedLine("rule", named_by or "words", live[0].template, sum(shape.errors for shape in live))
    yield ExplainedLine("rule", "because", _WHY.get(named_by or "", _BY_WORDS), None)
    if named_by is None:
        for shape in live[:_MOST]:
            yield ExplainedLine("mask", shape.message, shape.shape, shape.errors)
        yield from _places(live)
    for shape in shapes:
        if shape.shape_hash != pattern_hash:
            yield ExplainedLine(
                "hashes", shape.shape_hash, "leads here" if shape.has_moved else shape.shape, shape.errors
            )


def _places(shapes: "list[Shape]") -> Iterator[ExplainedLine]:
    """Yield for each place of the template the words that met there, those that no mask had taken out before."""
    from errcli.store.pattern import WILD, expression_of

    template = shapes[0].template
    expression = re.compile(expression_of(template), re.DOTALL)
    for place in range(1, template.count(WILD) + 1):
        met: Counter[str] = Counter()
        for shape in shapes:
            match = expression.match(shape.shape)
            if match and match[place] != WILD:
                met[match[place]] += shape.errors
        for value, errors in sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]:
            yield ExplainedLine("places", str(place), value, errors)
