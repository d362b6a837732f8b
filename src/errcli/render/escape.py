r"""How is text made harmless to a terminal: control characters are shown as `\n`, `\x1b`, `\u202e`."""

import re

HOSTILE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""C0, DEL, C1, bidi controls, line separators, surrogates."""

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escaped(text: str) -> str:
    """Show hostile characters escaped; leave the rest, a backslash included, as it is."""
    return HOSTILE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    code = ord(letter)
    return _SHORT.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")  # noqa: PLR2004
