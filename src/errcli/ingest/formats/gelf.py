"""gelf: Graylog's extended log format; levels are syslog's, time is epoch seconds, own fields begin with `_`.

Fields: https://go2docs.graylog.org/current/getting_in_log_data/gelf.html
A stack trace stands in `full_message`: its exception gives type and message. A record without a level is an alert.
"""

import re
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event_of_level, own_message
from errcli.ingest.formats.tracebacks import raised_in
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_DEFAULT_LEVEL = 1  # the specification's
_LAST_SYSLOG_LEVEL = 7
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
_STACK = re.compile(r"^[ |+]*(?:Exception Group )?Traceback \(most recent call last\):$|\n[ \t]+at ", re.MULTILINE)


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a short message and says which version of the format or which host wrote it."""
    return isinstance(record.get("short_message"), str) and ("version" in record or "host" in record)


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    if "short_message" not in record:
        raise NotAnEventError("not an event")
    own = _with_own_names(record)
    full_message = record.get("full_message")
    is_stack = isinstance(full_message, str) and _STACK.search(full_message) is not None
    error_type, error_message = raised_in(full_message) if is_stack else (None, None)
    given = {
        "timestamp": record.get("timestamp"),
        "error_type": error_type,
        "error_message": error_message or own_message(own) or record["short_message"],
        "technical": first(own, ("full_message", "stack_trace", "StackTrace", "stack_info")),
    }
    return log_event_of_level(_severity_of(record.get("level", _DEFAULT_LEVEL)), given, own, text, reading)


def _with_own_names(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the application's fields as it named them; none of them hides a field of the format."""
    own = {name[1:]: value for name, value in record.items() if name.startswith("_")}
    return own | {name: value for name, value in record.items() if not name.startswith("_")}


def _severity_of(level: Any) -> str | None:
    """Return the severity of a syslog level, which falls with severity; a number beyond them is one of Python's."""
    if isinstance(level, str) and _NUMBER.fullmatch(level):
        level = int(level)
    if not isinstance(level, int | float) or isinstance(level, bool) or level > _LAST_SYSLOG_LEVEL:
        return levels.of_python(level)
    bounds = ((2, levels.CRITICAL), (3, levels.HIGH), (4, levels.MEDIUM))
    return next((severity for bound, severity in bounds if level <= bound), levels.LOW)
