"""How are questions put to a store: an analysis's SQL with its parameters, and free SQL that can only read."""

import re
from typing import Any

import duckdb

from errcli.analysis import Kind
from errcli.errors import QueryError
from errcli.store.connection import Store

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
_SQL_ERRORS = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.NotSupportedError,
    duckdb.PermissionException,
    duckdb.TransactionException,
)


def named_parameters(sql: str) -> set[str]:
    """Return the names of the `$parameters` of an analysis's SQL, whose comments stand on lines of their own.

    The engine's own parser tells the same, and takes longer for it than most analyses to run.
    """
    code = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return set(_PARAMETER.findall(code))


def run(store: Store, sql: str, bindings: dict[str, Any], limit: int) -> tuple[list[tuple[Any, ...]], int]:
    """Run an analysis's SQL with those of the bindings that it names; return rows and how many there are in all."""
    return store.fetch(sql, {name: bindings[name] for name in named_parameters(sql)}, limit)


def run_free(store: Store, sql: str, limit: int) -> tuple[list[tuple[str, Kind]], list[tuple[Any, ...]], int]:
    """Run one statement of somebody's own on a store opened read-only; return columns, rows, number of rows.

    The engine itself refuses to write, to open files and to load extensions; this locks the store's
    connection for good. Raises QueryError.
    """
    for setting in _LOCKDOWN:
        store.connection.execute(setting)
    try:
        statements = store.connection.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"one statement is wanted, not {len(statements)}", "", "leave out all but one")
        relation = store.connection.sql(sql)
        if relation is None:
            return [], [], 0
        columns = [(name, _kind(str(kind))) for name, kind in zip(relation.columns, relation.types, strict=True)]
        rows, total = store.fetch(sql, {}, limit)
    except _SQL_ERRORS as error:
        raise QueryError(str(error).splitlines()[0], "", "errcli query 'FROM user_errors' shows the columns") from error
    return columns, rows, total


def _kind(type_name: str) -> Kind:
    if type_name.endswith(("INT", "INTEGER")):
        return "integer"
    return _KINDS.get(type_name.split("(", maxsplit=1)[0], "other")
