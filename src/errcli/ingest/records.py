"""Where does a record begin and end: one JSON object a line, or a file that is a list of records."""

import io
import json
import re
from collections.abc import Iterator
from typing import IO

import msgspec

from errcli.errors import InputError
from errcli.ingest.sources import STDIN, Source

MAX_LINE = 1 << 20
"""The longest line that is read, in bytes, its line end not counted."""

_LONGEST_READ = MAX_LINE + 8  # room for a byte order mark and the line's end
_LOOKED_AT = 100
_MAX_DOCUMENT = 256 << 20
_KEPT_OF_LONG_LINE = 1000
_BOM = b"\xef\xbb\xbf"
_LIST_OF_RECORDS = re.compile(rb"\s*(?:\[\s*[\[{\]]|\{\s*\"Records\"\s*:\s*\[)")
_PRETTY_PRINTED = re.compile(rb"\s*\{[ \t]*\r?\n\s*[\"}]")
_PEEK = 4096


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record: its number in the file, from 1, its text without outer white space, its bytes in the file.

    `complete` is False for a last line that no line end follows, `too_long` for a line over the limit, of
    which only the beginning is here.
    """

    number: int
    text: bytes
    size: int
    complete: bool = True
    too_long: bool = False


def records(source: Source) -> Iterator[Record]:
    """Split a source into records. Raises InputError for a list of records that is no JSON."""
    head = source.stream.peek(_PEEK)[:_PEEK].removeprefix(_BOM)
    if _LIST_OF_RECORDS.match(head):
        return _listed(source)
    if _PRETTY_PRINTED.match(head):
        raise InputError(
            "pretty-printed JSON: an event has to be on one line",
            source.name,
            f"jq -c . {'FILE' if source.name == STDIN else source.name} | errcli ingest -",
        )
    return _lines(source.stream)


def _lines(stream: IO[bytes]) -> Iterator[Record]:
    number = 0
    while line := stream.readline(_LONGEST_READ):
        number += 1
        size = len(line)
        text = line.removeprefix(_BOM) if number == 1 else line
        cut = size == _LONGEST_READ and not line.endswith(b"\n")
        if cut or len(text.rstrip(b"\r\n")) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST_READ)
                size += len(line)
            yield Record(number, text[:_KEPT_OF_LONG_LINE], size, too_long=True)
            continue
        yield Record(number, text.strip(), size, complete=line.endswith(b"\n"))


def _listed(source: Source) -> Iterator[Record]:
    """Read a JSON array, or an object whose `Records` is one, such as the files that CloudTrail delivers."""
    document = source.stream.read(_MAX_DOCUMENT + 1)
    if len(document) > _MAX_DOCUMENT:
        raise InputError("one JSON list of over 256 MiB", source.name, "jq -c '.[]' FILE | errcli ingest -")
    if source.damage is not None:
        raise InputError(f"damaged: {source.damage}", source.name, "nothing of it was loaded")
    try:
        elements = _elements(document.removeprefix(_BOM))
    except (ValueError, RecursionError) as error:
        if _goes_on_in_lines(document):
            yield from _lines(io.BytesIO(document))
            return
        raise InputError(f"a list of records that is no JSON: {error}", source.name, "is the file complete?") from error
    for number, text in enumerate(elements, 1):
        yield Record(number, text.strip(), len(text))


def _elements(document: bytes) -> Iterator[bytes]:
    """Return the JSON of each record. Raises ValueError, RecursionError."""
    try:
        if document.lstrip().startswith(b"["):
            return map(bytes, msgspec.json.decode(document, type=list[msgspec.Raw]))
        return map(bytes, msgspec.json.decode(document, type=_Envelope).Records)
    except msgspec.DecodeError:
        # json reads lone surrogates and NaN, so that only the records that hold them suffer
        value = json.loads(document.decode("utf-8", "replace"))
        elements = value.get("Records") if isinstance(value, dict) else value
        if not isinstance(elements, list):
            raise
        return (json.dumps(element).encode() for element in elements)


def _goes_on_in_lines(document: bytes) -> bool:
    """Whether only the first line looks like a list, and some line after it is a JSON object of its own."""
    for line in document.split(b"\n", _LOOKED_AT)[1:_LOOKED_AT]:
        try:
            if isinstance(msgspec.json.decode(line), dict):
                return True
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return False


class _Envelope(msgspec.Struct):
    Records: list[msgspec.Raw]
