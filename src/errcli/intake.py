"""One file into the store: what is new of it, in bursts, each with the place that it brings reading to."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from errcli.errors import InputError, StoreBusyError
from errcli.event import Event
from errcli.ingest import formats
from errcli.ingest.lines import STAY_VALID
from errcli.ingest.mapping import Mapping
from errcli.ingest.reader import Batch, Part, Reader
from errcli.ingest.reading import Reading
from errcli.ingest.redact import Redactor
from errcli.ingest.sources import STDIN, Source, opened
from errcli.ingest.spool import emptied
from errcli.position import SPAN, Passage, Position, Trail, fingerprint
from errcli.store.burst import Back, Burst, Loaded, Pattern, Reached, Suspicion
from errcli.store.worker import Worker

if TYPE_CHECKING:
    from concurrent.futures import Future

Advance = Callable[[int], None]

# From here on a burst is committed while reading goes on; what remains at the end is one, too. To look for the ids of a
# burst takes as long as the store is large: in a very large one, where that takes longer than all else while the store
# is locked, a burst is a fraction of it.
_FULL, _MOST, _FRACTION = 40_000, 200_000, 400
_BYTES_OF_A_LINE = 600
# Of the events that wait so many portions are committed at once.
_PORTIONS = 8


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
    `back`: what was resolved and is seen again.
    """

    lines: int = 0
    stored: int = 0
    duplicates: int = 0
    folded: int = 0
    blank: int = 0
    back: list[Back] = msgspec.field(default_factory=list)
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


def take_spooled(worker: Worker, spool: Path) -> int:
    """Take in the events that wait beside the store; return how many there were."""
    lines = events = 0
    with emptied(spool) as waiting:
        while (burst := _staged(worker, spool, islice(waiting, _PORTIONS), lines)).lines:
            worker.prepare()
            worker.commit(burst, datetime.now(UTC))
            lines += burst.lines
            events += burst.lines - len(burst.rejected)
    return events


def _staged(worker: Worker, spool: Path, waiting: Iterable[list[Event | bytes]], before: int) -> Burst:
    """Have events staged that wait, `before` lines of which were taken in already."""
    burst = Burst(file=str(spool), format=formats.NATIVE)
    for some in waiting:
        numbered = list(enumerate(some, before + burst.lines + 1))
        burst.lines += len(some)
        worker.stage([(number, each) for number, each in numbered if isinstance(each, Event)])
        torn = [(number, each) for number, each in numbered if isinstance(each, bytes)]
        burst.rejected += [(number, "not JSON", line.decode("utf-8", "replace")) for number, line in torn]
    return burst


