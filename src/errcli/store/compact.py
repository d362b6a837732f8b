"""How does a store become smaller? Deleting gives no disk space back; a rewritten file does."""

import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import msgspec

from errcli.errors import StoreBusyError, StoreIOError
from errcli.store.connection import StoreOptions, attach, scratch, translated, writing
from errcli.store.schema import migrate
from errcli.store.sql import execute, quoted, statement

_TRIES = 5
_OF_THE_SCHEMA = ("schema_migrations", "mask_set")


class Compacted(msgspec.Struct, frozen=True):
    """Bytes of the file before and after."""

    bytes_before: int
    bytes_after: int


def compact(options: StoreOptions) -> Compacted:
    """Rewrite the store into a new file, events in time order, and put it in the old one's place.

    Readers may go on during the rewriting; writers wait. A failure leaves the old file as it was.
    Raises as `writing` does.
    """
    path = options.path.resolve()
    before = path.stat().st_size if path.exists() else 0
    for _ in range(_TRIES):
        with writing(options) as store:
            store.connection.execute("CHECKPOINT")
        with scratch(options) as engine, translated(path):
            # read-only: it shuts writers out, lets readers in, and never touches the log beside the file
            attach(engine, options, "old", read_only=True)
            if not path.with_name(f"{path.name}.wal").exists():
                _rewrite(engine, path)
                return Compacted(before, path.stat().st_size)
    raise StoreBusyError("others keep writing to the store", str(path), "try again")


def _rewrite(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    inode = path.stat().st_ino
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        what = error.strerror or str(error)
        raise StoreIOError(what, str(path.parent), "compacting needs room for a new file beside the store") from error
    try:
        fresh = folder / path.name
        attach(engine, StoreOptions(fresh), "fresh")
        _copy(engine, fresh)
        engine.execute("USE memory")
        engine.execute("DETACH fresh")
        shutil.copymode(path, fresh)
        if path.stat().st_ino != inode:
            raise StoreBusyError("another process replaced the store", str(path), "try again")
        os.replace(fresh, path)  # noqa: PTH105 - while the old file is still locked against writers
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(engine: duckdb.DuckDBPyConnection, fresh: Path) -> None:
    engine.execute("USE fresh")
    migrate.upgrade(engine, fresh)
    tables = engine.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'").fetchall()
    engine.begin()
    for (table,) in tables:
        if table == "user_errors":
            execute(engine, statement("compact_events"))
        elif table not in _OF_THE_SCHEMA:
            engine.execute(f"INSERT INTO {quoted(table)} BY NAME FROM old.{quoted(table)}")
    engine.commit()
