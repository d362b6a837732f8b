"""How does an event become a line that `errcli ingest` stores: without secrets, in UTF-8, under 1 MiB?

This is what imports msgspec and the rules of redaction, and so it is loaded with the first event.
"""

from typing import Any

import msgspec

from errcli.capture.texts import LONGEST, told
from errcli.ingest.decoding import without_surrogates
from errcli.ingest.depth import MAX_DEPTH, is_too_deep
from errcli.ingest.redact import Redactor

MAX_LINE = 1 << 20
"""The longest line that ingest takes, in bytes."""
_KEPT = 32 << 10
"""Characters of a text that are kept, and bytes of the input; of a line that is too long, a sixteenth of that."""
_MOST_ITEMS = 10_000
_DEEPEST = 20

_SECTIONS = frozenset({"error", "context", "impact", "recovery"})
_TEXTS = frozenset({"release", "fingerprint"})
_IDS = frozenset({"workflowId", "agentId"})

Event = dict[str, Any]


class Lines:
    """Makes lines of events; `redact_keys` are more names of keys that hold secrets."""

    def __init__(self, redact_keys: tuple[str, ...] = ()) -> None:
        self._redactor = Redactor(redact_keys)
        self._encode = msgspec.json.Encoder().encode

    def line_of(self, event: Event) -> bytes:
        """Return an event's line, with its end."""
        line = self._line_of(event, _KEPT)
        if len(line) > MAX_LINE or _is_too_deep(line):
            shorter = event | {"context": event["context"] | {"inputData": _as_text(event["context"].get("inputData"))}}
            line = self._line_of(shorter, _KEPT >> 4)
        return line

    @staticmethod
    def encoded(value: Any) -> msgspec.Raw | str:
        """Return the JSON of any object; of what is far too large the beginning, as a text."""
        try:
            text = msgspec.json.encode(value, enc_hook=told)
            is_fit = not _is_too_deep(text)
        except Exception:  # noqa: BLE001 - cycles, lone surrogates, huge numbers, other keys than texts, what else there is
            is_fit = False
        if not is_fit:
            text = msgspec.json.encode(_Copy().of(value))
        return msgspec.Raw(text) if len(text) <= LONGEST else text[:LONGEST].decode("utf-8", "ignore")

    def _line_of(self, event: Event, longest: int) -> bytes:
        record = {name: value for name, value in event.items() if value}
        for name in _TEXTS & record.keys():
            record[name] = self._redacted(name, record[name], longest)
        for name in _SECTIONS & record.keys():
            record[name] = {field: self._redacted(field, value, longest) for field, value in record[name].items()}
        try:
            return self._encode(record) + b"\n"
        except UnicodeEncodeError:
            return self._encode(without_surrogates(record)) + b"\n"

    def _redacted(self, field: str, value: Any, longest: int) -> Any:
        if type(value) is str:
            return value if field in _IDS else self._redactor.text(value)[:longest]
        if type(value) is list:
            return [self._redactor.text(item)[:longest] for item in value]
        return self._redacted_input(value, longest) if type(value) is msgspec.Raw else value

    def _redacted_input(self, value: msgspec.Raw, longest: int) -> Any:
        text = bytes(value)
        if self._redactor.may_hold_secrets(text):
            text = self._encode(self._redactor.tree(msgspec.json.decode(text)))
        return msgspec.Raw(text) if len(text) <= longest else text[:longest].decode("utf-8", "ignore")


def _is_too_deep(text: bytes) -> bool:
    """Whether JSON nests deeper than ingest can follow."""
    # counting brackets is cheap, and almost every text ends here
    return text.count(b"{") + text.count(b"[") > MAX_DEPTH and is_too_deep(msgspec.json.decode(text), text)


def _as_text(value: Any) -> Any:
    return bytes(value).decode() if isinstance(value, msgspec.Raw) else value


class _Copy:
    """Copies an object into what JSON can say, up to some depth and some number of items."""

    def __init__(self) -> None:
        self._left = _MOST_ITEMS

    def of(self, value: Any, depth: int = 0) -> Any:
        """Return the copy of a value."""
        self._left -= 1
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict | list | tuple | set | frozenset) and depth < _DEEPEST and self._left > 0:
            return self._of_container(value, depth + 1)
        if isinstance(value, int | float):
            return _number(value)
        text = without_surrogates(told(value)) if not isinstance(value, dict | list | tuple | set) else "..."
        return text[:LONGEST]

    def _of_container(self, value: Any, depth: int) -> Any:
        items = _listed(value)[: max(self._left, 0)]
        if isinstance(value, dict):
            return {without_surrogates(told(key))[:LONGEST]: self.of(item, depth) for key, item in items}
        return [self.of(item, depth) for item in items]


def _listed(value: Any) -> list[Any]:
    """Return the items of a container; none where it changes meanwhile or refuses."""
    try:
        return list(value.items() if isinstance(value, dict) else value)
    except Exception:  # noqa: BLE001 - another thread may change it
        return []


def _number(value: float) -> Any:
    """Return a number as it is where JSON and 64 bits hold it, else as text."""
    try:
        msgspec.json.encode(value)
    except Exception:  # noqa: BLE001 - a subclass may be anything
        return told(value)[:LONGEST]
    return value
