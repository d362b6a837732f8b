"""What the tests of renderers share: a result with every kind of column, and how hostile text has to be shown."""

from datetime import UTC, date, datetime
from typing import Any

from errcli.analysis import Column, Result

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
COLUMNS = (
    Column("user_id", "text", "id", 0),
    Column("severity", "text", "severity"),
    Column("hash", "text", "hash"),
    Column("errors", "integer"),
    Column("size", "integer", "bytes"),
    Column("average", "number"),
    Column("recovery_rate", "number", "percent"),
    Column("gap", "number", "seconds"),
    Column("blocked", "boolean"),
    Column("seen", "time"),
    Column("day", "date"),
    Column("pages", "list"),
    Column("other", "other"),
)
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b1m \x7f \u202egpj.exe\u2066 [red]a[/] 'q' \"d\" a|b `c` <b> \\ \t\r\n."
)
ROWS: list[tuple[Any, ...]] = [
    ("u-1", "critical", "d1225a3c41967bb5f293670c1c11347c606e796aff3c5f08325845e6ec3048e4", 1_234_567, 1_847_296,
     0.1, 33.333, 3_725.5, True, datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC), date(2026, 3, 1),
     ["/cart", "/pay"], {"a": [1, None]}),
    ("Grüße 世界 🦆", "low", "-", -1, 0, -2.5, 100.0, 0.0, False, datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
     date(1999, 12, 31), [], b"\x00\xff"),
    (HOSTILE, "[bold]high[/bold]", "=cmd()", 0, 999, 1e300, None, None, None, None, None, [HOSTILE], None),
    ("+1", "-1", "@x", 9_223_372_036_854_775_807, 1_000, float("nan"), float("inf"), 59.9, True,
     datetime(2026, 3, 1, 12, 29, 59, tzinfo=UTC), date(2026, 2, 28), ["=1"], "plain"),
    (None, None, None, None, None, None, None, None, None, None, None, None, None),
]  # fmt: skip
EVERY_KIND = Result(
    analysis="every kind",
    columns=COLUMNS,
    rows=ROWS,
    now=NOW,
    since=datetime(2026, 3, 1, 11, 30, tzinfo=UTC),
    until=NOW,
    params={"since": "1h", "user_id": HOSTILE, "total": False, "limit": 5},
    total=7,
)


def of_rows(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Result:
    """Return a result without a window."""
    return Result(analysis="test", columns=columns, rows=rows, now=NOW, total=len(rows))


def is_hostile(letter: str) -> bool:
    """Whether a letter may steer a terminal: C0, DEL, C1, bidi controls, line separators, surrogates."""
    code = ord(letter)
    return (
        code < 0x20
        or 0x7F <= code <= 0x9F
        or letter in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        or 0xD800 <= code <= 0xDFFF
    )


def shown(text: str) -> str:
    r"""Write a text as the contract wants it: what is hostile as `\n`, `\x1b` or `\u202e`."""
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "".join(
        short.get(letter, f"\\x{ord(letter):02x}" if ord(letter) < 0x100 else f"\\u{ord(letter):04x}")
        if is_hostile(letter)
        else letter
        for letter in text
    )
