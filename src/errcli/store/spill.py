"""Where does a question put what its memory has no room for, and who clears away what a killed one left?"""

import glob
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder_of(store: Path) -> Iterator[Path]:
    """Yield a folder of one reader's own: beside the store, or in the system's where that cannot be written.

    Beside the store the engine makes it when it needs it, and removes it.
    """
    made = None if os.access(store.parent, os.W_OK) else _elsewhere()
    try:
        # several readers may run short of memory at once, and in containers all may have one process number
        yield made or store.parent / f"{store.name}.{secrets.token_hex(4)}.tmp"
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def clear_away(store: Path) -> None:
    """Remove what killed readers left beside a store. Belongs under a writer's lock, beside which no reader lives."""
    for left in store.parent.glob(f"{glob.escape(store.name)}.{'[0-9a-f]' * 8}.tmp"):
        shutil.rmtree(left, ignore_errors=True)


def _elsewhere() -> Path | None:
    """Make a folder that nobody else can read; without one, what has room enough is answered all the same."""
    try:
        return Path(tempfile.mkdtemp(prefix="errcli-"))
    except OSError:
        return None
