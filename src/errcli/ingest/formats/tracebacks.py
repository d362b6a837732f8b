"""Which exception does a stack trace tell of: its type and its message, from the text that was logged."""

import re
from typing import Any

_CHAINED = re.compile(r"^[ |]*(?:The above exception was the direct|During handling of the above) .*:$", re.MULTILINE)
_HEADER = re.compile(r"^[ |+]*(?:Exception Group )?Traceback \(most recent call last\):$", re.MULTILINE)
_RAISED = re.compile(r"^(?P<group>  \| )?(?P<type>[^\W\d][\w.$<>]*)(?P<colon>: )?(?(colon)|(?=\(|$))", re.MULTILINE)
_FOREIGN_FRAME = re.compile(r"\n[ \t]+at ")


def joined(lines: Any) -> str | None:
    """Return a stack's text, which may be a list of lines."""
    if isinstance(lines, list):
        lines = "\n".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) and lines else None


def raised_in(trace: str | None) -> tuple[str | None, str | None]:
    """Return the type, without its module, and the message of the exception that a traceback's text ends with.

    The one that was raised is the last of a chain. A stack that begins with the exception (Java, JavaScript) and an
    exception alone, without frames, are read, too.
    """
    if not trace:
        return None, None
    chained = list(_CHAINED.finditer(trace))
    start = chained[-1].end() if chained else 0
    header = _HEADER.search(trace, start)
    raised = _RAISED.search(trace, header.end() if header else start)
    if raised is None or raised["type"] == "NoneType":  # logged as an exception where there was none
        return None, None
    message = trace[raised.end() :] if raised["colon"] else ""  # without a colon it is the exception's repr
    if raised["group"]:
        message = message.partition("\n")[0]
    elif header is None:
        message = _FOREIGN_FRAME.split(message, maxsplit=1)[0]
    return raised["type"].rpartition(".")[2], message.strip() or None
