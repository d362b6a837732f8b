"""Which migrations does a store lack, and may this version of errcli open it at all?"""

from pathlib import Path

import duckdb
import msgspec

from errcli.errors import NoStoreError, NotAStoreError
from errcli.store.regroup import has_old_masks, look_anew, note_masks, regroup
from errcli.store.sql import execute, quoted


class Migration(msgspec.Struct, frozen=True):
    """One numbered `.sql` file."""

    version: int
    name: str
    path: Path


def migrations() -> list[Migration]:
    """Return the known migrations in order; their files are named `NNNN_what.sql`."""
    paths = sorted(Path(__file__).parent.glob("[0-9]*.sql"))
    return [Migration(int(path.stem[:4]), path.stem, path) for path in paths]


def upgrade(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Apply what is missing, in one transaction; then group by the present masks what older ones have grouped.

    Raises NotAStoreError for a foreign or a newer file.
    """
    applied = _applied(connection, path)
    _refuse_newer(applied, path)
    pending = [migration for migration in migrations() if migration.version > applied]
    if pending:
        _apply(connection, pending, applied)
    if has_old_masks(connection):
        _regroup(connection)


def _regroup(connection: duckdb.DuckDBPyConnection) -> None:
    """Group the events anew, on a connection of its own: a load's temporary tables have the same names."""
    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    other = connection.cursor()
    try:
        other.execute("SET TimeZone = 'UTC'")
        other.execute(f"USE {quoted(database)}")
        look_anew(other, None)
        other.begin()
        regroup(other)
        other.commit()
    finally:
        other.close()


def _apply(connection: duckdb.DuckDBPyConnection, pending: list[Migration], applied: int) -> None:
    connection.begin()
    try:
        _run_all(connection, pending, applied)
    except BaseException:
        connection.rollback()  # an aborted transaction would hide what failed behind its own complaint
        raise
    connection.commit()


def _run_all(connection: duckdb.DuckDBPyConnection, pending: list[Migration], applied: int) -> None:
    if applied == 0:
        connection.execute(
            "CREATE TABLE schema_migrations"
            " (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
        )
    for migration in pending:
        execute(connection, migration.path.read_text("utf-8"))
        connection.execute(
            "INSERT INTO schema_migrations VALUES ($version, $name, current_timestamp)",
            {"version": migration.version, "name": migration.name},
        )
    if applied == 0:
        note_masks(connection)  # there is nothing to be grouped anew


def require_current(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Check, without writing, that the store can be read. Raises NoStoreError or NotAStoreError."""
    applied = _applied(connection, path)
    _refuse_newer(applied, path)
    if applied == 0:
        raise NoStoreError("the store is empty", str(path), "errcli ingest FILE fills it")
    if applied < migrations()[-1].version:
        raise NotAStoreError("the store has an older schema", str(path), "errcli rollup upgrades it")


def _applied(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Return the newest applied version, 0 for a file without tables."""
    try:
        ((version,),) = connection.execute("SELECT max(version) FROM schema_migrations").fetchall()
    except duckdb.CatalogException:
        ((tables,),) = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
        ).fetchall()
        if tables:
            raise NotAStoreError("a DuckDB file, but no errcli store", str(path), "--db names another file") from None
        return 0
    return int(version or 0)


def _refuse_newer(applied: int, path: Path) -> None:
    if applied > migrations()[-1].version:
        raise NotAStoreError("the store was made by a newer errcli", str(path), "upgrade errcli")
