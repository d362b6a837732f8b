"""Do all formats say the same, whatever the rows hold?"""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.analysis import Column
from errcli.render import FormatName, Screen, render
from tests.rendered import is_hostile, of_rows, shown

COLUMNS = (
    Column("text", "text"),
    Column("whole", "integer"),
    Column("number", "number"),
    Column("truth", "boolean"),
    Column("moment", "time"),
    Column("day", "date"),
    Column("texts", "list"),
)
TEXT_FORMATS: tuple[FormatName, ...] = ("table", "json", "jsonl", "csv", "markdown")
NAMES = [column.name for column in COLUMNS]
ODD = "\x00\x07\n\r\t\x1b\x7f\x85\x9b\u202e\u2066\u2028\u200f'\"\\,|=+-@<>&[]`* é世🦆"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=12)
rows = st.lists(
    st.tuples(
        st.none() | texts,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        st.none() | st.lists(texts, max_size=3),
    ),
    max_size=6,
)


def as_json(value: Any) -> Any:
    """Return what JSON has to hold for a value."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S") + (f".{value.microsecond:06d}" if value.microsecond else "") + "Z"
    return value.isoformat() if isinstance(value, date) else value


def from_cell(cell: str, like: Any) -> Any:
    """Read a CSV cell back as the kind of value that JSON has at its place."""
    if cell == "" and like in (None, ""):
        return like
    return cell if isinstance(like, str) else json.loads(cell)


def cell_of(value: Any) -> Any:
    """Return what a CSV cell has to say of a JSON value: text escaped, and disarmed by an apostrophe."""
    if not isinstance(value, str):
        return value
    return ("'" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else "") + shown(value)


@settings(max_examples=150, deadline=None)
@given(rows)
def test_json_jsonl_csv_and_parquet_agree(values: list[tuple[Any, ...]]) -> None:
    result = of_rows(COLUMNS, values)
    expected = [dict(zip(NAMES, map(as_json, row), strict=True)) for row in values]
    assert json.loads(render(result, "json", Screen()))["rows"] == expected
    assert [json.loads(line) for line in render(result, "jsonl", Screen()).splitlines()] == expected
    cells = list(csv.DictReader(io.StringIO(render(result, "csv", Screen()).decode(), newline=""), strict=True))
    read_back = [
        {name: from_cell(row[name], like[name]) for name in NAMES} for row, like in zip(cells, expected, strict=True)
    ]
    assert read_back == [{name: cell_of(value) for name, value in row.items()} for row in expected]
    table = pq.read_table(io.BytesIO(render(result, "parquet", Screen()))).to_pylist()
    assert [{name: as_json(value) for name, value in row.items()} for row in table] == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(texts, st.integers(-(2**63), 2**63 - 1), texts), min_size=2, max_size=6))
def test_an_uncut_table_has_every_value_of_json_in_its_place(values: list[tuple[str, int, str]]) -> None:
    columns = (Column("first", "text"), Column("n", "integer"), Column("last", "text"))
    title, header, _, *lines = render(of_rows(columns, values), "table", Screen()).decode().split("\n")[:-1]
    assert title == f"test: {len(values)} rows"
    assert header.split() == ["first", "n", "last"]
    assert len(lines) == len(values)
    for line, (first, number, last) in zip(lines, values, strict=True):
        assert line.startswith(shown(first))
        rest = line[len(shown(first)) :].lstrip(" ") if first.strip(" ") else line.lstrip(" ")
        assert rest.startswith(f"{number:,}")
        assert line.endswith(shown(last).rstrip(" "))


@settings(max_examples=150, deadline=None)
@given(rows, st.sampled_from([None, 20, 80, 200]))
def test_no_text_format_lets_anything_hostile_through(values: list[tuple[Any, ...]], width: int | None) -> None:
    result = of_rows(COLUMNS, values)
    for format_name in TEXT_FORMATS:
        text = render(result, format_name, Screen(width)).decode()
        assert {letter for letter in text if is_hostile(letter)} <= {"\n"}, format_name


@settings(max_examples=150, deadline=None)
@given(rows)
def test_a_markdown_table_has_a_line_a_row_and_a_cell_a_value(values: list[tuple[Any, ...]]) -> None:
    _, _, *lines = render(of_rows(COLUMNS, values), "markdown", Screen()).decode().split("\n")[:-1]
    assert len(lines) == 2 + len(values)
    for line in lines:
        bare = line.replace("\\\\", "").replace("\\|", "")
        assert bare.count("|") == len(COLUMNS) + 1
        assert not set("<>") & set(bare)
