"""Which names of keys say that a secret stands under them: `password`, `apiKey`, `X-Auth-Token` and their like."""

import re
from functools import cache, lru_cache

TRACES = (
    "pass", "pwd", "secret", "token", "key", "authorization", "cookie", "credential", "jwt", "bearer", "otp", "card",
    "cvv", "cvc", "ssn", "social",
)  # fmt: skip
"""One of these, in any case, stands in every name that is secret by itself."""

_LETTERS = re.compile("[A-Za-z]+")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A name's words, in lower case, with _ between them. What only speaks of a secret is none: token_type, cardDeclined.
_PATTERN = (
    r"pass_?(?:word|wd|phrase|code)"
    r"|(?:api|secret|private|access|encryption|signing|ssh|master|shared)_?key"
    r"|(?:access|auth|session|refresh|client|api)_?(?:token|secret)"
    r"|social_?security"
    r"|card_?(?:number|no|num|pan|data|details)(?:_|$)"
    r"|(?:^|_)(?:pwd|secrets?|authorization|jwt|cvv|cvc|ssn)(?:_|$)"
    r"|(?:^|_)(?:pass|bearer|otp|otp_?code|(?:credit_?|debit_?)?card)$"
    r"|(?:token|secret|cookies?|credentials?|pwd)(?:_(?:value|header|hash))?$"
)
_WORTH_KEEPING = 100  # characters of a name whose judgement is kept at hand


class SecretKeys:
    """Judges names; `extra` are names of one's own, which match in any case and with any separators.

    `trace` is a pattern of what stands in every line of JSON that holds one of them; None without any.
    `trace_whatever_digits` stands in every line that differs from such a one in nothing but digits, too.
    """

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        self._extra = frozenset(filter(None, map(_joined, extra)))
        self._remembered = lru_cache(maxsize=4096)(self._judge)
        self.trace = _trace_of(self._extra)
        self.trace_whatever_digits = self.trace and re.sub("[0-9]", r"\\d", self.trace)

    def holds(self, name: str) -> bool:
        """Whether a secret stands under this name."""
        return self._remembered(name) if len(name) <= _WORTH_KEEPING else self._judge(name)

    def _judge(self, name: str) -> bool:
        words = "_".join(_WORDS.findall(name)).lower()
        return _pattern().search(words) is not None or _is_secret_word(name) or _joined(name) in self._extra


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the pattern once a name is judged: in most logs none has to be."""
    return re.compile(_PATTERN)


def _is_secret_word(name: str) -> bool:
    """Whether a name is nothing but a secret word, wherever its capitals stand: `pASSWORD`."""
    return _pattern().fullmatch("_".join(_LETTERS.findall(name)).lower()) is not None


def _joined(name: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in name if letter.isalnum())


def _trace_of(names: frozenset[str]) -> str | None:
    """Return what matches wherever a name stands, whatever separates its letters; beyond ASCII that is anywhere."""
    if not names:
        return None
    if not all(map(str.isascii, names)):
        return "^"
    between = r"(?:\\[bfnrt]|[\W_])*"
    return f"(?i:{'|'.join(between.join(name) for name in sorted(names))})"
