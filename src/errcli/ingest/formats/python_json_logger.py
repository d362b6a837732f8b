"""python-json-logger: Python's logging as JSON; the message, `levelname`, `asctime` and `exc_info`, a traceback.

Fields: https://nhairs.github.io/python-json-logger/latest/quickstart/
`asctime` has no zone. The application chooses the fields and may rename them: what other loggers usually call level,
time and message is read, too. A record without a level is an error when it has an exception, else it is dropped.
"""

import re
from typing import Any

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest.formats import levels
from errcli.ingest.formats.logs import log_event_of_level, own_message
from errcli.ingest.paths import first
from errcli.ingest.reading import Reading

_LEVELS = ("levelname", "levelno", "level", "severity")
_TIMES = ("timestamp", "created", "asctime", "time", "@timestamp", "ts")  # those that have a zone first
_MESSAGES = ("message", "msg", "@message")
_OWN = ("levelname", "levelno", "asctime", "exc_info")
_OTHERS = frozenset({"event", "event_id", "short_message", "msg", "hostname"})
"""What structlog, Sentry, GELF, pino and bunyan write."""

_UNNAMED_LEVEL = re.compile(r"Level (\d+)")
_CHAINED = re.compile(r"^[ |]*(?:The above exception was the direct|During handling of the above) .*:$", re.MULTILINE)
_HEADER = re.compile(r"^[ |+]*(?:Exception Group )?Traceback \(most recent call last\):$", re.MULTILINE)
_RAISED = re.compile(r"^(?P<group>  \| )?(?P<type>[^\W\d][\w.$<>]*)(?P<colon>: )?(?(colon)|(?=\(|$))", re.MULTILINE)
_FOREIGN_FRAME = re.compile(r"\n[ \t]+at ")


def recognises(record: dict[str, Any]) -> bool:
    """Whether a record has a message and a field of Python's logging, or else a level's name and a time."""
    if not isinstance(record.get("message"), str) or not _OTHERS.isdisjoint(record):
        return False
    named = levels.of_word(record.get("level")) is not None and first(record, _TIMES) is not None
    return named or any(record.get(name) is not None for name in _OWN)


def to_event(record: dict[str, Any], text: bytes, reading: Reading) -> Event | Dropped:
    """Read one record. Raises NotAnEventError: "not an event", "bad time"."""
    message = first(record, _MESSAGES)
    if message is None and first(record, _OWN) is None:
        raise NotAnEventError("not an event")
    trace = joined(first(record, ("exc_info", "exception")))
    error_type, error_message = raised_in(trace)
    given = {
        "timestamp": first(record, _TIMES),
        "error_type": error_type,
        "error_message": error_message or own_message(record) or message,
        "technical": trace or joined(record.get("stack_info")),
    }
    return log_event_of_level(severity_of(first(record, _LEVELS)), given, record, text, reading)


def severity_of(level: Any) -> str | None:
    """Return the severity of one of Python's levels, which is a name, a number, or `Level 25` for an unnamed one."""
    if isinstance(level, str) and (unnamed := _UNNAMED_LEVEL.fullmatch(level)):
        level = int(unnamed[1])
    return levels.of_word(level) or levels.of_number(level, medium=30, high=40, critical=50)


def joined(lines: Any) -> str | None:
    """Return a stack's text, which may be a list of lines."""
    if isinstance(lines, list):
        lines = "\n".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) and lines else None


def raised_in(trace: str | None) -> tuple[str | None, str | None]:
    """Return the type, without its module, and the message of the exception that a traceback's text ends with.

    The one that was raised is the last of a chain. A stack that begins with the exception (Java, JavaScript) and an
    exception alone, without frames, are read, too.
    """
    if not trace:
        return None, None
    chained = list(_CHAINED.finditer(trace))
    start = chained[-1].end() if chained else 0
    header = _HEADER.search(trace, start)
    raised = _RAISED.search(trace, header.end() if header else start)
    if raised is None or raised["type"] == "NoneType":  # logged as an exception where there was none
        return None, None
    message = trace[raised.end() :] if raised["colon"] else ""  # without a colon it is the exception's repr
    if raised["group"]:
        message = message.partition("\n")[0]
    elif header is None:
        message = _FOREIGN_FRAME.split(message, maxsplit=1)[0]
    return raised["type"].rpartition(".")[2], message.strip() or None
