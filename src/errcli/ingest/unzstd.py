"""What can be had of a zstd stream: all of a sound one, and of a damaged one what came out before the damage."""

import sys
from typing import IO

from errcli.ingest.unpack import Unpacker

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 4 << 10  # what comes out of the chunk with the damage is lost


class Unzstd(Unpacker):
    """Decompresses a file of one or more zstd frames."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._frame = zstd.ZstdDecompressor()

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
