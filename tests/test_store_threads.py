"""Do threads of one process wait for each other's turn at the store, so that no other process comes in between?"""

import threading
from pathlib import Path

import pytest

from errcli.errors import StoreBusyError
from errcli.store.connection import StoreOptions, create, reading, scratch, writing
from tests.support import process


@pytest.fixture
def options(tmp_path: Path) -> StoreOptions:
    """Return how to open an empty store, waiting a moment for it."""
    options = StoreOptions(tmp_path / "errcli.duckdb", wait=0.1)
    with scratch(options) as engine:
        create(engine, options.path)
    return options


def test_while_one_thread_writes_another_does_not_read_and_no_process_gets_in(
    options: StoreOptions, tmp_path: Path
) -> None:
    told: list[str] = []

    def read() -> None:
        try:
            with reading(options):
                told.append("read")
        except StoreBusyError as error:
            told.append(error.what)

    with writing(options):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        assert told == ["this process is at another question"]
        assert process("daily", "--total", "--wait", "0s", cwd=tmp_path).code == 3
    read()
    assert told[1:] == ["read"]
