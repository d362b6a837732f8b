"""caddy: the access log of the Caddy web server, which is JSON by default; its own messages stand between.

Fields: https://caddyserver.com/docs/logging#structured-logs
The authenticated user is `user_id`; what `log_append` adds may name others.
"""

from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats.access_log import request_event, status_of, time_of
from errcli.ingest.formats.fields import as_json
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

OWN_MESSAGE = "message of the server"
"""The rule that drops what the server says of itself; of a request that failed its access record tells, too."""

_TIMES = ("ts", "timestamp", "time", "@timestamp")
_TECHNICAL = {
    "host": ("request.host",),
    "remote_ip": ("request.client_ip", "request.remote_ip", "request.remote_addr"),
    "proto": ("request.proto",),
    "duration": ("duration",),
    "size": ("size",),
}


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record tells of a request under the name that the access log has, or with its message."""
    return (
        _is_access(record)
        and isinstance(record.get("request"), dict)
        and status_of(record.get("status")) is not None
        and first(record, _TIMES) is not None
    )


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    if not recognises(record):
        if not _is_access(record) and "level" in record and "msg" in record and first(record, _TIMES) is not None:
            return Dropped(OWN_MESSAGE)
        raise NotAnEventError("not an event")
    technical = {name: value for name, paths in _TECHNICAL.items() if (value := first(record, paths)) is not None}
    given = {
        "timestamp": time_of(first(record, _TIMES)),
        "technical": as_json(technical) if technical else None,
    }
    method, uri = (value if isinstance(value := record["request"].get(name), str) else "" for name in ("method", "uri"))
    own = {name: value for name, value in record.items() if value != ""}  # without a user `user_id` is empty
    return request_event(status_of(record["status"]) or 0, method, uri, given, own, text, reading)


def _is_access(record: dict[str, Any]) -> bool:
    logger = record.get("logger")
    return record.get("msg") == "handled request" or (isinstance(logger, str) and logger.startswith("http.log.access"))
