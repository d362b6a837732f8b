"""What is in a store, and does it keep its promises?"""

from typing import Any

from errcli.store.connection import Store
from errcli.store.patterns import know_patterns
from errcli.store.sql import execute, statement


def info(store: Store) -> dict[str, Any]:
    """Return size, counts and span; the keys are the columns of `info.sql` after path, bytes and wal_bytes."""
    know_patterns(store)
    wal = store.path.with_name(f"{store.path.name}.wal")
    cursor = execute(store.connection, statement("info"))
    names = [description[0] for description in cursor.description or []]
    (row,) = cursor.fetchall()
    return {
        "path": str(store.path),
        "bytes": store.path.stat().st_size,
        "wal_bytes": wal.stat().st_size if wal.exists() else 0,
        **dict(zip(names, row, strict=True)),
    }


def broken_promises(store: Store) -> list[tuple[str, int]]:
    """Return every promise of a store with the number of rows that break it."""
    return [(promise, broken) for promise, broken in store.run(statement("doctor"))]
