"""Does a text of SQL that is parsed once run as it would each time?"""

import duckdb

from errcli.store import sql

TWO = "CREATE OR REPLACE TEMP TABLE numbers AS SELECT 1 AS n; SELECT n + $more FROM numbers"


def test_several_statements_run_again_with_other_parameters_on_other_connections() -> None:
    for connection in (duckdb.connect(), duckdb.connect()):
        assert sql.execute(connection, TWO, {"more": 1}).fetchall() == [(2,)]
        assert sql.execute(connection, TWO, {"more": 5}).fetchall() == [(6,)]


def test_a_text_is_parsed_once_whichever_connection_runs_it() -> None:
    assert sql._parse(duckdb.connect(), TWO) is sql._parse(duckdb.connect(), TWO)


def test_a_table_that_has_changed_is_seen_as_it_is_now() -> None:
    connection = duckdb.connect()
    for columns, row in (("1 AS a", (1,)), ("'x' AS b, 2 AS c", ("x", 2))):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE changing AS SELECT {columns}")
        assert sql.execute(connection, "FROM changing").fetchall() == [row]


def test_texts_without_end_are_not_all_kept() -> None:
    connection = duckdb.connect()
    for number in range(1000):
        assert sql.execute(connection, f"SELECT {number}").fetchall() == [(number,)]
    assert len(sql._parsed) <= 256
