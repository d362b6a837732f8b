"""How far is a file read, and by what is it known again: its content, whatever its name."""

import hashlib

import msgspec

SPAN = 4096
"""Bytes at the beginning, and before the place up to which a file was read, by which it is known."""


class Position(msgspec.Struct, frozen=True):
    """A place in a log; sizes in bytes of its text, after decompression.

    `reading` tells how it was read: read otherwise, it is a log not yet read. `complete` is whether the last line
    that was read had its end.
    """

    reading: str
    head_size: int
    head: str
    read_bytes: int
    tail_size: int
    tail: str
    lines: int
    complete: bool
    format: str

    def begins(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes may be the one that was read."""
        return len(head) >= self.head_size and fingerprint(head[: self.head_size]) == self.head


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hex."""
    return hashlib.sha256(data).hexdigest()


class Passage(msgspec.Struct, frozen=True):
    """A stretch of a log's text: its first and last bytes, at most `SPAN` of each, its size, and its lines."""

    first: bytes
    last: bytes
    size: int
    lines: int
    complete: bool = True


def passage_of(text: memoryview, lines: int, *, complete: bool = True) -> Passage:
    """Return what is to be known of a text."""
    return Passage(bytes(text[:SPAN]), bytes(text[-SPAN:]), len(text), lines, complete)


class Trail:
    """Follows what is read of a file from a place on, so that the next place is known by it."""

    def __init__(self, reading: str, head: bytes, start: Position | None, tail: bytes) -> None:
        self._reading = reading
        self.read_bytes = start.read_bytes if start else 0
        self.lines = start.lines if start else 0
        self._head = head[: self.read_bytes]
        self._tail = tail
        self._complete = True

    def advance(self, passage: Passage) -> None:
        """Take note of what was read."""
        self._head = (self._head + passage.first)[:SPAN]
        self._tail = (self._tail + passage.last)[-SPAN:]
        self.read_bytes += passage.size
        self.lines += passage.lines
        self._complete = passage.complete

    def position(self, format_name: str) -> Position:
        """Return the place that reading has come to."""
        return Position(
            self._reading,
            len(self._head),
            fingerprint(self._head),
            self.read_bytes,
            len(self._tail),
            fingerprint(self._tail),
            self.lines,
            self._complete,
            format_name,
        )
