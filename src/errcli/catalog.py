"""Which analyses are there, and what is their SQL? Finds the modules of `errcli.analyses` by their files."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from errcli import analyses
from errcli.analysis import Analysis
from errcli.errors import UsageError

_FOLDER = Path(analyses.__file__).parent
_INCLUDE = re.compile(r"^-- include (_\w+)$", re.MULTILINE)


def names() -> list[str]:
    """Return the names of all analyses, in alphabetical order."""
    return sorted(_name(path.stem) for path in _FOLDER.glob("[!_]*.sql"))


def forms() -> dict[str, tuple[str, str]]:
    """Return the analyses that are another form of one: `a-b` of `a`, if there is one, as `(a, b)`.

    They are asked as `errcli a --b`.
    """
    known = names()
    parted = {name: name.rpartition("-") for name in known}
    return {name: (question, form) for name, (question, _, form) in parted.items() if question in known}


def commands() -> list[str]:
    """Return the names of the analyses that are commands, in alphabetical order: those that are no form of another."""
    others = forms()
    return [name for name in names() if name not in others]


def forms_of(question: str) -> dict[str, str]:
    """Return the other forms of an analysis: its options, and the name of the analysis that each of them asks."""
    return {form: name for name, (asked, form) in sorted(forms().items()) if asked == question}


@cache
def get(name: str) -> Analysis:
    """Return an analysis by its name. Raises UsageError where there is none."""
    if name not in names():
        raise UsageError(f"no analysis {name!r}", "", f"use one of: {', '.join(names())}")
    analysis: Analysis = import_module(f"errcli.analyses.{_stem(name)}").ANALYSIS
    return analysis


def sql_of(name: str) -> str:
    """Return the SQL of an analysis, whole. Raises UsageError where there is none.

    A line `-- include _x` stands for what is in `_x.sql`: common table expressions, or columns, that several share.
    """
    text = _read(_stem(get(name).name))
    return _INCLUDE.sub(lambda found: _read(found[1]).rstrip(), text)


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON schemas of an analysis: `params` and `row`, and its `summary`. Raises UsageError."""
    analysis = get(name)
    (params, row), definitions = msgspec.json.schema_components([analysis.params, analysis.row])
    return {
        "summary": analysis.summary,
        "params": definitions[params["$ref"].rpartition("/")[2]],
        "row": definitions[row["$ref"].rpartition("/")[2]],
    }


def _read(stem: str) -> str:
    return (_FOLDER / f"{stem}.sql").read_text("utf-8")


def _name(stem: str) -> str:
    return stem.replace("_", "-")


def _stem(name: str) -> str:
    return name.replace("-", "_")
