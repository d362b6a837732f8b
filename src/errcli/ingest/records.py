"""Where does a record begin and end: one JSON object a line, or a file that is a list of records."""

import re
from collections.abc import Iterator

import msgspec

from errcli.errors import InputError
from errcli.ingest.sources import STDIN, Source

MAX_LINE = 1 << 20
"""The longest line that is read, in bytes, its line end not counted."""

_MAX_DOCUMENT = 256 << 20
_KEPT_OF_LONG_LINE = 1000
_BOM = b"\xef\xbb\xbf"
_LIST_OF_RECORDS = re.compile(rb"\s*(?:\[|\{\s*\"Records\"\s*:)")
_PRETTY_PRINTED = re.compile(rb"\s*\{[ \t]*\r?\n")
_PEEK = 4096


class Record(msgspec.Struct, frozen=True):
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
            "is pretty-printed: an event has to be on one line",
            source.name,
            f"jq -c . {'FILE' if source.name == STDIN else source.name} | errcli ingest -",
        )
    return _lines(source)


def _lines(source: Source) -> Iterator[Record]:
    number = 0
    while line := source.readline(MAX_LINE + 2):
        number += 1
        size = len(line)
        text = line.removeprefix(_BOM) if number == 1 else line
        if len(text.rstrip(b"\r\n")) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = source.readline(MAX_LINE)
                size += len(line)
            yield Record(number, text[:_KEPT_OF_LONG_LINE], size, too_long=True)
            continue
        yield Record(number, text.strip(), size, complete=line.endswith(b"\n"))


def _listed(source: Source) -> Iterator[Record]:
    """Read a JSON array, or an object whose `Records` is one, such as the files that CloudTrail delivers."""
    document = source.read(_MAX_DOCUMENT + 1).removeprefix(_BOM)
    if len(document) > _MAX_DOCUMENT:
        raise InputError("is one JSON list of over 256 MiB", source.name, "jq -c '.[]' FILE | errcli ingest -")
    try:
        for number, raw in enumerate(_elements(document), 1):
            text = bytes(raw)
            yield Record(number, text.strip(), len(text))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"is a list of records that is no JSON: {error}", source.name, "is the file complete?"
        ) from error


def _elements(document: bytes) -> Iterator[msgspec.Raw]:
    if document.lstrip().startswith(b"["):
        yield from msgspec.json.decode(document, type=list[msgspec.Raw])
        return
    yield from msgspec.json.decode(document, type=_Envelope).Records


class _Envelope(msgspec.Struct):
    Records: list[msgspec.Raw]
