"""Which texts are secrets by their shape, wherever they stand: tokens, keys, card numbers; and what tells of each?"""

import re
from functools import cache
from typing import NamedTuple

from errcli.ingest.secret_marks import SPACE

REDACTED = "[redacted]"


class Shape(NamedTuple):
    """A pattern, and what stands in every text that it matches; a group `keep` is no secret and stays.

    One of its `traces` is found soon. Its `mark`, a pattern for re and RE2, stands in JSON of such a text, too, and in
    few texts without the secret.
    """

    traces: tuple[str, ...]
    mark: str
    pattern: str

    def replace(self, text: str) -> str:
        """Replace the secrets of this shape."""
        return _compiled(self.pattern).sub(_replacement, text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern once a text may match it: most logs hold no secrets."""
    return re.compile(pattern, re.ASCII)


# A token begins after no letter or digit, or after an escape such as \n in text that is JSON.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]))"
_START_OF_BASE64 = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[bfnrt]))"
# What Python writes before the quote of a text that is no plain one: b'x', u'x', rb'x'.
PREFIX = r"[bBuUrRfF]{1,2}(?=\\*[\"'])"
_WORD = r"[A-Za-z][a-z]{0,15}(?![A-Za-z0-9_~+/=-])"
_NO_WORD = r"(?:[0-9._~+/=\\-]|[A-Za-z][a-z]*[A-Z0-9_~+/=\\-]|[A-Za-z][a-z]{16})"
_NO_SPACE = r"[^ \t\n\r\f\x0b"


def _shape(traces: str, mark: str, pattern: str) -> Shape:
    return Shape(tuple(traces.split("|")), mark, pattern)


def _token(traces: str, token: str, then: str = "") -> Shape:
    """Return the shape of a token that begins with letters of its own."""
    return _shape(traces, token, f"{_START}{token}{then}")


SHAPES = (
    _shape(
        "PRIVATE KEY",
        "PRIVATE KEY",
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?"
        r"(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    _shape(
        "authorization",
        rf"(?i:authorization)\\*[\"']?{SPACE}*[=:]",
        rf"(?i)(?P<keep>authorization\\*[\"']?\s*[=:]\s*(?:{PREFIX})?\\*[\"']?)[^\s\"'\\,;]+(?:[ \t]+[^\s\"'\\,;]+)?",
    ),
    _shape(
        "cookie:",
        rf"(?i:cookie:){SPACE}*{_NO_SPACE}=;,\"]+=",
        r"(?i)(?P<keep>cookie:[ \t]*)[^\s=;,\"\\]+=[^\r\n\"\\]+",
    ),
    _shape(
        "bearer|basic",
        rf"(?i:bearer|basic){SPACE}+{_NO_WORD}",
        rf"(?P<keep>{_START}(?i:bearer|basic)\s+)(?!{_WORD})[A-Za-z0-9._~+/=-]{{7,}}[A-Za-z0-9_~+/=-]",
    ),
    _shape(
        "eyJ",
        r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5}",
        rf"{_START_OF_BASE64}eyJ[A-Za-z0-9_-]{{5,}}\.[A-Za-z0-9_-]{{5,}}(?:\.[A-Za-z0-9_-]+)*",
    ),
    _token("AKIA|ASIA", "A[KS]IA[0-9A-Z]{16}", then="(?![0-9A-Za-z])"),
    _token("ghp_|gho_|ghu_|ghs_|ghr_", "gh[pousr]_[A-Za-z0-9]{20,}"),
    _token("github_pat_", "github_pat_[A-Za-z0-9_]{20,}"),
    _token("k_live_|k_test_", "[sr]k_(?:live|test)_[A-Za-z0-9]{8,}"),
    _shape("whsec_", r"whsec_[A-Za-z0-9+/=\\]{8}", rf"{_START}whsec_[A-Za-z0-9+/=]{{8,}}"),
    _token("xox", "xox[abeprs]-[A-Za-z0-9-]{10,}"),
    _token("sk-", "sk-(?:[a-z]+-)?[A-Za-z0-9_-]{20,}"),
    _token("AIza", "AIza[0-9A-Za-z_-]{35}"),
    _shape(
        r"://|\/",
        rf":\\*/\\*/{_NO_SPACE}/@:\"']*:{_NO_SPACE}/?#\"']+@",
        r"(?P<keep>:\\*/\\*/)[^\s/@:\"'\\]*:[^\s/?#\"'\\]+(?=@)",
    ),
)


def _replacement(match: re.Match[str]) -> str:
    return (match.groupdict().get("keep") or "") + REDACTED


_DIGITS = re.compile(
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"  # a UUID is passed over
    r"|(?:(?<![A-Za-z0-9+])(?<!\d\.)|(?<=\\[bfnrt]))(?P<digits>[2-6]\d{3}(?:[ -]?\d)++)(?![A-Za-z]|\.\d)",
    re.ASCII,
)
# Numbers that are issued, by first digits and length (ISO/IEC 7812-1).
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}(?:\d\d)?|35\d{14,17}|6\d{15,18}",
    re.ASCII,
)
_LEAST_GROUP = 4
_SHORTEST, _LONGEST = 13, 19
CARD_TRACE = r"[2-6]\d{3}(?:[ -]?\d){9}"
"""What stands in every line with a card number."""

CARD_TRACE_WHATEVER_DIGITS = r"\d{4}(?:[ -]?\d){9}"
"""What stands in every line that differs in nothing but digits from one with a card number."""


def without_cards(text: str) -> str:
    """Replace card numbers: digits, also in groups of four and more, that pass the check of their last digit."""
    return _DIGITS.sub(_without_cards, text)


def _without_cards(match: re.Match[str]) -> str:
    """Replace the cards in a run of digits with single separators."""
    if match["digits"] is None:
        return match.group()
    parts = re.split("([ -])", match["digits"])
    first = 0
    while first < len(parts):
        last = _end_of_card(parts, first)
        if last is not None:
            parts[first:last] = [REDACTED]
        first += 2
    return "".join(parts)


def _end_of_card(parts: list[str], first: int) -> int | None:
    """Return where the longest card that begins with a group ends; None where none does."""
    number, end = "", None
    for last in range(first, len(parts), 2):
        number += parts[last]
        if len(number) > _LONGEST:
            break
        if len(number) >= _SHORTEST and _CARD.fullmatch(number) and _passes_luhn(number):
            end = last + 1
        if len(parts[last]) < _LEAST_GROUP:
            break
    return end


def _passes_luhn(number: str) -> bool:
    """Check the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2])  # noqa: PLR2004
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
