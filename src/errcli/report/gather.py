"""Which answers does the report show, and which command gives each of them again?"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from errcli import catalog, runner
from errcli.analysis import Analysis, Result, fields_of
from errcli.render.values import iso
from errcli.report.sections import SECTIONS, Part, Section
from errcli.store.connection import Store

ParamsOf = Callable[[Analysis, Mapping[str, Any]], msgspec.Struct]
"""What completes parameters with the settings of the config."""


class Answer(NamedTuple):
    """A part of a section with its rows, and the words that ask for them on a command line."""

    part: Part
    result: Result
    command: str


class Answered(NamedTuple):
    """A question with its answers."""

    section: Section
    answers: list[Answer]


def gather(store: Store, params_of: ParamsOf, given: Mapping[str, Any], now: datetime) -> list[Answered]:
    """Ask everything of one state of the store; `given` are the window and what else several analyses take.

    Raises what the runner raises.
    """
    return [
        Answered(section, [_answer(store, params_of, part, given, now) for part in section.parts])
        for section in SECTIONS
    ]


def _answer(store: Store, params_of: ParamsOf, part: Part, given: Mapping[str, Any], now: datetime) -> Answer:
    analysis = catalog.get(part.analysis)
    asked = part.asked | {name: value for name, value in given.items() if value is not None}
    result = runner.run(store, analysis, params_of(analysis, asked), now, analysis.limit)
    return Answer(part, result, command_of(analysis, asked, now))


def command_of(analysis: Analysis, asked: Mapping[str, Any], now: datetime) -> str:
    """Return the command that gives the same rows again, at any later time, of the same store."""
    taken = {field.name for field in fields_of(analysis.params)}
    options = {name: value for name, value in asked.items() if name in taken}
    return command("errcli", analysis.name, **options, now=iso(now), tz=_zone(now))


def command(*first: str, **options: Any) -> str:
    """Write a command; an option without a value is left out."""
    return shlex.join([*first, *_words(options.items())])


def _words(options: Iterable[tuple[str, Any]]) -> Iterator[str]:
    for name, value in options:
        if value is not None:
            yield from (f"--{name.replace('_', '-')}", str(value))


def _zone(now: datetime) -> str | None:
    name = str(now.tzinfo)
    return None if name == "UTC" else name
