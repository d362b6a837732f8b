"""Which parts of an event are secrets, by the key that they stand under and by their shape, and what replaces them."""

import re
from functools import lru_cache
from typing import Any

REDACTED = "[redacted]"

_SECRET_WORDS = frozenset({
    "password", "passwd", "passphrase", "pwd", "secret", "token", "authorization", "cookie", "cookies", "credential",
    "credentials", "apikey", "jwt", "bearer", "otp", "card", "cvv", "cvc", "ssn",
})  # fmt: skip
_SECRET_RUNS = (
    "password", "passwd", "passphrase", "apikey", "secretkey", "privatekey", "accesskey", "accesstoken",
    "authtoken", "sessiontoken", "refreshtoken", "clientsecret", "creditcard", "cardnumber",
    "setcookie", "socialsecurity",
)  # fmt: skip
_SECRET_ENDS = ("token", "secret")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_KEY_NAMES = (
    r"pass(?:word|wd|phrase)|pwd|(?:client[_-]?)?secret(?:[_-]?key)?|(?:[a-z]+[_-])?token|api[_-]?key"
    r"|(?:private|access)[_-]?key|(?:set-)?cookie|cvv|cvc|ssn"
)
# The replacement keeps what is no secret: a group `keep` before it.
_SHAPES = [
    re.compile(pattern)
    for pattern in (
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        r"(?i)(?P<keep>\bauthorization\b\\?[\"']?\s*[=:]\s*\\?[\"']?(?:(?:basic|bearer|digest|token)\s+)?)[^\s\"'\\,;]+",
        r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}",
        rf"(?i)(?P<keep>(?<![A-Za-z])(?:{_KEY_NAMES})\\?[\"']?\s*[=:]\s*)(?:\\?\"[^\"]*\"?|'[^']*'?|[^\s\"'\\,;&]+)",
        r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?",
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
        r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{8,}",
        r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
        r"\bAIza[0-9A-Za-z_-]{35}",
        r"(?P<keep>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@:]+:[^\s/@]+(?=@)",
    )
]
_CARD = re.compile(r"(?<![\d.-])[3-6]\d(?:[ -]?\d){11,17}(?![\d-])")
# What has to stand in a text for any of the above to match: cheap to look for in a whole line.
_TRACES = (
    b"pass", b"pwd", b"secret", b"token", b"key", b"auth", b"cookie", b"credential", b"jwt", b"bearer",
    b"basic", b"otp", b"card", b"cvv", b"cvc", b"ssn", b"social", b"eyj", b"akia", b"asia", b"gh", b"_live", b"_test",
    b"whsec", b"xox", b"aiza", b"://", b"\\u",
)  # fmt: skip
_CARD_TRACE = re.compile(rb"[3-6]\d(?:[ -]?\d){11}")


class Redactor:
    """Replaces secrets by `[redacted]`; `extra_keys` are key names of one's own that hold secrets too."""

    def __init__(self, extra_keys: tuple[str, ...] = ()) -> None:
        self._extra_keys = frozenset(_joined(key) for key in extra_keys)
        self._traces = _TRACES + tuple(key.lower().encode() for key in extra_keys)
        self._is_secret_key = lru_cache(maxsize=4096)(self._judge_key)

    def may_hold_secrets(self, line: bytes) -> bool:
        """Whether a line is worth the full search; False is certain, True is not."""
        lowered = line.lower()
        return any(trace in lowered for trace in self._traces) or _CARD_TRACE.search(line) is not None

    def text(self, text: str) -> str:
        """Replace the secrets that a text shows by their shape or by the name before them."""
        for shape in _SHAPES:
            text = shape.sub(_replacement, text)
        return _CARD.sub(_card_replacement, text)

    def tree(self, value: Any) -> Any:
        """Replace, in a JSON value, whole subtrees under secret keys, and secrets in every text."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        if isinstance(value, dict):
            return {
                key: REDACTED if item is not None and self._is_secret_key(key) else self.tree(item)
                for key, item in value.items()
            }
        if isinstance(value, int) and not isinstance(value, bool) and value > 10**12:
            return self.text(str(value)) if _CARD.sub(_card_replacement, str(value)) != str(value) else value
        return value

    def _judge_key(self, key: str) -> bool:
        joined = _joined(key)
        return (
            joined in self._extra_keys
            or any(word.lower() in _SECRET_WORDS for word in _WORDS.findall(key))
            or any(run in joined for run in _SECRET_RUNS)
            or joined.endswith(_SECRET_ENDS)
        )


def _joined(key: str) -> str:
    return "".join(letter for letter in key.lower() if letter.isalnum())


def _replacement(match: re.Match[str]) -> str:
    keep = match.groupdict().get("keep") or ""
    return keep + REDACTED


def _card_replacement(match: re.Match[str]) -> str:
    return REDACTED if _passes_luhn(match.group()) else match.group()


def _passes_luhn(text: str) -> bool:
    """Check the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    digits = [int(letter) for letter in reversed(text) if letter.isdigit()]
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2])  # noqa: PLR2004
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
