"""What becomes of each record of a source: a line for the engine, an event, a blank, a drop by rule, or a reject?"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import pyarrow as pa

from errcli.event import Dropped, Event, NotAnEventError
from errcli.ingest import decoding, formats, gate, records
from errcli.ingest.formats import native
from errcli.ingest.lines import Stretch, stretches
from errcli.ingest.mapping import Mapping
from errcli.ingest.portions import portions
from errcli.ingest.reading import Reading
from errcli.ingest.records import Record
from errcli.ingest.redact import Redactor, redacted
from errcli.ingest.sources import STDIN, Source
from errcli.position import Passage, passage_of

Single = tuple[dict[str, Any], bytes]
"""One record with its text, of those that a line may hold."""

_SAMPLE = 100
_KEPT_OF_REJECT = 8192


class RejectedLine(msgspec.Struct, frozen=True):
    """A record that is no event: where it stands, why, and its redacted text."""

    line_number: int
    reason: str
    text: str


class Batch(msgspec.Struct):
    """What some records became: `events` with their numbers; `lines` counts the records and is the sum of all."""

    events: list[tuple[int, Event]] = []
    rejected: list[RejectedLine] = []
    dropped: Counter[str] = msgspec.field(default_factory=Counter)
    lines: int = 0
    blank: int = 0

    def reject(self, record: Record, refusal: NotAnEventError, text: bytes, redactor: Redactor | None) -> None:
        """Add a record that is no event."""
        self.lines += 1
        self.rejected.append(RejectedLine(record.number, str(refusal), _kept_text(text, redactor)))

    def drop(self, dropped: Dropped) -> None:
        """Add a record that a rule drops."""
        self.lines += 1
        self.dropped[dropped.rule] += 1


class Part(msgspec.Struct, frozen=True):
    """Some records of a source, in order.

    `lines` are native lines for the engine, as `gate.readable` returns them; `batch` is what the others became.
    `passage` is None, but where reading may go on from here another time: then it is the text since the last such
    place. `stretch` is where the lines stand, for `Reader.reread`.
    """

    lines: pa.Table | None
    batch: Batch
    passage: Passage | None = None
    stretch: Stretch | None = None


class Reader:
    """Reads one source in one format.

    `format_name` is the format given, or the one detected once reading has begun, or `mapped`; `torn` is whether the
    last line was still being written: it is not counted and left for the next time.
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
        self._format: formats.Format | None = None
        self._records_read = 0
        self.format_name = "mapped" if mapping is not None else format_name
        self.torn = False
        self._is_settled = False

    def parts(self, first_line: int = 1) -> Iterator[Part]:
        """Yield the source's records. Raises InputError, UsageError for an unknown format."""
        self._records_read = first_line - 1
        if first_line == 1:
            document = records.document_of(self._source)
            if document is not None:
                yield from self._listed(document)
                return
        for stretch in stretches(self._source.stream, first_line):
            if self._is_torn(stretch):
                self.torn = True
                return
            yield from self._of_lines(stretch)

    def reread(self, part: Part, numbers: list[int]) -> Iterator[Batch]:
        """Read lines of a part once more, with care: those that the engine left, by their numbers."""
        if part.stretch is not None:
            first = part.stretch.first
            for some in portions((number - first for number in numbers), part.stretch.size):
                yield self._batch(records.of_lines(part.stretch, some))

    def _of_lines(self, stretch: Stretch) -> Iterator[Part]:
        self._detect(lambda: records.of_lines(stretch, range(min(_SAMPLE, len(stretch)))))
        lines: pa.Table | None = None
        others: Sequence[int] = range(len(stretch))
        if self.format_name == formats.NATIVE:
            lines, others = gate.readable(stretch)
        *firsts, last = list(portions(others, stretch.size)) or [[]]
        for places in firsts:
            yield Part(None, self._batch(records.of_lines(stretch, places)))
        batch = self._batch(records.of_lines(stretch, last))
        # a last line that may go on is read anew if it is no event as it stands
        may_go_on = not stretch.passage.complete and bool(batch.rejected)
        yield Part(lines, batch, None if may_go_on else stretch.passage, stretch)

    def _listed(self, document: records.Document) -> Iterator[Part]:
        self._detect(lambda: islice(document.records(), _SAMPLE))
        for some in portions(document.records(), lambda record: len(record.text)):
            yield Part(None, self._batch(some))
        yield Part(None, Batch(), passage_of(memoryview(document.text), len(document.elements)))

    def _detect(self, sample: Callable[[], Any]) -> None:
        """Settle the format and how it is read, by the first records where it is not known."""
        if self._is_settled:
            return
        self._is_settled = True
        if self.format_name is None:
            self.format_name = formats.detect(decoding.objects(record.text for record in sample()))
        if self._mapping is None:
            self._format = formats.by_name(self.format_name)

    def _singles(self, record: dict[str, Any], text: bytes) -> list[Single]:
        """Return the records that a line holds: most formats have one a line."""
        split = getattr(self._format, "records_of", None)
        return [(record, text)] if split is None else [(each, msgspec.json.encode(each)) for each in split(record)]

    def _outcome(self, record: dict[str, Any], text: bytes) -> Event | Dropped:
        """Bring a record to its canonical form. Raises NotAnEventError with the reason."""
        if self._format is not None:
            return self._format.to_event(record, text, self._reading)
        # fields stand where the user says, all others where native has them
        given = self._mapping.given(record) if self._mapping is not None else {}
        return native.to_event_given(given, record, text, self._reading)

    def _batch(self, some: list[Record]) -> Batch:
        batch = Batch()
        for record, redactor in zip(some, self._redactors(some), strict=True):
            if not record.text and not record.too_long:
                batch.blank += 1
                batch.lines += 1
                continue
            try:
                singles = self._singles(_decoded(record), record.text)
            except NotAnEventError as refusal:
                batch.reject(record, refusal, record.text, redactor)
                continue
            for single in singles:
                self._add(batch, record, single, redactor)
            if not singles:
                batch.drop(Dropped("empty"))
        return batch

    def _add(self, batch: Batch, record: Record, single: Single, redactor: Redactor | None) -> None:
        try:
            outcome = self._outcome(*single)
        except NotAnEventError as refusal:
            batch.reject(record, refusal, single[1], redactor)
            return
        if isinstance(outcome, Dropped):
            batch.drop(outcome)
            return
        number = record.number
        if self.format_name != formats.NATIVE:
            self._records_read += 1
            number = self._records_read
        batch.events.append((number, redacted(outcome, redactor)))
        batch.lines += 1

    def _redactors(self, some: list[Record]) -> list[Redactor | None]:
        """Return for each record what redacts it, None where that is not called for."""
        redactor = self._redactor
        if redactor is None or not some:
            return [None] * len(some)
        worth_it = redactor.which_may_hold_secrets([record.text for record in some])
        return [redactor if worth else None for worth in worth_it]

    def _is_torn(self, stretch: Stretch) -> bool:
        """Whether a last line looks like the beginning of a record; standard input will not be read again."""
        if stretch.passage.complete or self._source.name == STDIN:
            return False
        (record,) = records.of_lines(stretch, [0])
        if record.too_long or not record.text.startswith(b"{"):
            return False
        try:
            decoding.decode(record.text)
        except NotAnEventError as refusal:
            return str(refusal) == "not JSON"
        return False


def _decoded(record: Record) -> dict[str, Any]:
    if record.too_long:
        raise NotAnEventError("line over 1 MiB")
    return decoding.decode(record.text)


def _kept_text(line: bytes, redactor: Redactor | None) -> str:
    text = line[: 4 * _KEPT_OF_REJECT].decode("utf-8", "replace")
    if redactor is not None:
        text = redactor.text(text)
    return text[:_KEPT_OF_REJECT]
