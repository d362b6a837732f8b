"""Which analyses are there, and what is their SQL? Finds the modules of `errcli.analyses` by their files."""

from functools import cache
from importlib import import_module
from pathlib import Path

from errcli import analyses
from errcli.analysis import Analysis
from errcli.errors import UsageError

_FOLDER = Path(analyses.__file__).parent


def names() -> list[str]:
    """Return the names of all analyses, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql"))


@cache
def get(name: str) -> Analysis:
    """Return an analysis by its name. Raises UsageError where there is none."""
    if name not in names():
        raise UsageError(f"no analysis {name!r}", "", f"use one of: {', '.join(names())}")
    analysis: Analysis = import_module(f"errcli.analyses.{name}").ANALYSIS
    return analysis


def sql_of(name: str) -> str:
    """Return the text of an analysis's SQL file. Raises UsageError where there is none."""
    return (_FOLDER / f"{get(name).name}.sql").read_text("utf-8")
