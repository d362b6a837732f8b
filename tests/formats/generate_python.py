"""What do Python's JSON loggers write? Writes data/{structlog,python-json-logger,gelf}*.jsonl with the libraries.

python -m venv $FOLDER && $FOLDER/bin/pip install -r tests/formats/requirements.txt
$FOLDER/bin/python tests/formats/generate_python.py

The clock is a counter, the zone is UTC and hosts are invented, so that running it again writes the same.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone, tzinfo
from io import StringIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import graypy  # type: ignore[import-not-found,unused-ignore]
import pygelf  # type: ignore[import-not-found,unused-ignore]
import structlog  # type: ignore[import-not-found,unused-ignore]
from pythonjsonlogger.json import JsonFormatter  # type: ignore[import-not-found,unused-ignore]

HERE = Path(__file__).parent
OUT = HERE / "data"
TICKS = (1_772_366_400 + 1.5 * step for step in count())  # from 2026-03-01T12:00:00Z
Log = Callable[..., None]
"""`log("error", "payment failed", exc_info=True, user_id="u-1")`"""


class FixedDatetime(datetime):
    """The counter as the clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "FixedDatetime":
        """Go on by a step."""
        return cls.fromtimestamp(next(TICKS), tz)


class PaymentDeclinedError(Exception):
    """An error of the application's own."""


def declined() -> None:
    """Fail with a message of two lines."""
    message = "Card declined by the issuer\nask for another card"
    raise PaymentDeclinedError(message)


def not_saved() -> None:
    """Fail because something else failed."""
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError as error:
        message = "Could not save the order"
        raise RuntimeError(message) from error


def missing_key() -> None:
    """Fail while another failure is handled."""
    try:
        declined()
    except PaymentDeclinedError as error:
        dict[str, str]()[str(error)[:4]]


def empty() -> None:
    """Fail without a word."""
    raise TimeoutError


def failed() -> Exception | None:
    """Return a raised error whose frame has a local variable."""
    attempt = "x3"
    try:
        int(attempt)
    except ValueError as error:
        return error
    return None


def two_failed() -> None:
    """Fail with a group."""
    message = "two uploads failed"
    raise ExceptionGroup(message, [ValueError("a"), TypeError("b")])


def story(log: Log) -> None:
    """Write the records that every configuration writes, with the users and places of one shop."""
    log("debug", "cart has 3 lines", user_id="u-1")
    log("info", "checkout begun", user_id="u-1", page="/cart")
    log("warning", "stock is low", user_id="u-1", session_id="s-1", page="/cart", action="add")
    log("error", "Suche für „Müller“ schlug fehl 💥", user_id=42, url="/search?q=müller", code="E_SEARCH")
    failures = (declined, not_saved, missing_key, empty)
    for number, fail in enumerate(failures, 2):
        try:
            fail()
        except Exception:  # noqa: BLE001
            fields = {"user_id": f"u-{number}", "session_id": f"s-{number}", "page": "/checkout", "action": "pay"}
            log("critical" if fail is not_saved else "error", "payment failed", exc_info=True, **fields)
    try:
        declined()
    except PaymentDeclinedError:
        log("error", "nobody was signed in", exc_info=True)
    log("warning", "disk is at 91%")
    log("error", "upload refused", user_id="u-8", error_type="quota", error_code="Q5", error_message="5 GB are used up")


def write(name: str, text: str) -> None:
    """Write a fixture, without the paths of this machine."""
    (OUT / name).write_text(text.replace(str(HERE), "/srv/shop"), "utf-8")


def structlog_log(out: StringIO, *processors: Any, **bound: Any) -> Log:
    """Return a structlog logger with these processors before its JSONRenderer."""
    logger = structlog.wrap_logger(
        structlog.PrintLogger(out), [*processors, structlog.processors.JSONRenderer()], context_class=dict
    ).bind(**bound)
    return lambda level, event, **fields: getattr(logger, level)(event, **fields)


def structlogs() -> None:
    """Write structlog.jsonl: text tracebacks and ISO times; the other two: all else that can be chosen."""
    make = structlog.processors
    iso, epoch, level = make.TimeStamper(fmt="iso"), make.TimeStamper(), structlog.stdlib.add_log_level
    out = StringIO()
    plain = (level, iso, make.StackInfoRenderer(), make.format_exc_info)
    story(structlog_log(out, *plain))
    bound = structlog_log(out, *plain, logger="shop.billing", user_id="u-9", session_id="s-9")
    bound("warning", "invoice_late", days=3, stack_info=True)
    bound("error", "invoice_failed", error="PDF service said no", page="/invoice")
    bound("error", "invoice_failed", severity="low", user_blocked=True, message="told to retry")
    structlog_log(out, *plain)("error", "login_failed", user={"id": "u-10", "name": "Zoë"}, request={"path": "/login"})
    write("structlog.jsonl", out.getvalue())

    out = StringIO()
    as_list = make.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    story(structlog_log(out, level, epoch, as_list))
    story(structlog_log(out, iso, make.format_exc_info))
    numbers = structlog.stdlib.add_log_level_number
    structlog_log(out, numbers, iso)("error", "a number for a level", user_id="u-1")
    structlog_log(out, level, iso)("error", "no processor for exceptions", user_id="u-1", exc_info=ValueError("bad"))
    structlog_log(out, level, iso, make.dict_tracebacks)("error", "locals", user_id="u-1", exc_info=failed())
    try:
        two_failed()
    except ExceptionGroup:
        group = {"user_id": "u-1", "exc_info": True}
        structlog_log(out, level, iso, make.format_exc_info)("error", "group", **group)
        structlog_log(out, level, iso, as_list)("error", "group", **group)
    write("structlog-options.jsonl", out.getvalue())

    out = StringIO()
    local = make.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False)
    story(structlog_log(out, level, local, make.format_exc_info, make.EventRenamer("msg")))
    story(structlog_log(out, level, iso, make.format_exc_info, make.EventRenamer("message")))
    write("structlog-renamed.jsonl", out.getvalue())


