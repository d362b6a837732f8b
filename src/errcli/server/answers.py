"""How is an answer, or why there is none, told over HTTP: bytes, a status, and an error in the command's own words."""

import re
from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from errcli import diagnostics
from errcli.errors import ErrcliError

# What the code of an error means to whoever asks; all others are the server's own trouble.
_STATUSES = {"usage": 422, "no-store": 404, "unknown-target": 404, "store-busy": 503}
_OWN_TROUBLE = 500
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_RETRY_AFTER = "1"


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with an event of a request: its place, from 0, and the reason that `ingest` would keep with it."""

    index: int
    reason: str


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as the command line has it; `events` are those at fault."""

    code: str
    what: str
    where: str = ""
    what_next: str = ""
    events: list[Fault] = []


class RefusalError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, told: Told, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(told.what)
        self.status = status
        self.told = told
        self.headers = headers or {}

    @property
    def response(self) -> Response:
        """The answer."""
        return answer(self.status, msgspec.json.encode({"error": self.told}), self.headers)


def answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON that no browser takes for something else, and nobody keeps."""
    fixed = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    return Response(body, status, {**fixed, **(headers or {})}, "application/json")


def refusal_of(error: ErrcliError, *, debug: bool = False) -> RefusalError:
    """Return how a command's error is told; what is the server's own trouble is told in full on stderr alone."""
    status = _STATUSES.get(error.code, _OWN_TROUBLE)
    if status == _OWN_TROUBLE:
        diagnostics.report(error, debug=debug)
        return RefusalError(status, Told(error.code, "the store cannot be used", "", "the server's log says why"))
    if error.code == "usage":
        return RefusalError(status, Told(error.code, error.what, _named(error.where), _named(error.what_next)))
    busy = {"retry-after": _RETRY_AFTER} if error.code == "store-busy" else {}
    # where is the store's path, and what next another option of the command
    return RefusalError(status, Told(error.code, error.what), busy)


def _named(text: str) -> str:
    """Return a text with the names of parameters where it speaks of options."""
    return _OPTION.sub(lambda option: option[1].replace("-", "_"), text)
