"""POST track: events are checked as `ingest` checks them, put aside on disk, and only then accepted."""

from datetime import UTC, datetime

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from errcli.errors import ErrcliError
from errcli.event import Event, NotAnEventError
from errcli.ingest import records
from errcli.ingest.decoding import decode
from errcli.ingest.redact import Redactor
from errcli.ingest.tracked import to_event
from errcli.server.answers import Fault, RefusalError, Told, answer, refusal_of
from errcli.server.body import body_of
from errcli.server.serving import Serving
from errcli.server.spooling import Spooler

_SMALL = 16 << 10
"""Bytes that are read sooner than another thread would begin to."""


class Tracking:
    """Accepts events."""

    def __init__(self, serving: Serving, spooler: Spooler) -> None:
        settings = serving.config
        self._redactor = Redactor(settings.ingest.redact_keys) if settings.ingest.redact else None
        self._max_body = settings.serve.max_body
        self._max_batch = settings.serve.max_batch
        self._debug = serving.debug
        self._spooler = spooler

    async def track(self, request: Request) -> Response:
        """Answer with 202 and the ids once all events of a request are on disk. Raises RefusalError; none is then."""
        body = await body_of(request, self._max_body)
        events = self._read(body) if len(body) <= _SMALL else await run_in_threadpool(self._read, body)
        try:
            await self._spooler.put(events)
        except ErrcliError as error:
            raise refusal_of(error, debug=self._debug) from error
        return answer(202, msgspec.json.encode({"ids": [event.id for event in events]}))

    def _read(self, body: bytes) -> list[Event]:
        """Return the events of a body: all of them, or RefusalError with those at fault."""
        now = datetime.now(UTC)
        events: list[Event] = []
        faults: list[Fault] = []
        for index, text in enumerate(self._texts(body.strip())):
            try:
                events.append(self._event(text, now))
            except NotAnEventError as refusal:
                faults.append(Fault(index, str(refusal)))
        if faults:
            first = faults[0]
            what = f"{first.reason} (event {first.index} of the request, from 0)"
            told = Told("input", what, "body", "nothing was accepted: post the others without these", faults)
            raise RefusalError(422, told)
        return events

    def _texts(self, body: bytes) -> list[bytes]:
        """Return the JSON of each event."""
        if not body.startswith(b"["):
            return [body]
        try:
            texts = [bytes(element).strip() for element in records.elements(body)]
        except (ValueError, RecursionError):
            raise RefusalError(422, Told("input", "not JSON", "body", "one event, or a list of them")) from None
        if not texts:
            raise RefusalError(422, Told("input", "no event", "body", "one event, or a list of them"))
        if len(texts) > self._max_batch:
            raise RefusalError(422, Told("too-many", f"at most {self._max_batch:,} events a request", "body"))
        return texts

    def _event(self, text: bytes, now: datetime) -> Event:
        if records.is_too_long(text):
            raise NotAnEventError("line over 1 MiB")
        redactor = self._redactor
        if redactor is not None and not redactor.may_hold_secrets(text):
            redactor = None
        return to_event(decode(text), text, now, redactor)
