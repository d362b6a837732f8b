"""How far is each file read? The rows of `file_positions`, read and written."""

from datetime import datetime

import msgspec

from errcli.position import Position
from errcli.store.connection import Store
from errcli.store.sql import statement


def read(store: Store) -> list[Position]:
    """Return all positions, those of the longest reading first."""
    return [Position(*row) for row in store.run(statement("position_read"))]


def move(store: Store, position: Position, previous: Position | None, file: str, now: datetime) -> None:
    """Note a position in place of the previous one; belongs in the transaction that adds what lies between."""
    for each in (previous, position):
        if each is not None:
            named = {"reading": each.reading, "head": each.head, "read_bytes": each.read_bytes, "tail": each.tail}
            store.run(statement("position_forget"), named)
    store.run(statement("position_write"), {**msgspec.structs.asdict(position), "file": file, "now": now})
