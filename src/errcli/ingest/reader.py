"""What becomes of each record of a source: an event, a blank, a drop by rule, or a reject with its reason."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from errcli.event import TEXTS, Dropped, Event, NotAnEventError, pattern_hash_of
from errcli.ingest import formats
from errcli.ingest.records import Record, records
from errcli.ingest.redact import Redactor
from errcli.ingest.sources import STDIN, Source

_BATCH = 10_000
_BATCH_BYTES = 16 << 20
_SAMPLE = 100
_MAX_DEPTH = 100
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

    `format_name` is the format given, or the one detected once reading has begun; `torn` is the size in bytes
    of a last line that was still being written: it is not counted and left for the next time.
    """

    def __init__(self, source: Source, format_name: str | None, redactor: Redactor | None) -> None:
        self._source = source
        self._redactor = redactor
        self.format_name = format_name
        self.torn = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the source's records in batches. Raises InputError, UsageError for an unknown format."""
        incoming = records(self._source)
        sample: list[Record] = []
        if self.format_name is None:
            sample = list(islice(incoming, _SAMPLE))
            self.format_name = formats.detect(_objects(sample))
        to_event = formats.by_name(self.format_name).to_event
        batch = Batch()
        for record in _chained(sample, incoming):
            if self._is_torn(record):
                self.torn = record.size
                continue
            self._take(record, to_event, batch)
            if batch.lines >= _BATCH or batch.bytes >= _BATCH_BYTES:
                yield batch
                batch = Batch()
        if batch.lines:
            yield batch

    def _take(self, record: Record, to_event: Any, batch: Batch) -> None:
        batch.lines += 1
        batch.bytes += record.size
        if not record.text:
            batch.blank += 1
            return
        try:
            outcome = to_event(_decoded(record), record.text)
        except NotAnEventError as refusal:
            batch.rejected.append(RejectedLine(record.number, str(refusal), self._kept_text(record.text)))
            return
        if isinstance(outcome, Dropped):
            batch.dropped[outcome.rule] += 1
            return
        batch.events.append(finished(outcome, record.text, self._redactor))

    def _kept_text(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace")
        if self._redactor is not None:
            text = self._redactor.text(text)
        return text[:_KEPT_OF_REJECT]

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


def finished(event: Event, text: bytes, redactor: Redactor | None) -> Event:
    """Redact an event whose JSON was `text`, and then give it its pattern."""
    if redactor is not None and redactor.may_hold_secrets(text):
        for name in TEXTS:
            value = getattr(event, name)
            if value is not None:
                setattr(event, name, redactor.text(value))
        if event.previous_errors:
            event.previous_errors = [redactor.text(item) for item in event.previous_errors]
        if event.input_data is not None:
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
    # counting brackets is cheap, and almost every line ends here
    if text.count(b"{") + text.count(b"[") > _MAX_DEPTH and _depth(value) > _MAX_DEPTH:
        raise NotAnEventError("nesting too deep")
    if not isinstance(value, dict):
        raise NotAnEventError("not an event")
    return _without_surrogates(value) if lenient else value


def _decode_leniently(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8", "replace"), parse_constant=_no_constant)
    except RecursionError:
        raise NotAnEventError("nesting too deep") from None
    except ValueError:
        raise NotAnEventError("not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _depth(value: Any) -> int:
    depth, level = 0, [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
    return depth


def _objects(sample: list[Record]) -> Iterator[dict[str, Any]]:
    for record in sample:
        try:
            yield decode(record.text)
        except NotAnEventError:
            continue


def _chained(sample: list[Record], rest: Iterator[Record]) -> Iterator[Record]:
    yield from sample
    yield from rest
