"""Do threads of one process wait for each other's turn at the store, so that no other process comes in between?"""

import signal
import threading
from pathlib import Path

import duckdb
import pytest

from errcli.errors import StoreBusyError, StoreIOError
from errcli.store.connection import StoreOptions, create, reading, scratch, translated, writing
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


def test_what_made_a_new_store_fail_is_told_and_the_engine_can_make_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = StoreOptions(tmp_path / "errcli.duckdb")
    with scratch(options) as engine:
        with monkeypatch.context() as patch:
            patch.setattr("errcli.store.schema.migrate.note_masks", lambda connection: connection.execute("FROM none"))
            with pytest.raises(StoreIOError, match="Table with name none does not exist") as failed:
                create(engine, options.path)
        assert failed.value.where == str(options.path)
        assert list(tmp_path.iterdir()) == []
        create(engine, options.path)
    with reading(options) as store:
        assert store.run("SELECT count(*) FROM user_errors") == [(0,)]


@pytest.mark.parametrize("delay", [0.05, 0.3])
def test_ctrl_c_ends_a_question_at_once_and_the_store_can_be_asked_again(sample_db: Path, delay: float) -> None:
    endless = "SELECT sum(a.i * b.i) FROM range(10000000) AS a(i), range(10000000) AS b(i)"
    with reading(StoreOptions(sample_db)) as store:
        threading.Timer(delay, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            store.first_rows(endless, {}, 5)
        assert store.first_rows("SELECT i FROM range(9) AS a(i) ORDER BY i", {}, 2) == ([(0,), (1,)], 9)


def test_ctrl_c_while_the_engine_imports_what_it_needs_is_ctrl_c() -> None:
    told = (
        "Invalid Input Error: Required module 'zoneinfo' failed to import, due to the following Python exception:\n"
        "Traceback (most recent call last):\n  File ..., in __import__\nKeyboardInterrupt: "
    )
    with pytest.raises(KeyboardInterrupt), translated(Path("errcli.duckdb")):
        raise duckdb.InvalidInputException(told)
    with pytest.raises(StoreIOError), translated(Path("errcli.duckdb")):
        raise duckdb.InvalidInputException(f"{told}and more")
