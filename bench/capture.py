"""What does it cost an application to capture its errors: its imports, and each error, against Python's logging?"""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.race import Entry, Race, require
from bench.timing import Process

_IMPORT_BOUND = 1.5
_TRACK_BOUND = 2.0
_ERRORS = 20_000

IMPORTS = "import logging, json"
NAMES = (
    "from errcli.capture import configure, error_boundary, flush, on_behalf_of, stats, track_error, user_message, "
    "ASGIMiddleware, WSGIMiddleware"
)
HANDLER = "from errcli.capture import Handler, configure"

_OWN = """\
import os
from errcli.capture import configure, track_error
configure(file="own.jsonl", max_bytes=1 << 40)
def track(error, number):
    track_error(error, user=f"u-{number}", session="s-1", page="/checkout", action="pay", code="PAY",
                input_data={"order": number})
"""

_RIVAL = """\
import logging, os
from pythonjsonlogger.json import JsonFormatter
handler = logging.FileHandler("rival.jsonl")
handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
logger = logging.getLogger("shop")
logger.addHandler(handler)
def track(error, number):
    extra = {"user_id": f"u-{number}", "session_id": "s-1", "page": "/checkout", "action": "pay", "error_code": "PAY",
             "input_data": {"order": number}}
    logger.error(error, exc_info=isinstance(error, BaseException), extra=extra)
"""

_TEXTS = """\
for number in range({errors}):
    track(f"Payment of order {{number}} failed", number)
"""

_EXCEPTIONS = """\
def charge(number):
    raise ValueError(f"Payment of order {{number}} failed")
for number in range({errors}):
    try:
        charge(number)
    except ValueError as error:
        track(error, number)
"""

_NO_END = "os._exit(0)\n"
"""Ends the process at once: what is measured is the thread that calls."""


def races(pairs: int) -> Iterator[Race]:
    """Yield the races."""
    yield Race("capture import", IMPORTS, partial(_imports, "import errcli.capture"), _IMPORT_BOUND, pairs)
    yield Race("capture import names", IMPORTS, partial(_imports, NAMES), _IMPORT_BOUND, pairs)
    yield Race("capture import handler", IMPORTS, partial(_imports, HANDLER), _IMPORT_BOUND, pairs)
    yield Race("capture errors, on disk", "logging, JSON", partial(_tracking, _TEXTS, ""), _TRACK_BOUND, pairs)
    yield Race("capture errors, caller", "logging, JSON", partial(_tracking, _TEXTS, _NO_END), _TRACK_BOUND, pairs)
    yield Race("capture exceptions, on disk", "logging, JSON", partial(_tracking, _EXCEPTIONS, ""), _TRACK_BOUND, pairs)


def _imports(own: str, folder: Path) -> Entry:  # noqa: ARG001
    return Entry(Process([sys.executable, "-c", own]), Process([sys.executable, "-c", IMPORTS]))


def _tracking(errors: str, end: str, folder: Path) -> Entry:
    program = errors.format(errors=_ERRORS) + end
    own, rival = folder / "own.jsonl", folder / "rival.jsonl"

    def check() -> None:
        written = len(own.read_bytes().splitlines()) if not end else _ERRORS
        require("lines", (written, len(rival.read_bytes().splitlines())), (_ERRORS, _ERRORS))

    return Entry(
        Process([sys.executable, "-c", _OWN + program], partial(own.unlink, missing_ok=True)),
        Process([sys.executable, "-c", _RIVAL + program], partial(rival.unlink, missing_ok=True)),
        check,
    )
