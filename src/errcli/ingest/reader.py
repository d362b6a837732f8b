"""What becomes of each record of a source: an event, a blank, a drop by rule, or a reject with its reason."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from errcli.event import TEXTS, Dropped, Event, NotAnEventError, pattern_hash_of
from errcli.ingest import formats
from errcli.ingest.depth import is_too_deep
from errcli.ingest.formats import native
from errcli.ingest.mapping import Mapping
from errcli.ingest.reading import Reading
from errcli.ingest.records import Record, records
from errcli.ingest.redact import Redactor
from errcli.ingest.sources import STDIN, Source

ToEvent = Callable[[dict[str, Any], bytes, Reading], Event | Dropped]

_BATCH = 10_000
_BATCH_BYTES = 16 << 20
_SAMPLE = 100
_KEPT_OF_REJECT = 8192


class RejectedLine(msgspec.Struct, frozen=True):
    """A record that is no event: where it stands, why, and its redacted text."""

    line_number: int
    reason: str
    text: str


class Batch(msgspec.Struct):
    """What some consecutive records became; `lines` counts the records and is the sum of what they became."""

    events: list[Event] = []
    rejected: list[RejectedLine] = []
    dropped: Counter[str] = msgspec.field(default_factory=Counter)
    lines: int = 0
    blank: int = 0
    bytes: int = 0


class Reader:
    """Reads one source in one format.

    `format_name` is the format given, or the one detected once reading has begun, or `mapped`; `torn` is the size
    in bytes of a last line that was still being written: it is not counted and left for the next time.
    """

    def __init__(
        self,
        source: Source,
        format_name: str | None,
        redactor: Redactor | None,
        mapping: Mapping | None = None,
        reading: Reading = Reading(),  # noqa: B008 - frozen
    ) -> None:
        self._source = source
        self._redactor = redactor
        self._mapping = mapping
        self._reading = reading
        self.format_name = format_name
        self.torn = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the source's records in batches. Raises InputError, UsageError for an unknown format."""
        incoming = records(self._source)
        sample: list[Record] = []
        if self._mapping is not None:
            self.format_name = "mapped"
        if self.format_name is None:
            sample = list(islice(incoming, _SAMPLE))
            self.format_name = formats.detect(_objects(sample))
        to_event = formats.by_name(self.format_name).to_event if self._mapping is None else self._mapped
        for some in _in_batches(chain(sample, incoming)):
            if self._is_torn(some[-1]):
                self.torn = some.pop().size
            if some:
                yield self._batch(some, to_event)

    def _batch(self, some: list[Record], to_event: ToEvent) -> Batch:
        batch = Batch(lines=len(some), bytes=sum(record.size for record in some))
        redactors = self._redactors(some)
        for record, redactor in zip(some, redactors, strict=True):
            if not record.text:
                batch.blank += 1
                continue
            try:
                outcome = to_event(_decoded(record), record.text, self._reading)
            except NotAnEventError as refusal:
                text = _kept_text(record.text, redactor)
                batch.rejected.append(RejectedLine(record.number, str(refusal), text))
                continue
            if isinstance(outcome, Event):
                batch.events.append(finished(outcome, redactor))
            else:
                batch.dropped[outcome.rule] += 1
        return batch

    def _mapped(self, record: dict[str, Any], text: bytes, reading: Reading) -> Event:
        """Read a record whose fields stand where the user says, all others where native has them."""
        given = self._mapping.given(record) if self._mapping is not None else {}
        return native.to_event_given(given, record, text, reading)

    def _redactors(self, some: list[Record]) -> list[Redactor | None]:
        """Return for each record what redacts it, None where that is not called for."""
        redactor = self._redactor
        if redactor is None:
            return [None] * len(some)
        worth_it = redactor.which_may_hold_secrets([record.text for record in some])
        return [redactor if worth else None for worth in worth_it]

    def _is_torn(self, record: Record) -> bool:
        """Whether a last line looks like the beginning of a record; standard input will not be read again."""
        if record.complete or record.too_long or self._source.name == STDIN or not record.text.startswith(b"{"):
            return False
        try:
            decode(record.text)
        except NotAnEventError as refusal:
            return str(refusal) == "not JSON"
        return False


def _decoded(record: Record) -> dict[str, Any]:
    if record.too_long:
        raise NotAnEventError("line over 1 MiB")
    return decode(record.text)


def _kept_text(line: bytes, redactor: Redactor | None) -> str:
    text = line.decode("utf-8", "replace")
    if redactor is not None:
        text = redactor.text(text)
    return text[:_KEPT_OF_REJECT]


def finished(event: Event, redactor: Redactor | None) -> Event:
    """Redact an event, where that is called for, and then give it its pattern."""
    if redactor is not None:
        for name in TEXTS:
            value = getattr(event, name)
            if value is not None:
                setattr(event, name, redactor.text(value))
        if event.previous_errors:
            event.previous_errors = [redactor.text(item) for item in event.previous_errors]
        if event.input_data is not None and redactor.may_hold_secrets(event.input_data.encode()):
            tree = redactor.tree(msgspec.json.decode(event.input_data))
            event.input_data = msgspec.json.encode(tree).decode()
    event.pattern_hash = pattern_hash_of(event.error_type, event.page, event.action)
    return event


def decode(text: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises NotAnEventError: "not JSON", "not an event", "nesting too deep".

    Invalid UTF-8 and lone surrogates become U+FFFD; a number too large for a float becomes null.
    """
    lenient = False
    try:
        value = msgspec.json.decode(text)
    except RecursionError:
        raise NotAnEventError("nesting too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        value, lenient = _decode_leniently(text), True
    if is_too_deep(value, text):
        raise NotAnEventError("nesting too deep")
    if not isinstance(value, dict):
        raise NotAnEventError("not an event")
    return without_surrogates(value) if lenient else value


def without_surrogates(value: Any) -> Any:
    """Return a JSON value with U+FFFD for every lone surrogate in it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value


def _decode_leniently(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8", "replace"), parse_constant=_no_constant)
    except RecursionError:
        raise NotAnEventError("nesting too deep") from None
    except ValueError:
        raise NotAnEventError("not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _objects(sample: list[Record]) -> Iterator[dict[str, Any]]:
    for record in sample:
        try:
            yield decode(record.text)
        except NotAnEventError:
            continue


def _in_batches(incoming: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in incoming:
        batch.append(record)
        size += record.size
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
