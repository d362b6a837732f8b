"""What does a request that a web server answered with 4xx or 5xx mean as an error, whichever server wrote it down?"""

import re
from datetime import datetime
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event
from errcli.ingest.reading import Reading

SUCCESSFUL = "successful request"
"""The rule that drops requests that were answered well, redirects included."""

_FIRST_FAILURE, _FIRST_SERVER_ERROR = 400, 500
_TYPES = {
    **dict.fromkeys((401, 403, 407, 511), "permission"),
    **dict.fromkeys((408, 504), "timeout"),
    **dict.fromkeys((429, 444, 499, 502, 503), "network"),  # 444 and 499: one side closed the connection (nginx)
}
_STATUS = re.compile(r"\d{3}", re.ASCII)
_QUERY = re.compile(r"[?#]")
_COMMON_LOG_TIME = re.compile(r"\d{2}/[A-Z][a-z]{2}/\d{4}:", re.ASCII)
_WALL_CLOCK = re.compile(r"(\d{4})/(\d{2})/(\d{2}) ", re.ASCII)


def request_event(
    status: int, method: str, target: str, given: dict[str, Any], record: dict[str, Any], text: bytes, reading: Reading
) -> Event | Dropped:
    """Make an event of a request: path and method are the place, the query's values are left out.

    `given` is what the server's format knows beyond that, by column. Raises NotAnEventError: "bad time".
    """
    if status < _FIRST_FAILURE:
        return Dropped(SUCCESSFUL)
    path = _QUERY.split(target, maxsplit=1)[0]
    about = {
        "severity": levels.HIGH if status >= _FIRST_SERVER_ERROR else levels.MEDIUM,
        "error_type": _TYPES.get(status, "unknown" if status >= _FIRST_SERVER_ERROR else "validation"),
        "error_code": str(status),
        "error_message": f"{f'{method} {path}'.strip() or 'request'}: {status}",
        "page": path or None,
        "action": method or None,
    }
    return log_event(about | given, record, text, reading)


def status_of(value: Any) -> int | None:
    """Return a status that is a number or the text of one; None for anything else."""
    if isinstance(value, str) and _STATUS.fullmatch(value):
        return int(value)
    return value if type(value) is int else None


def time_of(value: Any) -> Any:
    """Return a server's time as ISO-8601 where it is the Common Log Format's, or has slashes; any other as it is.

    Raises NotAnEventError: "bad time".
    """
    if not isinstance(value, str):
        return value
    if _COMMON_LOG_TIME.match(value):
        try:
            return datetime.strptime(value, "%d/%b/%Y:%H:%M:%S %z").isoformat()
        except ValueError:
            raise NotAnEventError("bad time") from None
    return _WALL_CLOCK.sub(r"\1-\2-\3 ", value, count=1)
