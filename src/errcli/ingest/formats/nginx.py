"""nginx: access logs in a JSON log_format of one's own; fields go by their variables' names or by usual ones.

Variables: https://nginx.org/en/docs/varindex.html
"""

import re
from collections.abc import Iterable
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats.access_log import request_event, status_of, time_of
from errcli.ingest.formats.fields import as_json
from errcli.ingest.reading import Reading

_STATUSES = ("status", "status_code", "response_status", "http_status", "response_code")
_TIMES = (
    "msec", "time_iso8601", "@timestamp", "timestamp", "time", "ts", "time_local", "timestamp_iso8601", "date",
    "datetime",
)  # fmt: skip
_LINES = ("request", "request_line")
_TARGETS = ("request_uri", "uri", "url", "path", "request_path", "document_uri", "request")
_METHODS = ("request_method", "method", "http_method", "verb")
_USERS = ("user_id", "userId", "remote_user", "auth_user", "user", "username", "http_x_user_id", "x_user_id")
_TECHNICAL = (
    "remote_addr", "remote_ip", "client_ip", "client", "http_x_forwarded_for", "x_forwarded_for", "host", "http_host",
    "server_name", "upstream_addr", "upstream_status", "upstream_response_time", "request_time", "request_id",
    "body_bytes_sent", "bytes_sent", "bytes", "http_user_agent", "user_agent", "http_referer", "server_protocol",
)  # fmt: skip
_OTHERS = frozenset(
    {"level", "levelname", "severity", "event", "msg", "short_message", "logger", "ecs.version", "error", "error_type"}
)
"""What loggers write: a record of theirs may tell of a request, too."""

_LINE = re.compile(r"([A-Z]+) (\S+)(?: HTTP/[\d.]+)?")


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a status, a time and a request, with another of a server's fields, and no logger's."""
    if not _OTHERS.isdisjoint(record) or status_of(_said(record, _STATUSES)) is None or _said(record, _TIMES) is None:
        return False
    line = _said(record, _LINES)
    if isinstance(line, str) and _LINE.fullmatch(line):
        return True
    # of a request that the server could not read, uri and method are there, and empty
    return any(isinstance(record.get(name), str) for name in _TARGETS) and any(
        name in record for name in (*_METHODS, *_TECHNICAL)
    )


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    status = status_of(_said(record, _STATUSES))
    if status is None or not any(name in record for name in (*_LINES, *_TARGETS)):
        raise NotAnEventError("not an event")
    method, target = _request(record)
    technical = {name: value for name in _TECHNICAL if (value := _said(record, (name,))) is not None}
    given = {
        "timestamp": time_of(_said(record, _TIMES)),
        "user_id": _said(record, _USERS),
        "technical": as_json(technical) if technical else None,
    }
    own = {name: value for name, value in record.items() if not _is_empty(value)}
    return request_event(status, method, target, given, own, text, reading)


def _request(record: dict[str, Any]) -> tuple[str, str]:
    """Return method and target, each empty where it is not known: from the request's line, or from fields apart."""
    line = _said(record, _LINES)
    parsed = _LINE.fullmatch(line) if isinstance(line, str) else None
    method, target = _said(record, _METHODS), _said(record, _TARGETS)
    if parsed is not None:
        method = method or parsed[1]
        target = parsed[2] if target == line else target
    elif target == line and not str(target).startswith("/"):
        target = None  # a line that is no request
    return method if isinstance(method, str) else "", target if isinstance(target, str) else ""


def _said(record: dict[str, Any], names: Iterable[str]) -> Any:
    """Return the first of some fields that says anything."""
    return next((record[name] for name in names if name in record and not _is_empty(record[name])), None)


def _is_empty(value: Any) -> bool:
    """Whether a value is what the server writes for nothing."""
    return value is None or value in ("", "-")
