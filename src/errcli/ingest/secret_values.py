"""Where does a value end that stands after a name in a text: `password=x`, `"token": "x"`, also in escaped JSON."""

import json
import re
from collections.abc import Callable

from errcli.ingest.secret_shapes import PREFIX, REDACTED

# A name, maybe quoted, and what follows it up to the value.
_PAIR = re.compile(
    r"(?<![A-Za-z0-9_.-])[.-]*+(?P<name>(?:(?i:api|secret|private|access) )?[A-Za-z0-9_][A-Za-z0-9_.-]*+)"
    r"(?P<close>\\*[\"'\]]{0,2})(?P<sign>>|[ \t]*(?:=>|[:=]{1,2})[ \t]*)",
    re.ASCII,
)
_QUOTE = re.compile(r"(?P<escape>\\*)(?P<quote>[\"'])")
_PREFIX = re.compile(PREFIX)
_BARE = re.compile(r"[^\s\"'\\,;&<]*", re.ASCII)
_NOTHING = re.compile(r"(?:null|None|nil|undefined)(?![A-Za-z0-9])")
_PLAIN_WORD = re.compile(r"[a-z]{1,15}(?![A-Za-z0-9_~+/=-])")
_SAYS_PASSWORD = re.compile("pass|pwd", re.IGNORECASE)
_LETTERS_OF_ESCAPES = "bfnrt"


def without_values(text: str, is_secret: Callable[[str], bool]) -> str:
    """Replace the values that stand after names which `is_secret`."""
    done: list[str] = []
    position = 0
    while pair := _PAIR.search(text, position):
        done.append(text[position : pair.end()])
        position = pair.end()
        if _is_secret(pair, is_secret) and not _is_prose(pair):
            position = _after_prefix(text, position)
            start, end = _value(text, position, quoted=bool(pair["close"]))
            done += [text[position:start], REDACTED if end > start else ""]
            position = end
    return "".join([*done, text[position:]])


def _is_secret(pair: re.Match[str], is_secret: Callable[[str], bool]) -> bool:
    r"""Judge a name; after a backslash its first letter may belong to an escape: `\npassword=x`."""
    name = pair["name"]
    escaped = pair.string[: pair.start("name")].endswith("\\") and name[0] in _LETTERS_OF_ESCAPES
    return is_secret(name) or (escaped and is_secret(name[1:]))


def _is_prose(pair: re.Match[str]) -> bool:
    """Whether a colon only introduces what is said of it: `token: expired`, `card: declined`."""
    return (
        not pair["close"]
        and pair["sign"] == ": "
        and _SAYS_PASSWORD.search(pair["name"]) is None
        and _PREFIX.match(pair.string, pair.end()) is None
        and _PLAIN_WORD.match(pair.string, pair.end()) is not None
    )


def _after_prefix(text: str, start: int) -> int:
    prefix = _PREFIX.match(text, start)
    return prefix.end() if prefix else start


def _value(text: str, start: int, *, quoted: bool) -> tuple[int, int]:
    """Return where a value begins and ends, without its quotes; `quoted` is whether its name was in some."""
    if text.startswith(REDACTED, start):
        start += len(REDACTED)
        return start, _end_of_bare(text, start)
    if quote := _QUOTE.match(text, start):
        return quote.end(), _end_of_quoted(text, quote)
    if text[start : start + 1] in ("{", "["):
        return start, _end_of_json(text, start) if quoted else _end_of_brackets(text, start)
    if quoted and _NOTHING.match(text, start):
        return start, start
    return start, _end_of_bare(text, start)


def _end_of_bare(text: str, start: int) -> int:
    match = _BARE.match(text, start)
    return match.end() if match else start


def _end_of_quoted(text: str, opening: re.Match[str]) -> int:
    """Return where the quote closes that `opening` opened: not at one that is escaped once more."""
    depth = len(opening["escape"])
    for quote in re.compile(rf"\\*{opening['quote']}").finditer(text, opening.end()):
        escapes = len(quote.group()) - 1
        if escapes >= depth and (escapes - depth) % (2 * (depth + 1)) == 0:
            return quote.end() - 1 - depth
    return len(text)


def _end_of_json(text: str, start: int) -> int:
    """Return the end of a JSON value; of one that is broken or escaped nobody knows it, and it is the text's."""
    try:
        return json.JSONDecoder().raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return len(text)


def _end_of_brackets(text: str, start: int) -> int:
    closing = text.find("}" if text[start] == "{" else "]", start)
    return len(text) if closing < 0 else closing + 1
