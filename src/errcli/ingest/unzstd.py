"""What can be had of a zstd stream: all of a sound one, and of a damaged one what came out before the damage."""

import io
import sys
from typing import IO, Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 4 << 10  # what comes out of the chunk with the damage is lost


class Unzstd(io.RawIOBase):
    """Decompresses a file of one or more zstd frames; where it cannot go on it ends, and `damage` says why."""

    def __init__(self, file: IO[bytes]) -> None:
        self.damage: str | None = None
        self._file = file
        self._frame = zstd.ZstdDecompressor()
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
        if self._frame.eof:
            self._next_frame()
            return b""
        if self._frame.needs_input:
            self._packed = self._packed or self._file.read(_CHUNK)
            if not self._packed:
                self._end("the compressed stream ends early")
                return b""
        packed, self._packed = self._packed, b""
        try:
            return self._frame.decompress(packed, limit)
        except zstd.ZstdError as error:
            self._end(str(error))
            return b""

    def _next_frame(self) -> None:
        self._packed = self._frame.unused_data or self._file.read(_CHUNK)
        if self._packed:
            self._frame = zstd.ZstdDecompressor()
        else:
            self._ended = True

    def _end(self, damage: str) -> None:
        self.damage = damage
        self._ended = True
