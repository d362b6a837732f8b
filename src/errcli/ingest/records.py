"""What is a record: a line, or an element of a file that is one JSON list; and which files are such a list?"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from errcli.errors import InputError
from errcli.ingest.lines import MAX_LINE, Stretch
from errcli.ingest.sources import STDIN, Source

_LOOKED_AT = 100
_MAX_DOCUMENT = 256 << 20
_BOM = b"\xef\xbb\xbf"
_LIST_OF_RECORDS = re.compile(rb"\s*(?:\[\s*[\[{\]]|\{\s*\"Records\"\s*:\s*\[)")
_PRETTY_PRINTED = re.compile(rb"\s*\{[ \t]*\r?\n\s*[\"}]")
_PEEK = 4096


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record: its number in the file, from 1, and its text without outer white space.

    `too_long` is a line over the limit, of which only the beginning is here.
    """

    number: int
    text: bytes
    too_long: bool = False


class Document(msgspec.Struct, frozen=True):
    """A file that is one list of records: its text, and the JSON of each record."""

    text: bytes
    elements: Sequence[bytes | msgspec.Raw]

    def records(self) -> Iterator[Record]:
        """Yield the records."""
        for number, element in enumerate(self.elements, 1):
            yield Record(number, bytes(element).strip())


def of_lines(stretch: Stretch, places: Iterable[int]) -> list[Record]:
    """Return the lines at some places of a stretch as records."""
    found = []
    for place in places:
        line = stretch.line(place)
        number = stretch.first + place
        text = line.removeprefix(_BOM) if number == 1 else line
        found.append(Record(number, text.strip(), stretch.too_long or is_too_long(text)))
    return found


def is_too_long(line: bytes) -> bool:
    """Whether a line is over the limit, its line end not counted."""
    return len(line) > MAX_LINE and len(line.rstrip(b"\r\n")) > MAX_LINE


def document_of(source: Source) -> Document | None:
    """Return the list of records that a source is; None where it is lines.

    Raises InputError for a list that is no JSON or too large, and for JSON that is printed over many lines.
    """
    head = source.head(_PEEK).removeprefix(_BOM)
    is_list = _LIST_OF_RECORDS.match(head)
    if not is_list and _PRETTY_PRINTED.match(head):
        raise InputError(
            "pretty-printed JSON: an event has to be on one line",
            source.name,
            f"jq -c . {'FILE' if source.name == STDIN else source.name} | errcli ingest -",
        )
    if not is_list:
        return None
    text = source.stream.read(_MAX_DOCUMENT + 1)
    if len(text) > _MAX_DOCUMENT:
        raise InputError("one JSON list of over 256 MiB", source.name, "jq -c '.[]' FILE | errcli ingest -")
    if source.damage is not None:
        raise InputError(f"damaged: {source.damage}", source.name, "nothing of it was loaded")
    try:
        return Document(text, elements(text.removeprefix(_BOM)))
    except (ValueError, RecursionError) as error:
        if _goes_on_in_lines(text):
            source.put_back(text)
            return None
        raise InputError(f"a list of records that is no JSON: {error}", source.name, "is the file complete?") from error


def elements(document: bytes) -> Sequence[bytes | msgspec.Raw]:
    """Return the JSON of each record of a list. Raises ValueError, RecursionError."""
    try:
        if document.lstrip().startswith(b"["):
            return tuple(msgspec.json.decode(document, type=list[msgspec.Raw]))
        return msgspec.json.decode(document, type=_Envelope).Records
    except msgspec.DecodeError:
        # json reads lone surrogates and NaN, so that only the records that hold them suffer
        value = json.loads(document.decode("utf-8", "replace"))
        elements = value.get("Records") if isinstance(value, dict) else value
        if not isinstance(elements, list):
            raise
        return [json.dumps(element).encode() for element in elements]


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
