"""What does errcli do with a store that is none: is it named, and left as it is, to the byte?"""

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from errcli.cli.main import run as errcli
from tests import cases
from tests.support import Cli, Run, event, write_log

READING = (
    ["user", "u-1"], ["patterns"], ["struggling"], ["daily"], ["query", "SELECT 1"], ["db", "info"], ["db", "doctor"],
)  # fmt: skip
WRITING = (
    ["rollup"], ["track", "--user", "u-1"], ["resolve", "abcdef"], ["prune", "--keep", "30d"],
    ["prune", "--keep", "30d", "--dry-run"], ["db", "compact"],
)  # fmt: skip
_KILLED_WRITER = """\
import os, signal, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("UPDATE user_errors SET page = '/from-the-log'")
os.kill(os.getpid(), signal.SIGKILL)
"""

Maker = Callable[[Path, bytes], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a sound store."""
    folder = tmp_path_factory.mktemp("sound")
    log = write_log(folder / "log.jsonl", [event("u-1", id=f"e{n}", error_message="m" * 900) for n in range(400)])
    assert errcli(["ingest", str(log), "--db", str(folder / "s.duckdb"), "-o", str(folder / "out")]) == 0
    return (folder / "s.duckdb").read_bytes()


def _foreign(path: Path, _: bytes) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id")


def _newer(path: Path, sound: bytes) -> None:
    path.write_bytes(sound)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', current_timestamp)")


def _sqlite(path: Path, _: bytes) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE user_errors (id TEXT)")
    connection.commit()
    connection.close()


def _holding(content: Callable[[bytes], bytes]) -> Maker:
    def make(path: Path, sound: bytes) -> None:
        path.write_bytes(content(sound))

    return make


NO_STORES: dict[str, Maker] = {
    "text": _holding(lambda _: b"dear diary\n" * 500),
    "a few letters": _holding(lambda _: b"hi"),
    "zeros": _holding(lambda sound: bytes(len(sound))),
    "sqlite": _sqlite,
    "somebody else's tables": _foreign,
    "a newer errcli's": _newer,
}
DAMAGED: dict[str, Maker] = {
    "first header": _holding(lambda sound: sound[:12] + b"\xff" * 90 + sound[102:]),
    "both other headers": _holding(lambda sound: sound[:4096] + b"\xff" * 8192 + sound[12288:]),
    "cut in the first header": _holding(lambda sound: sound[:13]),
    "cut after the headers": _holding(lambda sound: sound[:12288]),
    "cut in the first block": _holding(lambda sound: sound[:20_000]),
    "zeros after the headers": _holding(lambda sound: sound[:12288].ljust(len(sound), b"\0")),
}


def state(folder: Path) -> dict[str, str]:
    """Return every file of a folder with its content's hash: a changed byte and a left-over log both show."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def every_command(cli: Cli, store: Path, log: Path) -> list[Run]:
    """Run what reads and what writes on a store."""
    commands = [*READING, *WRITING, ["ingest", str(log)], ["ingest", str(log), "--dry-run"]]
    return [cli(*arguments, "--db", store) for arguments in commands]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """One event to load."""
    return write_log(tmp_path / "new.jsonl", [event("u-9")])


@pytest.mark.parametrize("kind", NO_STORES)
def test_what_is_no_store_is_named_and_left_alone(cli: Cli, tmp_path: Path, sound: bytes, log: Path, kind: str) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    NO_STORES[kind](folder / "x.duckdb", sound)
    before = state(folder)
    for run in every_command(cli, folder / "x.duckdb", log):
        assert (run.code, run.out) == (2, "")
        assert re.fullmatch(r"errcli: not-a-store: [^\n]*x\.duckdb[^\n]*\n", run.err)
    assert state(folder) == before


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_store_is_named_and_left_alone(cli: Cli, tmp_path: Path, sound: bytes, log: Path, kind: str) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    DAMAGED[kind](folder / "x.duckdb", sound)
    before = state(folder)
    for run in every_command(cli, folder / "x.duckdb", log):
        assert (run.code, run.out) == (1, "")
        assert re.fullmatch(r"errcli: damaged-store: the store is damaged[^\n]*x\.duckdb[^\n]*\n", run.err)
    assert state(folder) == before


def test_an_empty_file_is_no_store(cli: Cli, log: Path) -> None:
    Path("x.duckdb").touch()  # it might be a store at its birth, so each look takes a moment
    for arguments in (["user", "u-1"], ["rollup"], ["ingest", str(log)]):
        run = cli(*arguments, "--db", "x.duckdb")
        assert (run.code, run.out) == (2, "")
        assert re.fullmatch(r"errcli: not-a-store: [^\n]*empty[^\n]*x\.duckdb[^\n]*\n", run.err)
    assert state(Path()) == {"x.duckdb": hashlib.sha256(b"").hexdigest()}


def test_a_directory_is_no_store(cli: Cli, tmp_path: Path, log: Path) -> None:
    (tmp_path / "x.duckdb").mkdir()
    for run in every_command(cli, tmp_path / "x.duckdb", log):
        assert (run.code, run.out) == (2, "")
        assert re.fullmatch(r"errcli: not-a-store: [^\n]*directory[^\n]*x\.duckdb[^\n]*\n", run.err)
    assert list((tmp_path / "x.duckdb").iterdir()) == []


def test_no_store_is_made_by_what_only_reads_or_looks_after_one(cli: Cli, tmp_path: Path, log: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    for arguments in (*READING, *(each for each in WRITING if each[0] != "track")):
        assert cli(*arguments, "--db", folder / "x.duckdb").code == 2
    assert cli("ingest", log, "--dry-run", "--db", folder / "x.duckdb").code == 0
    assert list(folder.iterdir()) == []


def test_a_store_in_a_folder_that_does_not_exist_cannot_be_made(cli: Cli, log: Path) -> None:
    run = cli("ingest", log, "--db", "no/folder/x.duckdb")
    assert (run.code, run.out) == (1, "")
    assert re.fullmatch(r"errcli: store-io: [^\n]*no/folder/x\.duckdb[^\n]*\n", run.err)


def test_reading_leaves_a_sound_store_as_it_is(cli: Cli, tmp_path: Path, sound: bytes, log: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    (folder / "x.duckdb").write_bytes(sound)
    before = state(folder)
    for arguments in (*READING, ["prune", "--keep", "1d", "--dry-run"], ["ingest", str(log), "--dry-run"]):
        assert cli(*arguments, "--db", folder / "x.duckdb").code == 0
    assert state(folder) == before


def test_a_store_without_events_answers_with_no_rows(cli: Cli) -> None:
    cases.empty_store(Path("errcli.duckdb"))
    for arguments in (["user", "u-1"], ["patterns"], ["struggling"], ["daily"], ["impact"], ["rate", "u-1"],
                      ["cascade", "u-1", "s-1"], ["patterns", "--now", "latest"]):  # fmt: skip
        run = cli(*arguments, "-f", "json")
        assert (run.code, run.rows) == (0, [])
        assert re.fullmatch(
            r"errcli: note: no rows[^\n]*: the store has no events[^\n]*\(errcli ingest FILE\)\n", run.err
        )
    assert cli("db", "info", "-f", "json").row["events"] == 0
    assert cli("db", "doctor").code == cli("rollup").code == cli("prune", "--keep", "1d").code == 0


def killed_while_writing(store: Path) -> Path:
    """Write to a store and be killed; return the log that is left beside it."""
    done = subprocess.run([sys.executable, "-c", _KILLED_WRITER, str(store)], check=False)
    assert done.returncode == -9
    return store.with_name(f"{store.name}.wal")


def test_a_store_whose_writer_was_killed_can_be_read(cli: Cli, tmp_path: Path, sound: bytes) -> None:
    store = tmp_path / "x.duckdb"
    store.write_bytes(sound)
    wal = killed_while_writing(store)
    before = (store.read_bytes(), wal.read_bytes())
    run = cli("query", "SELECT DISTINCT page FROM user_errors", "--db", store, "-f", "json")
    assert (run.code, run.rows) == (0, [{"page": "/from-the-log"}])
    assert (store.read_bytes(), wal.read_bytes()) == before


def test_a_store_whose_writer_was_killed_can_be_written(cli: Cli, tmp_path: Path, sound: bytes, log: Path) -> None:
    store = tmp_path / "x.duckdb"
    store.write_bytes(sound)
    wal = killed_while_writing(store)
    assert cli("ingest", log, "--db", store).code == 0
    assert not wal.exists()
    counted = "SELECT count(*) AS n, count(*) FILTER (WHERE page = '/from-the-log') AS logged FROM user_errors"
    assert cli("query", counted, "--db", store, "-f", "json").row == {"n": 401, "logged": 400}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_can_be_read_and_not_written(cli: Cli, tmp_path: Path, sound: bytes, log: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    store = folder / "x.duckdb"
    store.write_bytes(sound)
    store.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert cli("user", "u-1", "--db", store).code == 0
        run = cli("ingest", log, "--db", store)
        assert (run.code, run.out) == (1, "")
        assert re.fullmatch(r"errcli: store-io: [^\n]+\n", run.err)
        assert store.read_bytes() == sound
    finally:
        folder.chmod(0o755)
