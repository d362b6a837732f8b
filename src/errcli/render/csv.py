"""csv: a header and the rows (RFC 4180, lines ending in LF), harmless to spreadsheets and terminals."""

import csv
import io
from typing import Any

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.values import to_text

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return a header line and a line per row; control characters in text are escaped, so a row is one line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(column.name) for column in result.columns])
    writer.writerows([_cell(value) for value in row] for row in result.rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    """Write a cell; text that a spreadsheet would run is prefixed with an apostrophe (OWASP: CSV injection)."""
    guard = "'" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else ""
    return guard + to_text(value)
