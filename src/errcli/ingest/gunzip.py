"""What can be had of a gzip stream: all of a sound one, and of a damaged one everything before the damage."""

import io
import zlib
from typing import IO, Any

MAGIC = b"\x1f\x8b"

_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 64 << 10


class Gunzip(io.RawIOBase):
    """Decompresses a file of one or more gzip members; where it cannot go on it ends, and `damage` says why."""

    def __init__(self, file: IO[bytes]) -> None:
        self.damage: str | None = None
        self._file = file
        self._inflate = zlib.decompressobj(_GZIP)
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
        if self._inflate.eof:
            self._next_member()
            return b""
        self._packed = self._packed or self._file.read(_CHUNK)
        if not self._packed:
            self._end("the compressed stream ends early")
            return b""
        before = self._inflate.copy()
        packed = self._packed
        try:
            unpacked = self._inflate.decompress(packed, limit)
        except zlib.error as error:
            self._end(str(error))
            return _salvaged(before, packed, limit)
        self._packed = self._inflate.unused_data or self._inflate.unconsumed_tail
        return unpacked

    def _next_member(self) -> None:
        """Begin the next member; zeros that pad the last one are nothing."""
        self._packed = (self._packed or self._file.read(_CHUNK)).lstrip(b"\0")
        while not self._packed and (more := self._file.read(_CHUNK)):
            self._packed = more.lstrip(b"\0")
        if self._packed:
            self._inflate = zlib.decompressobj(_GZIP)
        else:
            self._ended = True

    def _end(self, damage: str) -> None:
        self.damage = damage
        self._ended = True


def _salvaged(inflate: Any, packed: bytes, limit: int) -> bytes:
    """Return what comes out before the byte that is wrong, at most `limit` bytes."""
    unpacked = b""
    for position in range(len(packed)):
        if len(unpacked) >= limit:
            break
        try:
            unpacked += inflate.decompress(packed[position : position + 1], limit - len(unpacked))
        except zlib.error:
            break
    return unpacked
