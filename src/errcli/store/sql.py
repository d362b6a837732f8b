"""Where does a statement's text come from, the `.sql` files beside the modules that run them; and how is it run?"""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

_HERE = Path(__file__).parent
# To parse a text takes up to a fifth of the time that the engine needs for a few rows: a text that comes again, burst
# after burst or pass after pass, is parsed once.
_MOST_PARSED = 256
_parsed: dict[str, list[duckdb.Statement]] = {}


@cache
def statement(name: str) -> str:
    """Return the text of `store/<name>.sql`."""
    return (_HERE / f"{name}.sql").read_text("utf-8")


def execute(
    connection: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run statements, the last one with parameters, as the connection's own `execute` does; return the connection."""
    *firsts, last = _parse(connection, sql)
    for each in firsts:
        connection.execute(each)
    return connection.execute(last, params or {})


def _parse(connection: duckdb.DuckDBPyConnection, sql: str) -> list[duckdb.Statement]:
    parsed = _parsed.get(sql)
    if parsed is None:
        parsed = connection.extract_statements(sql)
        if len(_parsed) >= _MOST_PARSED:
            _parsed.clear()
        _parsed[sql] = parsed
    return parsed


def quoted(identifier: str) -> str:
    """Quote an identifier that must vary: a column list, an attached file's name."""
    return '"' + identifier.replace('"', '""') + '"'
