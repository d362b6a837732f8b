"""One file into the store: what is new of it, in bursts, each with the place that it brings reading to."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from errcli.errors import InputError, StoreBusyError
from errcli.event import Event
from errcli.ingest import formats
from errcli.ingest.mapping import Mapping
from errcli.ingest.reader import Batch, Part, Reader
from errcli.ingest.reading import Reading
from errcli.ingest.redact import Redactor
from errcli.ingest.sources import STDIN, Source, opened
from errcli.ingest.spool import emptied
from errcli.position import SPAN, Passage, Position, Trail, fingerprint
from errcli.store.load import Burst, Loaded, Loader, Reached

if TYPE_CHECKING:
    from concurrent.futures import Future

Advance = Callable[[int], None]

# From here on a burst is committed while reading goes on; what remains at the end is one, too.
_FULL_LINES, _FULL_BYTES = 50_000, 32 << 20


class How(msgspec.Struct, frozen=True):
    """How logs are read: the format, None to detect it; what redacts, None for nothing; where fields stand."""

    format_name: str | None = None
    redactor: Redactor | None = None
    mapping: Mapping | None = None
    reading: Reading = Reading()

    @property
    def key(self) -> str:
        """A text that differs where records would be read otherwise."""
        mapped = self.mapping.key if self.mapping else ""
        return f"{self.format_name or '-'} {mapped} {self.reading.zone} {self.reading.all_levels}"


class Taken(msgspec.Struct):
    """What became of the new lines of a file: `lines` is the sum of `stored` to `blank`, of `dropped` and `rejected`.

    `dropped` counts by rule, `rejected` by reason. `torn`: a last line was still being written; `damage`: why a
    compressed file could be read only so far; `known`: lines that were read another time; `failure`: why reading ended.
    """

    lines: int = 0
    stored: int = 0
    duplicates: int = 0
    folded: int = 0
    blank: int = 0
    dropped: Counter[str] = msgspec.field(default_factory=Counter)
    rejected: Counter[str] = msgspec.field(default_factory=Counter)
    first_reject: tuple[int, str] | None = None
    torn: bool = False
    damage: str | None = None
    known: int = 0
    failure: InputError | StoreBusyError | None = None

    @property
    def nothing_recognised(self) -> bool:
        """Whether there were records, and all of them were rejected."""
        return not self.known and 0 < self.rejected.total() == self.lines - self.blank


def take_spooled(load: Loader, spool: Path) -> int:
    """Take in the events that wait beside the store; return how many there were."""
    with emptied(spool) as waiting:
        if not waiting:
            return 0
        burst = Burst(file=str(spool), format=formats.NATIVE, lines=len(waiting))
        events = [(number, each) for number, each in enumerate(waiting, 1) if isinstance(each, Event)]
        load.stage(events)
        burst.rejected = [
            (number, "not JSON", each.decode("utf-8", "replace"))
            for number, each in enumerate(waiting, 1)
            if isinstance(each, bytes)
        ]
        load.commit(burst, datetime.now(UTC))
        return len(events)


class Intake:
    """Takes files in, one after another; knows how far each was read before, and when to stop."""

    def __init__(
        self, load: Loader, how: How, positions: list[Position], should_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self._load = load
        self._how = how
        self._positions = positions
        self._should_stop = should_stop

    def take(self, file: str, advance: Advance, name: str | None = None) -> Taken:
        """Take in what is new of a file, called `name` if not as its path; `advance` hears of bytes consumed on disk.

        Raises InputError, and what `Loader.commit` raises. What a burst has stored stays, whatever comes after it.
        """
        self._load.discard()
        head, starts = self._starts(file)
        for start in starts:
            with opened(file, name) as source:
                tail = _pass_over(source, start)
                if tail is not None:
                    trail = Trail(self._how.key, head, start, tail)
                    one = _OneFile(self._load, self._how, source, start, trail, self._positions)
                    return one.take(advance, self._should_stop)
        raise AssertionError("the beginning is always a place to start from")

    def _starts(self, file: str) -> tuple[bytes, list[Position | None]]:
        """Return how the file begins, and the places from which it may be new, the beginning (None) as the last."""
        if file == STDIN or not self._positions:
            return b"", [None]
        with opened(file) as source:
            if not source.can_be_reopened:
                return b"", [None]
            head = source.head(SPAN)
        places = [each for each in self._positions if each.reading == self._how.key and each.begins(head)]
        return head, [*places, None]


def _pass_over(source: Source, start: Position | None) -> bytes | None:
    """Bring a source to a place; return the text before it, None where that is another than the one that was read."""
    if start is None:
        return b""
    tail = source.skip(start.read_bytes, start.tail_size)
    return tail if fingerprint(tail) == start.tail else None


def _one_ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts, and have the next one read in a thread while one is in use."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = thread.submit(next, parts, None)
            yield part


class _OneFile:
    """The reading of one file from a place on."""

    def __init__(
        self, load: Loader, how: How, source: Source, start: Position | None, trail: Trail, positions: list[Position]
    ) -> None:
        self._load = load
        self._how = how
        self._source = source
        self._start = start
        self._positions = positions
        self._taken = Taken(known=start.lines if start else 0)
        self._trail = trail
        self._reader = Reader(
            source, start.format if start else how.format_name, how.redactor, how.mapping, how.reading
        )
        self._burst = self._new_burst()
        self._running: tuple[Burst, Reached | None, Future[Loaded]] | None = None

    def take(self, advance: Advance, should_stop: Callable[[], bool]) -> Taken:
        """Read to the end, or to the first place from which reading can go on another time once it should stop."""
        if self._start is not None and not self._start.complete:
            self._pass_over_line_end()
        try:
            self._read(advance, should_stop)
            self._settle()
        except (InputError, StoreBusyError) as error:
            self._load.discard()
            self._taken.failure = error
        self._taken.torn = self._reader.torn
        self._taken.damage = self._source.damage
        return self._taken

    def _read(self, advance: Advance, should_stop: Callable[[], bool]) -> None:
        parts = self._reader.parts(self._trail.lines + 1)
        # nobody could interrupt a thread that waits for a pipe
        for part in _one_ahead(parts) if self._source.can_be_reopened else parts:
            self._add(part)
            if part.passage is not None:
                self._trail.advance(part.passage)
                self._burst.bytes += part.passage.size
                if self._burst.lines >= _FULL_LINES or self._burst.bytes >= _FULL_BYTES:
                    self._commit_meanwhile()
                if should_stop():
                    break
            advance(self._source.position)
        if self._burst.lines:
            self._commit()

    def _pass_over_line_end(self) -> None:
        """Read the end of a last line that was read without one."""
        end = self._source.line_end()
        self._trail.advance(Passage(end, end, len(end), 0))

    def _add(self, part: Part) -> None:
        self._add_batch(part.batch)
        self._burst.lines += part.batch.lines
        if part.lines is None:
            return
        traces = self._how.redactor.traces if self._how.redactor else None
        refused = self._load.stage_lines(part.lines, traces, zone_is_utc=self._how.reading.zone is UTC)
        self._burst.lines += part.lines.num_rows
        for batch in self._reader.reread(part, refused):
            self._add_batch(batch)

    def _add_batch(self, batch: Batch) -> None:
        self._load.stage(batch.events)
        self._burst.blank += batch.blank
        self._burst.rejected += [(each.line_number, each.reason, each.text) for each in batch.rejected]
        for rule, count in batch.dropped.items():
            self._burst.dropped[rule] = self._burst.dropped.get(rule, 0) + count

    def _commit(self) -> None:
        self._settle()
        self._close_burst()
        reached = self._reached()
        loaded = self._load.commit(self._burst, datetime.now(UTC), reached)
        self._add_up(self._burst, loaded, reached)
        self._burst = self._new_burst()

    def _commit_meanwhile(self) -> None:
        """Have the burst committed while the next one is read."""
        self._settle()
        self._close_burst()
        reached = self._reached()
        self._running = self._burst, reached, self._load.commit_meanwhile(self._burst, datetime.now(UTC), reached)
        self._burst = self._new_burst()

    def _settle(self) -> None:
        """Wait for the burst that is being committed."""
        if self._running is not None:
            burst, reached, loaded = self._running
            self._running = None
            self._add_up(burst, loaded.result(), reached)

    def _close_burst(self) -> None:
        """Add what is known at the end of a burst; lines that were read with care come after the others."""
        self._burst.format = self._reader.format_name or ""
        self._burst.rejected.sort()

    def _add_up(self, burst: Burst, loaded: Loaded, reached: Reached | None) -> None:
        """Count what is committed, and only then know that it was read."""
        if reached is not None:
            others = [each for each in self._positions if each != reached.previous]
            self._positions[:] = [reached.position, *others]
        taken = self._taken
        taken.lines += burst.lines
        taken.stored += loaded.stored
        taken.duplicates += loaded.duplicates
        taken.folded += loaded.folded
        taken.blank += burst.blank
        taken.dropped.update(loaded.dropped)
        taken.rejected.update(reason for _, reason, _ in burst.rejected)
        if burst.rejected and taken.first_reject is None:
            taken.first_reject = burst.rejected[0][:2]

    def _reached(self) -> Reached | None:
        """Return the place that reading has come to; None where it should begin anew another time."""
        recognised = self._taken.lines - self._taken.blank - self._taken.rejected.total() or (
            self._burst.lines - self._burst.blank - len(self._burst.rejected)
        )
        if not self._source.can_be_reopened or not (recognised or self._start):
            return None
        position = self._trail.position(self._reader.format_name or "")
        reached = Reached(position, self._start)
        self._start = position
        return reached

    def _new_burst(self) -> Burst:
        return Burst(file=self._source.name, format="")
