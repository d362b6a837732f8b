"""Which parts of an event are secrets, by the key that they stand under and by their shape, and what replaces them."""

import re
from functools import lru_cache
from typing import Any

import msgspec

from errcli.event import TEXTS, Event
from errcli.ingest import secret_keys, secret_marks
from errcli.ingest.depth import is_too_deep
from errcli.ingest.secret_keys import SecretKeys
from errcli.ingest.secret_shapes import CARD_TRACE, CARD_TRACE_WHATEVER_DIGITS, REDACTED, SHAPES, without_cards
from errcli.ingest.secret_values import without_values

_ESCAPED_ASCII = re.compile(r"\\u00([2-7][0-9a-fA-F])")
_WORTH_KEEPING = 100  # characters of a text whose redaction is kept at hand
_LEAST_CARD = 10**12
# Bytes that re searches for traces sooner than the automaton that finds all marks at once is imported.
_FEW = 500_000


class Redactor:
    """Replaces secrets by `[redacted]`; `extra_keys` are key names of one's own that hold secrets too.

    `traces` and `marks` are patterns, for re and RE2, of what stands in every text that holds a secret, and in its
    JSON: traces are found sooner, marks in fewer other texts. Those `whatever_digits` also match every text that
    differs in nothing but digits from one that the others match.
    """

    def __init__(self, extra_keys: tuple[str, ...] = ()) -> None:
        self._keys = SecretKeys(extra_keys)
        exact = (CARD_TRACE, _ESCAPED_ASCII.pattern, self._keys.trace)
        whatever_digits = (CARD_TRACE_WHATEVER_DIGITS, r"\\u\d{3}", self._keys.trace_whatever_digits)
        self.traces = _alternatives(_pattern_of_traces(), *exact)
        self.traces_whatever_digits = _alternatives(_pattern_of_traces(), *whatever_digits)
        self.marks = _alternatives(*_marks(), *exact)
        self.marks_whatever_digits = _alternatives(*_marks(), *whatever_digits)
        self._trace = re.compile(_pattern_in_lower_case(self._keys).encode())
        self._remembered = lru_cache(maxsize=4096)(self._text)

    def may_hold_secrets(self, line: bytes) -> bool:
        """Whether a line is worth the full search; False is certain, True is not."""
        return self._trace.search(line.lower()) is not None

    def which_may_hold_secrets(self, lines: list[bytes]) -> list[bool]:
        """Answer `may_hold_secrets` for many lines: sooner, and more exactly, by an automaton for all marks at once."""
        if sum(map(len, lines)) <= _FEW:
            return [self.may_hold_secrets(line) for line in lines]
        import pyarrow as pa
        from pyarrow import compute

        from errcli import columns

        texts = columns.of_texts(lines, pa.large_binary())
        found: list[bool] = compute.match_substring_regex(texts, self.marks).to_pylist()
        return found

    def text(self, text: str) -> str:
        """Replace the secrets that a text shows by their shape or by the name before them."""
        # places, codes and the like come again and again
        return self._remembered(text) if len(text) <= _WORTH_KEEPING else self._text(text)

    def _text(self, text: str) -> str:
        if not self.may_hold_secrets(text.encode("utf-8", "replace")):
            return text
        if text.startswith(("{", "[")):
            value = _decoded(text)
            redacted = self.tree(value)
            if redacted != value:
                return msgspec.json.encode(redacted).decode()
        plain = _ESCAPED_ASCII.sub(_unescaped, text)
        redacted = self._redacted(plain)
        return text if redacted == plain else redacted

    def tree(self, value: Any) -> Any:
        """Replace, in a JSON value, whole subtrees under secret keys, and secrets in every text."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        if isinstance(value, dict):
            return {
                self.text(key): REDACTED if item is not None and self._keys.holds(key) else self.tree(item)
                for key, item in value.items()
            }
        if isinstance(value, int) and value > _LEAST_CARD:
            return REDACTED if without_cards(str(value)) == REDACTED else value
        return value

    def _redacted(self, text: str) -> str:
        lowered = text.lower()
        for shape in SHAPES:
            if any(trace in (lowered if trace.islower() else text) for trace in shape.traces):
                text = shape.replace(text)
        text = without_values(text, self._keys.holds)
        return without_cards(text)


def redacted(event: Event, redactor: Redactor | None) -> Event:
    """Redact an event in place, where that is called for, and return it; ids stay as they are."""
    if redactor is None:
        return event
    for name in TEXTS:
        value = getattr(event, name)
        if value is not None:
            setattr(event, name, redactor.text(value))
    if event.previous_errors:
        event.previous_errors = [redactor.text(item) for item in event.previous_errors]
    if event.input_data is not None and redactor.may_hold_secrets(event.input_data.encode()):
        tree = redactor.tree(msgspec.json.decode(event.input_data))
        event.input_data = msgspec.json.encode(tree).decode()
    return event


def _alternatives(*patterns: str | None) -> str:
    return "|".join(filter(None, patterns))


def _marks() -> list[str]:
    return [*secret_marks.MARKS, *(shape.mark for shape in SHAPES)]


def _pattern_of_traces() -> str:
    traces = dict.fromkeys(trace for shape in SHAPES for trace in shape.traces)
    any_case = [*secret_keys.TRACES, *(trace for trace in traces if trace.islower())]
    this_case = [trace for trace in traces if not trace.islower()]
    return "|".join([f"(?i:{'|'.join(map(re.escape, any_case))})", *map(re.escape, this_case)])


def _pattern_in_lower_case(keys: SecretKeys) -> str:
    """Return what matches, in lower case, every line that the other pattern matches: ten times as fast for re."""
    traces = dict.fromkeys([*secret_keys.TRACES, *(trace.lower() for shape in SHAPES for trace in shape.traces)])
    alternatives = [*map(re.escape, traces), CARD_TRACE, _ESCAPED_ASCII.pattern, *([keys.trace] if keys.trace else [])]
    return "|".join(alternatives)


def _decoded(text: str) -> Any:
    """Return the JSON value that a text is; None where it is none, or one that nests too deep."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return None if is_too_deep(value, text) else value


def _unescaped(match: re.Match[str]) -> str:
    """Return the letter of an escape, so that the shapes see it; quotes and backslashes stay escaped."""
    letter = chr(int(match[1], 16))
    return match.group() if letter in "\"\\'" else letter
