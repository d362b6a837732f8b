"""Is the answer written in every format as it always was, byte for byte, and is nothing of it lost?"""

import csv
import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from errcli import __version__
from errcli.analysis import Column
from errcli.render import FormatName, Screen, render
from tests.rendered import COLUMNS, EVERY_KIND, HOSTILE, is_hostile, of_rows, shown

GOLDENS = Path(__file__).parent / "goldens"
TEXT_FORMATS: tuple[FormatName, ...] = ("json", "jsonl", "csv", "markdown")
NAMES = [column.name for column in COLUMNS]


@pytest.mark.parametrize("format_name", TEXT_FORMATS)
def test_the_bytes_are_those_of_the_golden(format_name: FormatName) -> None:
    """With UPDATE_GOLDENS set, the goldens are written anew: read the difference before you keep it."""
    got = render(EVERY_KIND, format_name, Screen()).replace(__version__.encode(), b"VERSION")
    golden = GOLDENS / f"every_kind.{format_name}"
    if "UPDATE_GOLDENS" in os.environ:
        golden.write_bytes(got)
    assert got == golden.read_bytes()


@pytest.mark.parametrize("format_name", TEXT_FORMATS)
def test_the_screen_matters_to_a_table_only(format_name: FormatName) -> None:
    pipe = render(EVERY_KIND, format_name, Screen())
    for screen in (Screen(80), Screen(200, colored=True), Screen(None, colored=True)):
        assert render(EVERY_KIND, format_name, screen) == pipe


@pytest.mark.parametrize("format_name", [*TEXT_FORMATS, "table"])
def test_nothing_hostile_is_in_the_bytes(format_name: FormatName) -> None:
    text = render(EVERY_KIND, format_name, Screen()).decode()
    assert {letter for letter in text if is_hostile(letter)} == {"\n"}
    assert text.endswith("\n")


def test_a_row_is_one_line() -> None:
    lines = {name: render(EVERY_KIND, name, Screen()).decode().splitlines() for name in TEXT_FORMATS}
    assert len(lines["jsonl"]) == 5
    assert len(lines["csv"]) == 1 + 5
    assert len(lines["markdown"]) == 4 + 5
    assert len(lines["json"]) == 11 + 5


def test_json_has_raw_values_and_utc_times() -> None:
    answer = json.loads(render(EVERY_KIND, "json", Screen()))
    assert list(answer) == ["analysis", "version", "now", "since", "until", "params", "rows", "truncated"]
    assert answer["params"] == {"since": "1h", "user_id": HOSTILE, "total": False, "limit": 5}
    assert (answer["now"], answer["since"]) == ("2026-03-01T12:30:00Z", "2026-03-01T11:30:00Z")
    assert answer["truncated"] is True
    first, wide, hostile, odd, missing = answer["rows"]
    assert first == {
        "user_id": "u-1", "severity": "critical",
        "hash": "d1225a3c41967bb5f293670c1c11347c606e796aff3c5f08325845e6ec3048e4", "errors": 1_234_567,
        "size": 1_847_296, "average": 0.1, "recovery_rate": 33.333, "gap": 3_725.5, "blocked": True,
        "seen": "2026-03-01T12:00:00.250000Z", "day": "2026-03-01", "pages": ["/cart", "/pay"],
        "other": {"a": [1, None]},
    }  # fmt: skip
    assert (wide["user_id"], wide["other"]) == ("Grüße 世界 🦆", "00ff")
    assert (hostile["user_id"], hostile["pages"]) == (HOSTILE, [HOSTILE])
    assert (odd["average"], odd["recovery_rate"]) == (None, None), "JSON knows neither NaN nor infinity"
    assert missing == dict.fromkeys(NAMES)


def test_json_is_strict_and_utf_8() -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    text = render(EVERY_KIND, "json", Screen()).decode("utf-8")
    json.loads(text, parse_constant=refuse)
    assert "Grüße 世界 🦆" in text


def test_jsonl_has_the_rows_of_json_alone() -> None:
    rows = json.loads(render(EVERY_KIND, "json", Screen()))["rows"]
    assert [json.loads(line) for line in render(EVERY_KIND, "jsonl", Screen()).splitlines()] == rows


