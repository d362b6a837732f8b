"""Which files does a path mean, and what are the bytes of each: literal names first, gzip and zstd by content."""

import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errcli.errors import InputError, UsageError
from errcli.ingest import gunzip
from errcli.ingest.gunzip import Gunzip

if TYPE_CHECKING:
    from errcli.ingest.unzstd import Unzstd

# A zstd stream may begin with a frame that says nothing of the text (RFC 8878, 3.1.2), as pzstd writes.
_ZSTD_MAGICS = (b"\x28\xb5\x2f\xfd", *(bytes((number, 0x2A, 0x4D, 0x18)) for number in range(0x50, 0x60)))

STDIN = "-"
"""The path that means standard input, and the name that it has in the store."""

_SUFFIXES = (".jsonl", ".ndjson", ".json", ".log")
_PACKED_SUFFIXES = (".gz", ".zst")
_ROTATED = re.compile(r"[.-][\d-]+$")
# What a file begins with that is not read, what it is, and what makes it readable.
_UNREADABLE = (
    ((b"BZh",), "bzip2-compressed, which is not read", "bzip2 -dc"),
    ((b"\xfd7zXZ\0",), "xz-compressed, which is not read", "xz -dc"),
    ((b"\xff\xfe", b"\xfe\xff"), "UTF-16 text", "iconv -f UTF-16 -t UTF-8"),
    ((b"{\0", b"[\0"), "UTF-16 text", "iconv -f UTF-16LE -t UTF-8"),
    ((b"\0{", b"\0["), "UTF-16 text", "iconv -f UTF-16BE -t UTF-8"),
)
_LONGEST_MARK = 6
_NUL_SEPARATED = b"}\0"
_LOOKED_AT_FOR_NUL = 64 << 10
_BUFFER = 1 << 20


class Source:
    """An open input: its name, its decoded bytes, and how far into the file on disk reading has come.

    `name` is fit to be stored: what is no UTF-8 in a file's name is U+FFFD in it. `size` is the file's size on
    disk, None for what is no regular file.
    """

    def __init__(self, name: str, file: "io.BufferedReader[Any]", size: int | None) -> None:
        self.name = printable(name)
        self.size = size
        self._file = file
        self._unpacked = _unpacked(file)
        self.stream = file if self._unpacked is None else _buffered(self._unpacked)
        self._can_seek = self._unpacked is None and size is not None
        head = self.head(_LOOKED_AT_FOR_NUL)
        if _NUL_SEPARATED in head and b"\0" not in head[:2]:  # there it would be UTF-16
            self.stream = _buffered(_NulSeparated(self.stream))
            self._can_seek = False

    @property
    def damage(self) -> str | None:
        """Why a compressed input could be read only to some point; None for a sound one."""
        return None if self._unpacked is None else self._unpacked.damage

    @property
    def position(self) -> int:
        """Bytes of the file on disk that were consumed; for a progress bar."""
        return 0 if self.size is None else self._file.tell()

    @property
    def can_be_reopened(self) -> bool:
        """Whether the same text can be read another time: a file's, not a pipe's."""
        return self.size is not None

    def head(self, size: int) -> bytes:
        """Return the next bytes of the text, which stay to be read; fewer where there are no more."""
        return self.stream.peek(size)[:size]

    def line_end(self) -> bytes:
        """Read a line's end, if that is what comes next."""
        head = self.head(2)
        size = 2 if head == b"\r\n" else 1 if head.startswith(b"\n") else 0
        return self.stream.read(size)

    def put_back(self, text: bytes) -> None:
        """Let a text be read again that was all there is."""
        self.stream = io.BufferedReader(io.BytesIO(text))

    def skip(self, size: int, last: int) -> bytes:
        """Pass over some bytes of the text and return the last of them; fewer where the text ends before."""
        if self._can_seek:
            self.stream.seek(size - last)
            return self.stream.read(last)
        kept = b""
        while size and (chunk := self.stream.read(min(size, _BUFFER))):
            size -= len(chunk)
            kept = (kept + chunk)[-last:]
        return kept if size == 0 else b""


