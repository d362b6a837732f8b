"""Which files does a path mean, and what are the bytes of each: literal names first, gzip by content."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob, has_magic
from pathlib import Path
from typing import IO, Any

from errcli.errors import InputError, UsageError

STDIN = "-"
"""The path that means standard input, and the name that it has in the store."""

_SUFFIXES = (".jsonl", ".ndjson", ".json", ".log")
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BUFFER = 1 << 20


class Source:
    """An open input: its name, its decoded bytes, and how far into the file on disk reading has come."""

    def __init__(self, name: str, stream: "io.BufferedReader[Any]", file: IO[bytes], size: int | None) -> None:
        self.name = name
        self.stream = stream
        self.size = size
        self.damage: str | None = None
        self._file = file

    @property
    def position(self) -> int:
        """Bytes of the file on disk that were consumed; for a progress bar."""
        return self._file.tell() if self.size is not None else 0

    def readline(self, limit: int) -> bytes:
        """Read a line of at most `limit` bytes; a damaged stream ends here, and `damage` says how."""
        try:
            return self.stream.readline(limit)
        except (EOFError, zlib.error, OSError) as error:
            self.damage = str(error) or type(error).__name__
            return b""

    def read(self, limit: int) -> bytes:
        """Read at most `limit` bytes. Raises InputError for a damaged stream: half a document is none."""
        try:
            return self.stream.read(limit)
        except (EOFError, zlib.error, OSError) as error:
            raise InputError(f"is damaged: {error}", self.name, "nothing of it was loaded") from error


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
                "no log file in this directory", path, f"looked for {', '.join(_SUFFIXES)} and .gz of them"
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
    name = file.name.lower().removesuffix(".gz")
    return name.endswith(_SUFFIXES) and file.is_file()


@contextmanager
def opened(path: str) -> Iterator[Source]:
    """Open a path or standard input for reading. Raises InputError where it cannot be read."""
    try:
        with _open_file(path) as file:
            size = None if path == STDIN else os.fstat(file.fileno()).st_size
            head = file.peek(4)[:4]
            _refuse_unreadable(head, path)
            packed = head.startswith(_GZIP_MAGIC)
            stream: io.BufferedReader[Any] = io.BufferedReader(gzip.GzipFile(fileobj=file), _BUFFER) if packed else file
            yield Source(path, stream, file, size)
    except OSError as error:
        raise InputError(error.strerror or str(error), path, "check the path and its permissions") from error


def _open_file(path: str) -> "io.BufferedReader[Any]":
    if path == STDIN:
        return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False), _BUFFER)
    return io.BufferedReader(io.FileIO(path), _BUFFER)


def _refuse_unreadable(head: bytes, path: str) -> None:
    if head.startswith(_ZSTD_MAGIC):
        raise InputError("is zstd-compressed, which is not read yet", path, "zstd -dc FILE | errcli ingest -")
    if head.startswith(_UTF16_MARKS):
        raise InputError("is UTF-16", path, "iconv -f UTF-16 -t UTF-8 FILE | errcli ingest -")
