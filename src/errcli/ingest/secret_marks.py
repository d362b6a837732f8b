r"""By which marks is a name told that a secret stands behind: the words of secret_keys.py, and what follows a name?

Patterns for re and RE2, found in every text with such a name and in its JSON, also where that is a text of JSON again.
Traces, single words of such names, are found sooner, but most stack traces hold one: `key`, `pass`.
"""

from errcli.ingest.secret_keys import TRACES

# A letter of JSON that is written with others: \n, \u2013.
_ESCAPE = r"\\[bfnrt]|\\u[0-9A-Fa-f]{4}"
SPACE = rf"(?:[ \t\n\r\f\x0b]|\\*(?:{_ESCAPE}))"
"""White space, which JSON may have escaped."""

# What may stand between the words of a name, in a text and in a key of JSON. With `i` the latter would leave out
# letters beyond ASCII of which an ASCII letter is the small or the large one.
_BETWEEN, _BETWEEN_IN_KEY = "[0-9_. -]*", rf"(?-i:[^A-Za-z]|{_ESCAPE})*"


def _one_of(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


def _word(pattern: str) -> str:
    """Match a word where one begins: behind what is no letter, or with a capital."""
    return _one_of(rf"(?:^|[^A-Za-z]|{_ESCAPE})(?i:{pattern})", f"{pattern[0].upper()}(?i:{pattern[1:]})")


def _anywhere(between: str) -> str:
    """Match words of names that may go on with any letter."""
    words = _one_of(
        rf"pass{between}(?:word|wd|phrase|code)",
        rf"(?:api|secret|private|access|encryption|signing|ssh|master|shared){between}key",
        rf"(?:access|auth|session|refresh|client|api){between}(?:token|secret)",
        rf"social{between}security",
        rf"card{between}(?:number|no|num|pan|data|details)",
    )
    return f"(?i:{words})"


def _last(between: str) -> str:
    """Match words that end the letters of a name."""
    begun = ("pass", "bearer", f"otp(?:{between}code)?", "card", f"credit{between}card", f"debit{between}card")
    ending = rf"(?:token|secret|cookies?|credentials?|pwd)(?:{between}(?:value|header|hash))?"
    return _one_of(*map(_word, begun), f"(?i:{ending})")


# Words of names that may go on with another word.
_WHOLE = _one_of(*map(_word, ("secrets?", "pwd", "authorization", "jwt", "cvv", "cvc", "ssn")))

_IN_TEXT = _one_of(
    rf"{_anywhere(_BETWEEN)}[A-Za-z0-9_.-]*",
    rf"{_WHOLE}(?:[A-Z0-9_. -][A-Za-z0-9_.-]*)?",
    rf"{_last(_BETWEEN)}[0-9_.-]*",
)
_SIGN = rf"\\*(?:[\"'\]]\\*){{0,2}}(?:>|{SPACE}*[:=])"
_AS_KEY = _one_of(
    rf"(?:{_anywhere(_BETWEEN_IN_KEY)}|{_WHOLE})(?:[^\"\\]|\\(?s:.))*\"{SPACE}*:",
    rf"{_last(_BETWEEN_IN_KEY)}(?:[^\"\\A-Za-z]|{_ESCAPE}|\\[\"\\/])*\"{SPACE}*:",
)
# Of JSON in JSON the keys are not looked at more closely than for a trace.
_NESTED = rf"\"(?:\{{|\[{SPACE}*(?:\\+\"|[\[{{0-9tfn-]))(?s:.*)(?i:{'|'.join(TRACES)})"

MARKS = (f"{_IN_TEXT}{_SIGN}", _AS_KEY, _NESTED)
"""One of these stands wherever a name is that secret_keys.py judges to be secret."""
