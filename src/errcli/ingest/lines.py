"""Where does a line begin and end: a stream cut into stretches of whole lines, in memory that does not grow."""

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from typing import IO

import msgspec
import pyarrow as pa

from errcli.position import SPAN, Passage, passage_of

MAX_LINE = 1 << 20
"""The longest line that is read, in bytes, its line end not counted."""

STAY_VALID = 2
"""How many stretches before the one that is being read stay valid."""

# A row group of the engine, so that a full stretch leaves no part of one behind.
_MOST_LINES = 122_880
_MOST_BYTES = 80 << 20
_FIRST_BYTES = 8 << 20
_GROWTH = 4
_LONGEST_READ = MAX_LINE + 2
_SKIPPED_AT_ONCE = 1 << 20
# The engine makes copies of the texts of 2,048 lines at a time: of lines as long as this a stretch holds fewer bytes.
_LOOKED_AT, _LONG_BYTES, _MOST_LONG_BYTES = 1024, 4 << 20, 40 << 20
# Its row groups are of a multiple of so many rows.
_VECTOR = 2048


class Stretch(msgspec.Struct, frozen=True):
    """Consecutive lines; valid while no more than `STAY_VALID` stretches have come after it.

    `first` is the number of the first line in the file, from 1; `text` is the lines with their ends, `ends` are the
    places in it where the first line begins and where each one ends. With `too_long` it is one line over the limit, of
    which only the beginning is here.
    """

    first: int
    text: memoryview
    ends: "array[int]"
    passage: Passage
    too_long: bool = False

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.ends) - 1

    def size(self, place: int) -> int:
        """Return how many bytes the line at a place, from 0, has with its end."""
        return self.ends[place + 1] - self.ends[place]

    def line(self, place: int) -> bytes:
        """Return the line at a place, from 0, with its end."""
        return bytes(self.text[self.ends[place] : self.ends[place + 1]])

    def arrow(self) -> pa.LargeStringArray:
        """Return the lines with their ends, not copied, and not checked to be UTF-8."""
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.ends), pa.py_buffer(self.text))


def stretches(stream: IO[bytes], first: int = 1) -> Iterator[Stretch]:
    """Cut a stream, which stands at the beginning of line `first`, into stretches."""
    buffer = _Buffer(stream)
    while True:
        ends = _without_many_long(buffer.line_ends())
        if not buffer.at_end:
            ends = _in_vectors(ends)
        if ends:
            yield buffer.take(first, ends)
            first += len(ends) - 1
        elif buffer.rest > _LONGEST_READ:
            yield buffer.skip_line(first)
            first += 1
        elif buffer.rest:
            yield buffer.take(first, array("q", [0, buffer.rest]), complete=False)
            return
        else:
            return


def _in_vectors(ends: "array[int]") -> "array[int]":
    """Return the ends of as many lines as fill row groups; of all, where these are few."""
    count = len(ends) - 1
    return ends[: count + 1 - count % _VECTOR] if count > _VECTOR else ends


def _without_many_long(ends: "array[int]") -> "array[int]":
    """Return fewer ends of lines where many in a row are long; at least that of one line, as long as it may be."""
    left = _MOST_LONG_BYTES
    for first in range(0, len(ends) - 1, _LOOKED_AT):
        size = ends[min(first + _LOOKED_AT, len(ends) - 1)] - ends[first]
        if size > _LONG_BYTES:
            if size > left:
                count = max(bisect_right(ends, ends[first] + left) - 1, first + 1)
                return _in_vectors(ends[: count + 1])
            left -= size
    return ends


class _Buffer:
    """A part of a stream in one of some pieces of memory, which are used in turn, so that stretches stay valid."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._memory = bytearray()
        self._others = deque(bytearray() for _ in range(STAY_VALID))
        self._wanted = _FIRST_BYTES
        self.at_end = False
        self.start = 0
        self.end = 0

    @property
    def rest(self) -> int:
        """Bytes that are here and not yet taken."""
        return self.end - self.start

    def line_ends(self) -> "array[int]":
        """Return where, seen from the first line's beginning, it and each one ends; nothing where no line ends here."""
        ends = array("q", [0])
        self._find(ends)
        while len(ends) <= _MOST_LINES and not self.at_end and self.rest < self._wanted:
            self._fill()
            self._find(ends)
        # the first stretch comes soon, so that work on it can begin
        self._wanted = min(_GROWTH * self._wanted, _MOST_BYTES)
        return ends if len(ends) > 1 else array("q")

    def _find(self, ends: "array[int]") -> None:
        find, start, end = self._memory.find, self.start, self.end
        place = start + ends[-1]
        while len(ends) <= _MOST_LINES and (place := find(b"\n", place, end) + 1):
            ends.append(place - start)

    def _fill(self) -> None:
        """Read on until as much is here as is wanted."""
        rest = self.rest
        oldest = self._others.popleft()
        memory = oldest if len(oldest) >= self._wanted else bytearray(self._wanted)
        # between views: a slice of a bytearray would take a copy of what it is given
        memoryview(memory)[:rest] = memoryview(self._memory)[self.start : self.end]
        self._others.append(self._memory)
        self._memory = memory
        self.start, self.end = 0, rest
        while self.end < len(self._memory) and not self.at_end:
            read = self._stream.readinto(memoryview(self._memory)[self.end :])  # type: ignore[attr-defined]
            self.end += read
            self.at_end = not read

    def take(self, first: int, ends: "array[int]", *, complete: bool = True) -> Stretch:
        """Return the lines that end at these places."""
        text = memoryview(self._memory)[self.start : self.start + ends[-1]]
        self.start += ends[-1]
        return Stretch(first, text, ends, passage_of(text, len(ends) - 1, complete=complete))

    def skip_line(self, first: int) -> Stretch:
        """Pass over a line without holding it."""
        beginning = self._memory[self.start : self.start + SPAN]
        size, last = self.rest, bytes(self._memory[self.end - SPAN : self.end])
        self.start = self.end = 0
        end = b""
        while not end and (chunk := self._stream.read(_SKIPPED_AT_ONCE)):
            line, end, rest = chunk.partition(b"\n")
            size += len(line) + len(end)
            last = (last + line + end)[-SPAN:]
            self._memory[: len(rest)] = rest
            self.end = len(rest)
        self.at_end = not end
        passage = Passage(bytes(beginning), last, size, 1, complete=bool(end))
        return Stretch(first, memoryview(beginning), array("q", [0, len(beginning)]), passage, too_long=True)
