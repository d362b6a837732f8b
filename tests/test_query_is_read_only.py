"""Can a free query change anything, or reach anything but the store? And does what only asks work?"""

import hashlib
import json
import re
from pathlib import Path

import pyarrow as pa
import pytest

from errcli.store import query
from tests.support import Cli, event, process, write_log

HIDDEN = "what the file hides"
REFUSED = {
    "insert": "INSERT INTO user_errors SELECT * FROM user_errors",
    "update": "UPDATE user_errors SET user_id = 'x'",
    "delete": "DELETE FROM user_errors",
    "truncate": "TRUNCATE user_errors",
    "merge": "MERGE INTO user_errors USING user_errors AS b ON true WHEN MATCHED THEN DELETE",
    "create table": "CREATE TABLE t AS SELECT 1",
    "create view": "CREATE VIEW v AS SELECT 1",
    "create macro": "CREATE MACRO m(a) AS a",
    "create type": "CREATE TYPE t AS ENUM ('a')",
    "create sequence": "CREATE SEQUENCE s",
    "create schema": "CREATE SCHEMA s",
    "create secret": "CREATE HIDDEN s (TYPE s3)",
    "create temporary table": "CREATE TEMP TABLE t AS SELECT 1",
    "create temporary view": "CREATE TEMP VIEW v AS SELECT 1",
    "drop": "DROP TABLE user_errors",
    "alter": "ALTER TABLE user_errors ADD COLUMN x INTEGER",
    "comment": "COMMENT ON TABLE user_errors IS 'x'",
    "explained insert": "EXPLAIN ANALYZE INSERT INTO user_errors SELECT * FROM user_errors",
    "explained delete": "EXPLAIN ANALYZE DELETE FROM user_errors",
    "delete by query()": "FROM query('DELETE FROM user_errors')",
    "copy out": "COPY user_errors TO '{folder}/out.csv'",
    "copy out to parquet": "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
    "copy in": "COPY user_errors FROM '{file}'",
    "copy of a database": "COPY FROM DATABASE errcli TO memory",
    "export": "EXPORT DATABASE '{folder}/out'",
    "import": "IMPORT DATABASE '{folder}/out'",
    "read_csv": "FROM read_csv('{file}')",
    "read_json": "FROM read_json('{file}')",
    "read_text": "FROM read_text('{file}')",
    "read_blob": "FROM read_blob('{file}')",
    "read_parquet": "FROM read_parquet('{file}')",
    "sniff_csv": "FROM sniff_csv('{file}')",
    "glob": "FROM glob('{folder}/*')",
    "a file as a table": "FROM '{file}'",
    "a log as a table": "FROM '{folder}/log.jsonl'",
    "an address as a table": "FROM 'https://localhost:1/x.csv'",
    "an address of a bucket": "FROM read_parquet('s3://bucket/x.parquet')",
    "attach a file": "ATTACH '{folder}/other.duckdb' AS other",
    "attach memory": "ATTACH ':memory:' AS other",
    "attach the store for writing": "ATTACH '{folder}/errcli.duckdb' AS again (READ_ONLY false)",
    "install": "INSTALL httpfs",
    "install from a folder": "INSTALL httpfs FROM '{folder}'",
    "load": "LOAD httpfs",
    "load a file": "LOAD '{folder}/x.duckdb_extension'",
    "set": "SET threads = 1",
    "set a variable": "SET VARIABLE a = 1",
    "allow access again": "SET enable_external_access = true",
    "unlock": "SET lock_configuration = false",
    "reset": "RESET enable_external_access",
    "pragma that sets": "PRAGMA memory_limit = '1GB'",
    "pragma that profiles": "PRAGMA enable_profiling",
    "logging to a file": "CALL enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "prepare": "PREPARE p AS SELECT 1",
    "begin": "BEGIN",
    "use": "USE memory",
    "the environment": "SELECT getenv('HOME')",
    "several statements": "SELECT 1; SELECT 2",
    "a question and a write": "SELECT 1; DELETE FROM user_errors",
    "no statement": " ",
    "only a comment": "/* nothing */",
    "nonsense": "SELEC 1",
    "a parameter": "SELECT $x",
}
ASKED: dict[str, tuple[str, int]] = {
    "select": ("SELECT user_id FROM user_errors", 3),
    "with": ("WITH a AS (SELECT 1 AS x) SELECT x FROM a", 1),
    "from first": ("FROM user_errors", 3),
    "table": ("TABLE user_errors", 3),
    "values": ("VALUES (1), (2)", 2),
    "describe": ("DESCRIBE user_errors", 31),
    "summarize": ("SUMMARIZE user_errors", 31),
    "show": ("SHOW user_errors", 31),
    "explain": ("EXPLAIN SELECT 1", 1),
    "explain analyze": ("EXPLAIN ANALYZE SELECT 1", 1),
    "pivot": ("PIVOT user_errors ON error_code USING count(*) GROUP BY user_id", 2),
    "unpivot": ("UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b", 2),
    "union": ("SELECT 1 AS a UNION ALL SELECT 2", 2),
    "nothing found": ("FROM user_errors WHERE false", 0),
    "pragma that asks": ("PRAGMA table_info('resolutions')", 11),
    "semicolon": ("SELECT 1 AS a;", 1),
    "comment": ("-- why\nSELECT 1 AS a -- so", 1),
    "view with resolved": ("SELECT resolved FROM events", 3),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of three events, its log, and a file that nobody may read."""
    path = tmp_path_factory.mktemp("query")
    write_log(path / "log.jsonl", [event("u-1", error_code="A"), event("u-1", error_code="B"), event("u-2")])
    (path / "secret.csv").write_text(f"a,b\n1,{HIDDEN}\n")
    assert process("ingest", "log.jsonl", cwd=path).code == 0
    return path


def state(folder: Path) -> dict[str, str]:
    """Return the files of a folder with the hashes of their contents."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("case", REFUSED)
def test_what_writes_or_reaches_out_is_refused(cli: Cli, folder: Path, case: str) -> None:
    before = state(folder)
    sql = REFUSED[case].replace("{folder}", str(folder)).replace("{file}", str(folder / "secret.csv"))
    run = cli("query", sql, "--db", folder / "errcli.duckdb")
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(r"errcli: query: [^\n]+\n", run.err)
    assert HIDDEN not in run.err
    assert state(folder) == before
    assert list(Path().iterdir()) == []


def test_a_variable_of_the_program_is_no_table(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "planted", pa.table({"a": [1]}), raising=False)
    run = cli("query", "FROM planted", "--db", folder / "errcli.duckdb")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("errcli: query: ")


@pytest.mark.parametrize("sql", ["CHECKPOINT", "FORCE CHECKPOINT", "VACUUM", "CALL truncate_duckdb_logs()"])
def test_what_looks_after_a_store_does_not_touch_it(cli: Cli, folder: Path, sql: str) -> None:
    before = state(folder)
    run = cli("query", sql, "--db", folder / "errcli.duckdb")
    assert run.code in (0, 2)
    assert state(folder) == before


@pytest.mark.parametrize("case", ASKED)
def test_what_only_asks_is_answered(cli: Cli, folder: Path, case: str) -> None:
    before = state(folder)
    sql, count = ASKED[case]
    run = cli("query", sql, "--db", folder / "errcli.duckdb", "-f", "json") if not sql.startswith("-") else cli(
        "query", "--db", folder / "errcli.duckdb", "-f", "json", "--", sql
    )  # fmt: skip
    assert (run.code, run.err) == (0, "")
    assert len(run.rows) == count
    assert json.loads(run.out)["params"] == {"sql": sql}
    assert state(folder) == before


def test_the_statement_can_come_from_stdin(folder: Path) -> None:
    run = process("query", "-", "-f", "csv", cwd=folder, stdin=b"SELECT count(*) AS n\nFROM user_errors\n")
    assert run == (0, "n\n3\n", "")
    assert process("query", "-", cwd=folder, stdin=b"DROP TABLE user_errors").code == 2
    assert process("query", "-", cwd=folder, stdin=b"").code == 2


def test_a_statement_runs_once(cli: Cli, folder: Path) -> None:
    run = cli(
        "query", "SELECT count(*) AS n, random() AS r FROM user_errors", "--db", folder / "errcli.duckdb", "-f", "json"
    )
    assert run.row["n"] == 3
    repeated = cli("query", "CREATE TEMP TABLE t AS SELECT 1", "--db", folder / "errcli.duckdb")
    assert "already exists" not in repeated.err


def test_a_large_query_spills_although_files_are_out_of_reach(cli: Cli, folder: Path) -> None:
    Path("errcli.toml").write_text("[store]\nmemory_limit = '60MB'\nthreads = 1\n")
    sql = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(CAST(i AS VARCHAR)) FROM range(600000) AS numbers(i))"
    run = cli("query", sql, "--db", folder / "errcli.duckdb", "-f", "json")
    assert (run.code, run.row) == (0, {"n": 600_000})
    assert sorted(state(folder)) == ["errcli.duckdb", "log.jsonl", "secret.csv"]
