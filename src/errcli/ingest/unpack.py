"""How is a compressed stream read to its end, or to its damage?"""

import io
from typing import IO, Any


class Unpacker(io.RawIOBase):
    """Decompresses a file step by step; where it cannot go on it ends, and `damage` says why."""

    def __init__(self, file: IO[bytes]) -> None:
        self.damage: str | None = None
        self._file = file
        self._packed = b""
        self._ended = False

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one step of decompression does; 0 is the end."""
        unpacked = b""
        while not unpacked and not self._ended:
            unpacked = self._step(len(buffer))
        buffer[: len(unpacked)] = unpacked
        return len(unpacked)

    def _step(self, limit: int) -> bytes:
        """Return the next bytes, at most `limit`; none where a step gave none, or at the end."""
        raise NotImplementedError

    def _end(self, damage: str) -> None:
        self.damage = damage
        self._ended = True