def test_csv_read_back_has_the_keys_and_values_of_json() -> None:
    rows = json.loads(render(EVERY_KIND, "json", Screen()))["rows"]
    text = render(EVERY_KIND, "csv", Screen()).decode()
    back = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [list(row) for row in back] == [NAMES] * 5
    for cells, row in zip(back, rows, strict=True):
        for name, value in row.items():
            assert cells[name] == csv_text(value), name


def csv_text(value: Any) -> str:
    """Write a JSON value as a CSV cell is documented."""
    if value is None:
        return ""
    if isinstance(value, str):
        return ("'" if value[:1] in tuple("=+-@\t\r") else "") + shown(value)
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(letter):04x}" if is_hostile(letter) else letter for letter in text)


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_csv_disarms_what_a_spreadsheet_would_run(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    result = of_rows((Column(text, "text"), Column("n", "integer")), [(text, -1)])
    header, row = csv.reader(io.StringIO(render(result, "csv", Screen()).decode()))
    assert header[0] == row[0] == f"'{shown(text)}"
    assert row[1] == "-1", "a number is no text"


def test_csv_leaves_harmless_text_alone() -> None:
    result = of_rows((Column("a", "text"),), [("a=b",), ("1-1",), ("x@y.z",), ("'quoted'",), ("",)])
    assert render(result, "csv", Screen()) == b"a\na=b\n1-1\nx@y.z\n'quoted'\n\"\"\n"


def test_markdown_disarms_html_and_markup() -> None:
    text = "<script>alert(1)</script> | a `b` *c* [d](http://e) ~~f~~ \\ & \n# g"
    title, blank, header, rule, row = (
        render(of_rows((Column("a", "text"),), [(text,)]), "markdown", Screen()).decode().splitlines()
    )
    assert (title, blank, header, rule) == ("test: 1 row", "", "| a |", "| --- |")
    assert row == (
        r"| &lt;script&gt;alert(1)&lt;/script&gt; \| a \`b\` \*c\* \[d\](http://e) \~\~f\~\~ \\ &amp; \\n# g |"
    )


def test_markdown_disarms_column_names() -> None:
    result = of_rows((Column("a|b\x1b[1m<i>", "integer"),), [(1,)])
    assert render(result, "markdown", Screen()).decode().splitlines()[2:] == [
        r"| a\|b\\x1b\[1m&lt;i&gt; |", "| ---: |", "| 1 |",
    ]  # fmt: skip


def test_parquet_has_types_and_the_very_text() -> None:
    table = pq.read_table(io.BytesIO(render(EVERY_KIND, "parquet", Screen())))
    assert table.schema.names == NAMES
    assert [str(table.schema.field(name).type) for name in NAMES] == [
        "string", "string", "string", "int64", "int64", "double", "double", "double", "bool",
        "timestamp[us, tz=UTC]", "date32[day]", "list<element: string>", "string",
    ]  # fmt: skip
    first, _, hostile, odd, missing = table.to_pylist()
    assert first["seen"] == datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    assert (first["day"], first["errors"], first["blocked"]) == (date(2026, 3, 1), 1_234_567, True)
    assert (first["pages"], first["other"]) == (["/cart", "/pay"], '{"a": [1, null]}')
    assert (hostile["user_id"], hostile["pages"]) == (HOSTILE, [HOSTILE])
    assert odd["errors"] == 9_223_372_036_854_775_807
    assert missing == dict.fromkeys(NAMES)


def test_parquet_without_rows_keeps_its_types() -> None:
    table = pq.read_table(io.BytesIO(render(of_rows(COLUMNS, []), "parquet", Screen())))
    assert (table.num_rows, table.schema.names) == (0, NAMES)
    assert table.schema.field("seen").type == pa.timestamp("us", tz="UTC")


def test_no_rows_in_every_text_format() -> None:
    nothing = of_rows((Column("a", "text"), Column("n", "integer")), [])
    assert json.loads(render(nothing, "json", Screen()))["rows"] == []
    assert render(nothing, "jsonl", Screen()) == b""
    assert render(nothing, "csv", Screen()) == b"a,n\n"
    assert render(nothing, "markdown", Screen()) == b"test: 0 rows\n\n| a | n |\n| --- | ---: |\n"
    assert render(nothing, "table", Screen()) == b"test: 0 rows\n"
