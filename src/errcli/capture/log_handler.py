"""Which records of Python's logging are errors of a user, and what do they say: a handler."""

from __future__ import annotations

import logging

from errcli.capture.tracking import track_error
from errcli.capture.writer import the_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SEVERITIES = ((logging.CRITICAL, "critical"), (logging.ERROR, "high"), (logging.WARNING, "medium"))
# What an application passes as `extra`; of the names for one thing the first that is there.
_EXTRAS = {
    "user": ("user_id", "user"),
    "session": ("session_id", "session"),
    "page": ("page",),
    "action": ("action",),
    "severity": ("severity",),
    "user_blocked": ("user_blocked",),
    "workflow_failed": ("workflow_failed",),
    "data_loss": ("data_loss",),
    "type": ("error_type",),
    "code": ("error_code", "code"),
    "user_message": ("user_message",),
    "workflow": ("workflow_id",),
    "agent": ("agent_id",),
    "input_data": ("input_data",),
    "recovered": ("recovered",),
    "recovery_method": ("recovery_method",),
    "fingerprint": ("fingerprint",),
}


class Handler(logging.Handler):
    """Tracks records from a level on, WARNING unless told otherwise.

    Severity comes from the level: warning is medium, error high, critical critical. Of a record with an exception, type
    and message are the exception's, and what was logged is in the input as `logged`. What else is known comes in
    `extra`: `user_id`, `session_id`, `page`, `action`, `error_code`, `user_message`, `user_blocked` and so on. A record
    that names no user has that of `user(record)`, or else of `on_behalf_of`.
    """

    def __init__(
        self,
        level: int | str = logging.WARNING,
        *,
        user: Callable[[logging.LogRecord], Any] | None = None,
        session: Callable[[logging.LogRecord], Any] | None = None,
    ) -> None:
        super().__init__(level)
        self._functions = {"user": user, "session": session}

    def emit(self, record: logging.LogRecord) -> None:
        """Track a record."""
        fields: dict[str, Any] = {
            "severity": _severity_of(record.levelno),
            "technical": record.stack_info,
            **_extras_of(record),
        }
        for name, function in self._functions.items():
            if name not in fields and function is not None:
                fields[name] = lambda function=function: function(record)
        logged = _message_of(record)
        error: Any = record.exc_info[1] if record.exc_info else None
        if isinstance(error, BaseException):
            fields.setdefault("input_data", {"logger": record.name, "logged": logged})
        else:
            error = logged
        track_error(error, **fields)

    def flush(self) -> None:
        """Wait, five seconds at most, until what was tracked is written."""
        the_writer().flush(5)


def _severity_of(level: int) -> str:
    return next((severity for least, severity in _SEVERITIES if level >= least), "low")


def _extras_of(record: logging.LogRecord) -> dict[str, Any]:
    given = record.__dict__
    found = {
        field: next((given[name] for name in names if given.get(name) is not None), None)
        for field, names in _EXTRAS.items()
    }
    return {field: value for field, value in found.items() if value is not None}


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit, or an object that says nothing
        return f"{record.msg!s} (with other arguments than it wants)"
