"""How are questions put to a store: an analysis's SQL with its parameters, and free SQL that can only read."""

import re
from itertools import count
from typing import Any

import duckdb

from errcli.analysis import Kind
from errcli.errors import QueryError
from errcli.params import well_formed
from errcli.store.connection import Store
from errcli.store.patterns import know_patterns

_LOCKDOWN = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_KINDS: dict[str, Kind] = {
    "VARCHAR": "text",
    "UUID": "text",
    "JSON": "text",
    "ENUM": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "DECIMAL": "number",
    "TIMESTAMP WITH TIME ZONE": "time",
    "VARCHAR[]": "list",
}
_PARAMETER = re.compile(r"\$([a-z_]+)")
# What shows patterns, which may have to be mined first.
_PATTERNS = re.compile(r"\b(events|shape_patterns|computed_patterns|standing_resolutions)\b", re.IGNORECASE)
_SQL_ERRORS = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.NotSupportedError,
    duckdb.PermissionException,
    duckdb.TransactionException,
    duckdb.ResourceInUseException,
)
_QUESTIONS = ("SELECT", "EXPLAIN", "CALL", "PRAGMA", "MULTI")  # PIVOT is several statements to the engine


def named_parameters(sql: str) -> set[str]:
    """Return the names of the `$parameters` of an analysis's SQL, whose comments stand on lines of their own.

    The engine's own parser tells the same, and takes longer for it than most analyses to run.
    """
    code = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return set(_PARAMETER.findall(code))


def run(store: Store, sql: str, bindings: dict[str, Any], limit: int) -> tuple[list[tuple[Any, ...]], int]:
    """Run an analysis's SQL with those of the bindings that it names; return rows and how many there are in all."""
    if _PATTERNS.search(sql):
        know_patterns(store)
    used = {name: well_formed(bindings[name]) for name in named_parameters(sql)}
    return store.first_rows(sql, used, limit)


def run_free(store: Store, sql: str, limit: int) -> tuple[list[tuple[str, Kind]], list[tuple[Any, ...]], int]:
    """Run one statement of somebody's own on a store opened read-only; return columns, rows, number of rows.

    The engine itself refuses to write, to open files and to load extensions; this locks the store's
    connection for good. Columns of the same name are told apart by a number. Raises QueryError.
    """
    if _PATTERNS.search(sql):
        know_patterns(store)
    for setting in _LOCKDOWN:
        store.connection.execute(setting)
    try:
        statements = store.connection.extract_statements(well_formed(sql))
        if len(statements) != 1:
            raise QueryError(f"one statement is wanted, not {len(statements)}", "", "leave out all but one")
        relation = store.connection.sql(statements[0])
        if relation is None or statements[0].type.name not in _QUESTIONS:
            raise QueryError("the statement asks nothing", "", "use SELECT, FROM, WITH, DESCRIBE, SUMMARIZE, SHOW")
        kinds = [_kind(str(kind)) for kind in relation.types]
        rows, total = store.fetch(relation, limit)
    except _SQL_ERRORS as error:
        raise QueryError(
            str(error).splitlines()[0], "", "errcli query 'DESCRIBE user_errors' names the columns"
        ) from error
    return list(zip(_distinct(relation.columns), kinds, strict=True)), rows, total


def _distinct(names: list[str]) -> list[str]:
    """Put a number to names that came before, since a JSON object holds each key once: `n`, `n_2`, `n_3`."""
    distinct: list[str] = []
    for name in names:
        others = {*distinct, *names}
        free = (numbered for number in count(2) if (numbered := f"{name}_{number}") not in others)
        distinct.append(next(free) if name in distinct else name)
    return distinct


def _kind(type_name: str) -> Kind:
    if type_name.endswith(("INT", "INTEGER")):
        return "integer"
    return _KINDS.get(type_name.split("(", maxsplit=1)[0], "other")
