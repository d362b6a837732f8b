"""What can be had of a gzip stream: all of a sound one, and of a damaged one everything before the damage."""

import zlib
from typing import IO, Any

from errcli.ingest.unpack import Unpacker

MAGIC = b"\x1f\x8b"

_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 64 << 10


class Gunzip(Unpacker):
    """Decompresses a file of one or more gzip members."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._inflate = zlib.decompressobj(_GZIP)

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
