"""How severe is a record of a log by its level, and which levels are no errors?"""

from typing import Any

BELOW_WARNING = "below warning"
"""The rule that drops records which log that all is well."""

LOW, MEDIUM, HIGH, CRITICAL = "low", "medium", "high", "critical"
_WORDS = {
    **dict.fromkeys(("trace", "verbose", "debug", "info", "information", "informational", "notice"), LOW),
    **dict.fromkeys(("warn", "warning"), MEDIUM),
    **dict.fromkeys(("err", "error", "severe"), HIGH),
    **dict.fromkeys(("fatal", "critical", "crit", "alert", "emerg", "emergency", "panic"), CRITICAL),
}


def of_word(level: Any) -> str | None:
    """Return the severity that a level's name means, `low` below warning; None for a name that is none."""
    return _WORDS.get(level.strip().lower()) if isinstance(level, str) else None


def of_number(level: Any, *, medium: float, high: float, critical: float) -> str | None:
    """Return the severity of a level that grows with severity; each bound is the least number of its severity."""
    if not isinstance(level, int | float) or isinstance(level, bool):
        return None
    return CRITICAL if level >= critical else HIGH if level >= high else MEDIUM if level >= medium else LOW
