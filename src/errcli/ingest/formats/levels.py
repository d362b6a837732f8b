"""How severe is a record of a log by its level, and which levels are no errors?"""

import re
from typing import Any

BELOW_WARNING = "below warning"
"""The rule that drops records which log that all is well."""

LOW, MEDIUM, HIGH, CRITICAL = "low", "medium", "high", "critical"
_WORDS = {
    **dict.fromkeys(
        ("trace", "silly", "verbose", "debug", "http", "success", "info", "information", "informational", "notice"), LOW
    ),
    **dict.fromkeys(("warn", "warning"), MEDIUM),
    **dict.fromkeys(("err", "error", "severe"), HIGH),
    **dict.fromkeys(("fatal", "critical", "crit", "alert", "emerg", "emergency", "panic"), CRITICAL),
}

_UNNAMED_LEVEL = re.compile(r"Level (\d+)")


def of_word(level: Any) -> str | None:
    """Return the severity that a level's name means, `low` below warning; None for a name that is none."""
    return _WORDS.get(level.strip().lower()) if isinstance(level, str) else None


def of_number(level: Any, *, medium: float, high: float, critical: float) -> str | None:
    """Return the severity of a level that grows with severity; each bound is the least number of its severity."""
    if not isinstance(level, int | float) or isinstance(level, bool):
        return None
    return CRITICAL if level >= critical else HIGH if level >= high else MEDIUM if level >= medium else LOW


def of_python(level: Any) -> str | None:
    """Return the severity of one of Python's levels, which is a name, a number, or `Level 25` for an unnamed one."""
    if isinstance(level, str) and (unnamed := _UNNAMED_LEVEL.fullmatch(level)):
        level = int(unnamed[1])
    return of_word(level) or of_number(level, medium=30, high=40, critical=50)
