"""Can every type of the engine be written in every format, when a free query returns it?"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.support import Cli, event, write_log

TYPES: dict[str, tuple[str, Any]] = {
    "huge": ("170141183460469231731687303715884105727::HUGEINT", 170141183460469231731687303715884105727),
    "unsigned": ("18446744073709551615::UBIGINT", 18446744073709551615),
    "tiny": ("-1::TINYINT", -1),
    "decimal": ("12.345::DECIMAL(10, 3)", 12.345),
    "real": ("1.5::FLOAT", 1.5),
    "double": ("1e300", 1e300),
    "truth": ("true", True),
    "text": ("'Grüße'", "Grüße"),
    "nothing": ("NULL", None),
    "not_a_number": ("'NaN'::DOUBLE", None),
    "infinite": ("'inf'::DOUBLE", None),
    "negative_infinite": ("'-inf'::DOUBLE", None),
    "uuid": ("'2dc1cc0f-21f6-458d-8694-4e9cae6cd083'::UUID", "2dc1cc0f-21f6-458d-8694-4e9cae6cd083"),
    "enum": ("'a'::ENUM('a', 'b')", "a"),
    "date": ("DATE '2026-01-31'", "2026-01-31"),
    "far_date": ("DATE '290000-01-01'", "290000-01-01"),
    "time": ("TIME '12:34:56.5'", "12:34:56.500000"),
    "timestamp": ("TIMESTAMP '2026-01-31 12:00:00'", "2026-01-31T12:00:00"),
    "timestamptz": ("TIMESTAMPTZ '2026-01-31 12:00:00+01'", "2026-01-31T11:00:00Z"),
    "far_timestamptz": ("TIMESTAMPTZ '20000-01-31 12:00:00+00'", "20000-01-31 12:00:00+00"),
    "interval": ("INTERVAL '90 minutes'", 5400.0),
    "blob": (r"'\xAA\x00'::BLOB", "aa00"),
    "bits": ("'1010'::BIT", "1010"),
    "json": ("""'{"a": [1]}'::JSON""", '{"a": [1]}'),
    "integers": ("[1, 2, NULL]", [1, 2, None]),
    "texts": ("['a', 'b', NULL]", ["a", "b", None]),
    "nested": ("[[1], [], NULL]", [[1], [], None]),
    "array": ("array_value(1, 2)", [1, 2]),
    "struct": ("{'a': 1, 't': DATE '2026-01-31'}", {"a": 1, "t": "2026-01-31"}),
    "map": ("MAP {'k': 1, 'l': NULL}", {"k": 1, "l": None}),
    "map_of_numbers": ("MAP {1: 'a'}", {"1": "a"}),
    "union_": ("union_value(num := 2)", 2),
}
QUERY = "SELECT " + ", ".join(f"{sql} AS {name}" for name, (sql, _) in TYPES.items())
EXPECTED = {name: value for name, (_, value) in TYPES.items()}


@pytest.fixture(autouse=True)
def _store(cli: Cli, tmp_path: Path) -> None:
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event()])).code == 0


def test_json_has_every_type(cli: Cli) -> None:
    assert cli("query", QUERY, "-f", "json").row == EXPECTED
    assert json.loads(cli("query", QUERY, "-f", "jsonl").out) == EXPECTED


def test_csv_has_every_type_as_json_has_it(cli: Cli) -> None:
    (cells,) = csv.DictReader(io.StringIO(cli("query", QUERY, "-f", "csv").out))
    for name, value in EXPECTED.items():
        if value is None or isinstance(value, str):
            assert cells[name] == (value or "")
        else:
            assert json.loads(cells[name]) == value


def test_parquet_has_every_type_of_its_own_and_the_others_as_text(cli: Cli) -> None:
    assert cli("query", QUERY, "-f", "parquet", "-o", "types.parquet").code == 0
    table = pq.read_table("types.parquet")
    (row,) = table.to_pylist()
    assert table.column_names == list(EXPECTED)
    for name in ("tiny", "decimal", "real", "double", "truth", "text", "nothing", "uuid", "enum", "texts", "bits"):
        assert row[name] == EXPECTED[name]
    for name in ("huge", "unsigned", "struct", "map", "nested", "integers", "interval"):
        assert json.loads(row[name]) == EXPECTED[name]
    assert (str(row["date"]), str(row["timestamptz"])) == ("2026-01-31", "2026-01-31 11:00:00+00:00")
    assert (row["far_date"], row["far_timestamptz"]) == ("290000-01-01", "20000-01-31 12:00:00+00")


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_tables_have_every_type(cli: Cli, format_name: str) -> None:
    run = cli("query", QUERY, "-f", format_name)
    assert (run.code, run.err) == (0, "")
    for text in ("Grüße", "2026-01-31", "290000-01-01", "aa00", "1010", "12:34:56.5", "2dc1cc0f-21f6-458d-8694-4e9cae"):
        assert text in run.out


@pytest.mark.parametrize("format_name", ["table", "json", "jsonl", "csv", "markdown", "parquet"])
def test_the_engines_own_list_of_extremes_can_be_written(cli: Cli, format_name: str) -> None:
    run = cli("query", "FROM test_all_types()", "-f", format_name, "-o", "all")
    assert (run.code, run.err) == (0, "")
    assert Path("all").stat().st_size > 1_000


@pytest.mark.parametrize("format_name", ["json", "jsonl", "csv", "markdown", "table", "parquet"])
def test_columns_of_one_name_are_all_shown(cli: Cli, format_name: str) -> None:
    run = cli("query", "SELECT 11 AS n, 22 AS n, 33 AS n_2, 44 AS n", "-f", format_name, "-o", "answer")
    assert (run.code, run.err) == (0, "")
    if format_name == "parquet":
        assert pq.read_table("answer").to_pylist() == [{"n": 11, "n_3": 22, "n_2": 33, "n_4": 44}]
        return
    text = Path("answer").read_text("utf-8")
    for word in ("n_2", "n_3", "n_4", "11", "22", "33", "44"):
        assert word in text