def _unpacked(file: "io.BufferedReader[Any]") -> "Gunzip | Unzstd | None":
    """Return what decompresses a file, None for one that is not compressed."""
    head = file.peek(_LONGEST_MARK)
    if head.startswith(gunzip.MAGIC):
        return Gunzip(file)
    if head.startswith(_ZSTD_MAGICS):
        from errcli.ingest.unzstd import Unzstd

        return Unzstd(file)
    return None


class _NulSeparated(io.RawIOBase):
    """Ends lines where a NUL does, as in GELF sent over TCP; in JSON there is none."""

    def __init__(self, raw: "io.BufferedReader[Any]") -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        text = self._raw.read1(len(buffer)).replace(b"\0", b"\n")
        buffer[: len(text)] = text
        return len(text)


class _Filled(io.RawIOBase):
    """Reads on until the buffer is full, so that the first look at a slow pipe sees more than a few bytes."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        filled = 0
        while filled < len(buffer) and (more := self._raw.readinto(memoryview(buffer)[filled:])):
            filled += more
        return filled


def printable(path: str) -> str:
    """Return a path as text that can be stored and shown: what is no UTF-8 in it becomes U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def expand(paths: list[str]) -> list[str]:
    """Return the files that the paths mean, in order: a name that exists is taken literally, then as a glob.

    Raises UsageError for a path that means nothing, before anything is read.
    """
    files: list[str] = []
    for path in paths:
        files.extend(_expand_one(path))
    return files


def _expand_one(path: str) -> list[str]:
    if path == STDIN or os.path.isfile(path):  # noqa: PTH113 - Path("") is the working directory
        return [path]
    if os.path.isdir(path):  # noqa: PTH112
        found = sorted(str(file) for file in Path(path).rglob("*") if _is_log(file))
        if not found:
            raise UsageError(
                "no log file in this directory", path, f"looked for {', '.join(_SUFFIXES)}, rotated and compressed"
            )
        return found
    if os.path.exists(path):  # noqa: PTH110 - a pipe or a device
        return [path]
    matches = glob(path, recursive=True) if has_magic(path) else []  # noqa: PTH207 - relative names stay as typed
    matches = sorted(match for match in matches if Path(match).is_file())
    if not matches:
        raise UsageError("no such file", path or "''", "give a file, a directory, a quoted glob, or - for stdin")
    return matches


def _is_log(file: Path) -> bool:
    """Whether a file of a directory is a log by its name: app.log, app.log.1, app.jsonl-20261120.gz."""
    name = file.name.lower()
    for suffix in _PACKED_SUFFIXES:
        name = name.removesuffix(suffix)
    return _ROTATED.sub("", name).endswith(_SUFFIXES) and file.is_file()


def size_of(path: str) -> int | None:
    """Return the size of a file on disk, None for what is none."""
    return os.path.getsize(path) if os.path.isfile(path) else None  # noqa: PTH113, PTH202 - as in `expand`


@contextmanager
def opened(path: str, name: str | None = None) -> Iterator[Source]:
    """Open a path or standard input for reading; `name` is its name in the store, if that is another.

    Raises InputError where it cannot be read.
    """
    try:
        with _open_raw(path) as raw:
            status = os.fstat(raw.fileno())
            is_file = stat.S_ISREG(status.st_mode) and path != STDIN
            file = io.BufferedReader(raw, _BUFFER) if is_file else _buffered(raw)
            source = Source(name or path, file, status.st_size if is_file else None)
            _refuse_unreadable(source)
            yield source
    except OSError as error:
        raise InputError(error.strerror or str(error), name or path, "check the path and its permissions") from error


def _open_raw(path: str) -> io.FileIO:
    if path != STDIN:
        return io.FileIO(path)
    if sys.stdin is None:
        raise InputError("closed", "stdin", "pipe a log into it, or name a file")
    return io.FileIO(sys.stdin.fileno(), closefd=False)


def _buffered(raw: io.RawIOBase) -> "io.BufferedReader[Any]":
    return io.BufferedReader(_Filled(raw), _BUFFER)


def _refuse_unreadable(source: Source) -> None:
    head = source.stream.peek(_LONGEST_MARK)
    for marks, what, command in _UNREADABLE:
        if head.startswith(marks):
            raise InputError(what, source.name, f"{command} FILE | errcli ingest -")