class Intake:
    """Takes files in, one after another; knows how far each was read before, and when to stop."""

    def __init__(
        self,
        workers: list[Worker],
        how: How,
        positions: list[Position],
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._workers = workers
        self._how = how
        self._positions = positions
        self._should_stop = should_stop

    def take(self, file: str, advance: Advance, name: str | None = None) -> Taken:
        """Take in what is new of a file, called `name` if not as its path; `advance` hears of bytes consumed on disk.

        Raises InputError, and what `Worker.commit` raises. What a burst has stored stays, whatever comes after it.
        """
        head, starts = self._starts(file)
        for start in starts:
            with opened(file, name) as source:
                tail = _pass_over(source, start)
                if tail is not None:
                    trail = Trail(self._how.key, head, start, tail)
                    one = _OneFile(self._workers, self._how, source, start, trail, self._positions)
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


def _suspicion(redactor: Redactor | None) -> Suspicion:
    if redactor is None:
        return Suspicion()
    return Suspicion(
        Pattern(redactor.traces, redactor.traces_whatever_digits),
        Pattern(redactor.marks, redactor.marks_whatever_digits),
    )


def _pass_over(source: Source, start: Position | None) -> bytes | None:
    """Bring a source to a place; return the text before it, None where that is another than the one that was read."""
    if start is None:
        return b""
    tail = source.skip(start.read_bytes, start.tail_size)
    return tail if fingerprint(tail) == start.tail else None


class _Group:
    """The records of one burst on their way into the store: `lines` that were handed to the worker, what it counts."""

    def __init__(self, worker: Worker, file: str) -> None:
        self.worker = worker
        self.burst = Burst(file=file, format="")
        self.lines = 0
        self.staged: list[Future[None]] = []

    def is_full(self, lines: int) -> bool:
        """Whether it holds so many lines, or as many bytes as these usually have."""
        return self.lines >= lines or self.burst.bytes >= lines * _BYTES_OF_A_LINE


class _OneFile:
    """The reading of one file from a place on.

    Parts are read here; workers stage them and commit one group after the other, in their threads.
    """

    def __init__(
        self,
        workers: list[Worker],
        how: How,
        source: Source,
        start: Position | None,
        trail: Trail,
        positions: list[Position],
    ) -> None:
        self._workers = deque(workers)
        self._how = how
        self._source = source
        self._start = start
        self._positions = positions
        self._taken = Taken(known=start.lines if start else 0)
        self._trail = trail
        self._reader = Reader(
            source, start.format if start else how.format_name, how.redactor, how.mapping, how.reading
        )
        self._unstaged: deque[Future[None]] = deque()
        self._last_commit: Future[None] | None = None
        self._full = _FULL
        self._group = self._new_group()

    def take(self, advance: Advance, should_stop: Callable[[], bool]) -> Taken:
        """Read to the end, or to the first place from which reading can go on another time once it should stop."""
        if self._start is not None and not self._start.complete:
            self._pass_over_line_end()
        try:
            self._read(advance, should_stop)
            self._settle()
        except (InputError, StoreBusyError) as error:
            self._taken.failure = error
            self._give_up()
        self._taken.torn = self._reader.torn
        self._taken.damage = self._source.damage
        return self._taken

    def _read(self, advance: Advance, should_stop: Callable[[], bool]) -> None:
        for part in self._reader.parts(self._trail.lines + 1):
            self._hand_over(part)
            if part.passage is not None:
                self._trail.advance(part.passage)
                self._group.burst.bytes += part.passage.size
                if self._group.is_full(self._full):
                    self._close_group()
                if should_stop():
                    break
            advance(self._source.position)
        if self._group.lines:
            self._close_group()

    def _pass_over_line_end(self) -> None:
        """Read the end of a last line that was read without one."""
        end = self._source.line_end()
        self._trail.advance(Passage(end, end, len(end), 0))

    def _hand_over(self, part: Part) -> None:
        """Have a part staged; wait if more are on their way than stay valid."""
        group = self._group
        group.lines += part.batch.lines + (0 if part.lines is None else part.lines.num_rows)
        group.staged.append(group.worker.later(self._stage, group, part))
        self._unstaged.append(group.staged[-1])
        while len(self._unstaged) > STAY_VALID:
            self._unstaged.popleft().result()

    def _close_group(self) -> None:
        """Have a group committed after the one before it, and begin another."""
        if self._last_commit is not None and self._last_commit.done():
            self._last_commit.result()  # there is no use in reading on after a failure
        group, previous = self._group, self._last_commit
        position = self._trail.position(self._reader.format_name or "") if self._source.can_be_reopened else None
        self._last_commit = group.worker.later(self._commit, group, position, previous)
        self._group = self._new_group()

    def _settle(self) -> None:
        """Wait for what is to be committed."""
        if self._last_commit is not None:
            self._last_commit.result()

    def _give_up(self) -> None:
        """Wait for what is to be committed, and forget what else is staged."""
        try:
            self._settle()
        except StoreBusyError as error:
            self._taken.failure = error
        for worker in self._workers:
            worker.later(worker.discard).result()

    def _stage(self, group: _Group, part: Part) -> None:
        self._add_batch(group, part.batch)
        if part.lines is None:
            return
        suspicion = _suspicion(self._how.redactor)
        refused = group.worker.stage_lines(part.lines, suspicion, zone_is_utc=self._how.reading.zone is UTC)
        group.burst.lines += part.lines.num_rows - len(refused)
        for batch in self._reader.reread(part, refused):
            self._add_batch(group, batch)

    def _add_batch(self, group: _Group, batch: Batch) -> None:
        group.worker.stage(batch.events)
        burst = group.burst
        burst.lines += batch.lines
        burst.blank += batch.blank
        burst.rejected += [(each.line_number, each.reason, each.text) for each in batch.rejected]
        for rule, count in batch.dropped.items():
            burst.dropped[rule] = burst.dropped.get(rule, 0) + count

    def _commit(self, group: _Group, position: Position | None, previous: "Future[None] | None") -> None:
        for staged in group.staged:
            staged.result()
        group.worker.prepare()  # while the one before it may still be at the store
        if previous is not None:
            previous.result()
        burst = group.burst
        burst.format = self._reader.format_name or ""
        burst.rejected.sort()  # lines that were read with care came after the others
        reached = self._reached(burst, position)
        loaded = group.worker.commit(burst, datetime.now(UTC), reached)
        self._add_up(burst, loaded, reached)

    def _add_up(self, burst: Burst, loaded: Loaded, reached: Reached | None) -> None:
        """Count what is committed, and only then know that it was read."""
        if reached is not None:
            others = [each for each in self._positions if each != reached.previous]
            self._positions[:] = [reached.position, *others]
            self._start = reached.position
        self._full = max(_FULL, min(loaded.events // _FRACTION, _MOST))
        taken = self._taken
        taken.lines += burst.lines
        taken.stored += loaded.stored
        taken.duplicates += loaded.duplicates
        taken.folded += loaded.folded
        taken.back += loaded.back
        taken.blank += burst.blank
        taken.dropped.update(loaded.dropped)
        taken.rejected.update(reason for _, reason, _ in burst.rejected)
        if burst.rejected and taken.first_reject is None:
            taken.first_reject = burst.rejected[0][:2]

    def _reached(self, burst: Burst, position: Position | None) -> Reached | None:
        """Return the place that reading has come to; None where it should begin anew another time."""
        taken = self._taken
        recognised = taken.lines - taken.blank - taken.rejected.total() or burst.lines - burst.blank - len(
            burst.rejected
        )
        if position is None or not (recognised or self._start):
            return None
        return Reached(position, self._start)

    def _new_group(self) -> _Group:
        self._workers.rotate()
        return _Group(self._workers[0], self._source.name)