def stdlib_log(handler: logging.Handler) -> Log:
    """Return what logs to a handler of the standard library."""
    logger = logging.Logger("shop.orders")  # noqa: LOG001 - one for each handler
    logger.addHandler(handler)

    def log(level: str, message: str, /, *, exc_info: bool = False, stack_info: bool = False, **fields: Any) -> None:
        logger.log(getattr(logging, level.upper(), 25), message, exc_info=exc_info, stack_info=stack_info, extra=fields)

    return log


def json_log(out: StringIO, **options: Any) -> Log:
    """Return a logger with a JsonFormatter of these options."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter(**options))
    return stdlib_log(handler)


def python_json_loggers() -> None:
    """Write python-json-logger.jsonl: the usual format; python-json-logger-options.jsonl: all else."""
    out = StringIO()
    usual = json_log(out, fmt="%(asctime)s %(levelname)s %(name)s %(message)s")
    story(usual)
    usual("warning", "invoice late", stack_info=True, user={"id": "u-9", "name": "Zoë"}, request={"path": "/invoice"})
    usual("error", "invoice failed", user_id="u-9", error="PDF service said no", severity="low", user_blocked=True)
    usual("error", "nothing was raised", user_id="u-9", exc_info=True)
    usual("notice", "a level between info and warning", user_id="u-9")
    write("python-json-logger.jsonl", out.getvalue())

    out = StringIO()
    story(
        json_log(
            out, timestamp=True, json_ensure_ascii=False, exc_info_as_array=True, fmt="{levelname}{message}", style="{"
        )
    )
    renamed = {"levelname": "level", "asctime": "time"}
    story(json_log(out, fmt=["asctime", "levelname", "message"], rename_fields=renamed, datefmt="%Y-%m-%dT%H:%M:%S%z"))
    story(json_log(out, fmt="%(created)f %(levelno)d %(message)s", static_fields={"service": "shop"}))
    story(json_log(out, fmt="%(asctime)s %(message)s"))
    write("python-json-logger-options.jsonl", out.getvalue())


def received(handler_of: Callable[[int], logging.Handler]) -> Iterator[tuple[Log, Callable[[], bytes]]]:
    """Yield a logger that sends datagrams to this process, and what takes one of them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        yield stdlib_log(handler_of(server.getsockname()[1])), lambda: server.recv(65_507)


def gelf(handler_of: Callable[[int], logging.Handler], more: tuple[tuple[str, str, dict[str, Any]], ...] = ()) -> str:
    """Return what a GELF handler sends for the story, one message a line."""
    lines = []
    for log, take in received(handler_of):

        def kept(level: str, message: str, /, log: Log = log, take: Callable[[], bytes] = take, **fields: Any) -> None:
            log(level, message, **fields)
            lines.append(take().decode() + "\n")

        story(kept)
        for level, message, fields in more:
            kept(level, message, **fields)
    return "".join(lines)


def gelfs() -> None:
    """Write gelf.jsonl with pygelf and gelf-graypy.jsonl with graypy, as they are sent over UDP without compression."""
    plain: dict[str, Any] = {"compress": False, "chunk_size": 60_000}
    pygelf_options = plain | {"include_extra_fields": True, "debug": True, "_release": "1.4.2"}
    more: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("error", "login failed", {"user": {"id": "u-10", "name": "Zoë"}, "request": {"path": "/login"}}),
        ("error", "draft is gone", {"username": "zoë", "severity": "low", "user_blocked": True, "level": "own"}),
    )
    write("gelf.jsonl", gelf(lambda port: pygelf.GelfUdpHandler("127.0.0.1", port, **pygelf_options), more))
    graypy_options: dict[str, Any] = {"compress": False, "localname": "web-1", "level_names": True}
    graypy_options["gelf_chunker"] = graypy.handler.GELFWarningChunker(60_000)
    notice = (("notice", "a level between info and warning", {"user_id": "u-9"}),)
    write("gelf-graypy.jsonl", gelf(lambda port: graypy.GELFUDPHandler("127.0.0.1", port, **graypy_options), notice))


def main() -> None:
    """Write all fixtures with a clock that goes on by 1.5 s whenever somebody looks at it."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    with (
        patch("time.time", lambda: next(TICKS)),
        patch("socket.gethostname", lambda: "web-1"),
        patch.multiple(logging, logProcesses=False, logMultiprocessing=False, logThreads=False),
        patch("structlog.processors.datetime", SimpleNamespace(datetime=FixedDatetime, timezone=timezone)),
    ):
        structlogs()
        python_json_loggers()
        gelfs()


if __name__ == "__main__":
    main()
