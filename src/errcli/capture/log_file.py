"""How do several processes append to one file, whole lines only, and begin a new one when it is full?"""

from __future__ import annotations

import fcntl
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 256 << 10
"""Most bytes that are written under one lock, so that other processes get their turn."""
_MOST_LOOKS = 1000


class LogFile:
    """A file of lines that processes share.

    Who appends holds the file's lock (flock) while it looks whether the path still means that file, moves it out of the
    way if it is full, and writes. So a file that was renamed, by another process or by logrotate, gets no more lines.
    """

    def __init__(self, path: str, max_bytes: int, keep: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._keep = keep
        self._descriptor: int | None = None

    def append(self, lines: list[bytes]) -> Iterator[int]:
        """Append lines with their ends; yield how many, each time some of them are with the operating system.

        Raises OSError where no more can be written; what of a line got there before is taken back.
        """
        for piece in _pieces(lines, min(_AT_ONCE, self._max_bytes)):
            descriptor = self._locked(sum(map(len, piece)))
            try:
                _write(descriptor, b"".join(piece))
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
            yield len(piece)

    def close(self) -> None:
        """Let go of the file; the next append opens it anew."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _locked(self, more: int) -> int:
        """Return the file that the path means now, locked, and with room for so many bytes if it holds any."""
        for _ in range(_MOST_LOOKS):
            descriptor = self._opened()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = self._size_if_current(descriptor)
            if size is not None and (size == 0 or size + more <= self._max_bytes):
                return descriptor
            if size is not None:
                self._make_way()
            self.close()  # and so lets go of the lock
        raise OSError("the file is another one at every look")

    def _opened(self) -> int:
        if self._descriptor is None:
            # without waiting for a reader, should it be a pipe
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK
            self._descriptor = os.open(self._path, flags, 0o666)
            if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
                self.close()
                raise OSError("no regular file")
        return self._descriptor

    def _size_if_current(self, descriptor: int) -> int | None:
        """Return the size of an open file; None if the path means another one by now."""
        ours = os.fstat(descriptor)
        try:
            theirs = os.stat(self._path)  # noqa: PTH116 - pathlib is slow to import
        except FileNotFoundError:
            return None
        return ours.st_size if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino) else None

    def _make_way(self) -> None:
        """Rename FILE to FILE.1, that to FILE.2 and so on; the last one goes."""
        names = [self._path, *(f"{self._path}.{number}" for number in range(1, self._keep + 1))]
        if self._keep == 0:
            os.unlink(self._path)  # noqa: PTH108
        for older, newer in zip(reversed(names[1:]), reversed(names[:-1]), strict=True):
            try:
                os.replace(newer, older)  # noqa: PTH105
            except FileNotFoundError:
                continue


def _write(descriptor: int, text: bytes) -> None:
    """Write lines, after the end of whatever a killed process left; take back what of a line got there."""
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        text = b"\n" + text
    try:
        while text:
            text = text[os.write(descriptor, text) :]
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _pieces(lines: list[bytes], most: int) -> Iterator[list[bytes]]:
    """Yield consecutive lines, so many as fit into so many bytes, but at least one."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > most:
            yield piece
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield piece
