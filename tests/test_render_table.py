"""Is a table made to be read: uncut in a pipe, within the width on a terminal, numbers aligned, nothing obeyed?"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from rich.cells import cell_len

from errcli.analysis import Column, Kind, Result, Unit
from errcli.render import Screen, render
from errcli.render.cells import cell
from tests.rendered import EVERY_KIND, HOSTILE, NOW, ROWS, is_hostile, of_rows, shown

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PIPE = Screen()


def lines_of(result: Result, screen: Screen = PIPE) -> list[str]:
    """Return the lines of a table, without colours."""
    return COLOUR.sub("", render(result, "table", screen).decode()).splitlines()


def test_every_value_is_uncut_in_a_pipe() -> None:
    title, header, rule, *rows = lines_of(EVERY_KIND)
    assert title == "every kind: 2026-03-01 11:30:00 to 12:30:00 UTC, 5 rows of 7"
    assert header.split() == [column.name for column in EVERY_KIND.columns]
    assert set(rule) == {"─"}
    assert len(rows) == 5
    assert rows[0].split() == [
        "u-1", "critical", "d1225a3c41967bb5f293670c1c11347c606e796aff3c5f08325845e6ec3048e4", "1,234,567", "1.8", "MB",
        "0.10", "33.3%", "1h", "02m", "yes", "2026-03-01", "12:00:00Z", "2026-03-01", '["/cart",', '"/pay"]',
        '{"a":', "[1,", "null]}",
    ]  # fmt: skip
    assert rows[1].startswith("Grüße 世界 🦆 ")
    assert rows[2].startswith(shown(HOSTILE))
    assert "[bold]high[/bold]" in rows[2]
    assert rows[4].split() == ["-"] * 13


def test_a_column_begins_at_the_same_place_in_every_line() -> None:
    columns = (Column("name", "text"), Column("n", "integer"), Column("note", "text"))
    rows = [("世界", 1, "a"), ("x", 22_222, "b"), ("e\u0301e\u0301", 333, "c")]
    header, _, *lines = lines_of(of_rows(columns, rows))[1:]
    starts = [cell_len(line[: line.index(note)]) for line, note in zip([header, *lines], ["note", *"abc"], strict=True)]
    assert len(set(starts)) == 1
    ends = [cell_len(line[: line.index(n) + len(n)]) for line, n in zip(lines, ["1", "22,222", "333"], strict=True)]
    assert len(set(ends)) == 1, "numbers end at the same place"


@pytest.mark.parametrize("colored", [False, True])
@pytest.mark.parametrize("width", [20, 40, 80, 132, 200])
@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ROWS[2:3], [], [("w" * 10_000, *ROWS[0][1:])], ROWS * 30])
def test_no_line_is_wider_than_the_screen(width: int, colored: bool, rows: list[tuple[Any, ...]]) -> None:
    result = msgspec.structs.replace(EVERY_KIND, rows=rows, total=len(rows))
    assert max(cell_len(line) for line in lines_of(result, Screen(width, colored=colored))[1:] or [""]) <= width


@pytest.mark.parametrize("width", [None, 80, 200])
def test_there_is_colour_only_where_it_is_wanted(width: int | None) -> None:
    assert b"\x1b" not in render(EVERY_KIND, "table", Screen(width))
    colored = render(EVERY_KIND, "table", Screen(width, colored=True)).decode()
    assert COLOUR.search(colored)
    assert {letter for letter in COLOUR.sub("", colored) if is_hostile(letter)} == {"\n"}


def test_colour_cuts_nothing_in_a_pipe() -> None:
    colored = lines_of(EVERY_KIND, Screen(None, colored=True))
    assert [line.rstrip() for line in colored] == lines_of(EVERY_KIND)


def test_severities_have_their_colours() -> None:
    result = of_rows((Column("severity", "text", "severity"),), [(word,) for word in ("critical", "low", "strange")])
    text = render(result, "table", Screen(80, colored=True)).decode()
    styles = {word: re.search(rf"(\x1b\[[0-9;]*m)?{word}", text) for word in ("critical", "low", "strange")}
    assert [match and match.group(1) for match in styles.values()] == ["\x1b[1;31m", "\x1b[32m", None]


def test_a_hash_is_short_on_a_terminal_and_whole_in_a_pipe() -> None:
    digest = "d1225a3c41967bb5f293670c1c11347c606e796aff3c5f08325845e6ec3048e4"
    result = of_rows((Column("hash", "text", "hash"), Column("n", "integer")), [(digest, 1), (digest, 2)])
    assert lines_of(result, Screen(200))[3].split() == ["d1225a3c", "1"]
    assert lines_of(result)[3].split() == [digest, "1"]


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(seconds=5), "12:29:55 (5s ago)"),
        (timedelta(minutes=3), "12:27:00 (3m ago)"),
        (timedelta(hours=2), "10:30:00 (2h ago)"),
        (timedelta(days=1), "02-28 12:30 (1d ago)"),
        (timedelta(days=400), "2025-01-25 (400d ago)"),
        (timedelta(seconds=-5), "12:30:05 (ahead)"),
    ],
)
def test_a_time_on_a_terminal_is_exact_and_relative(ago: timedelta, expected: str) -> None:
    result = of_rows((Column("seen", "time"), Column("n", "integer")), [(NOW - ago, 1), (NOW, 2)])
    assert lines_of(result, Screen(200))[3].rsplit(maxsplit=1)[0].strip() == expected


@pytest.mark.parametrize(
    ("kind", "unit", "value", "expected"),
    [
        ("number", None, 1234.5, "1,234.50"),
        ("number", None, -0.001, "0.00"),
        ("number", None, 1e300, "1e+300"),
        ("number", None, float("nan"), "nan"),
        ("number", "seconds", 59.94, "59.9s"),
        ("number", "seconds", 59.97, "1m 00s"),
        ("number", "seconds", 3599.7, "1h 00m"),
        ("integer", "bytes", 999, "999 B"),
        ("integer", "bytes", 999_940, "999.9 kB"),
        ("integer", "bytes", 999_960, "1.0 MB"),
    ],
)
def test_a_number_is_rounded_to_what_a_person_would_write(kind: Kind, unit: Unit, value: float, expected: str) -> None:
    column = Column("n", kind, unit)
    assert cell(column, value, NOW, compact=True).text == expected


def test_times_are_shown_in_the_zone_of_now() -> None:
    berlin = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    result = msgspec.structs.replace(
        of_rows((Column("seen", "time"),), [(datetime(2026, 3, 1, 12, 0, tzinfo=UTC),)] * 2), now=berlin
    )
    assert lines_of(result)[3] == "2026-03-01 13:00:00+01:00"
    assert lines_of(result, Screen(80))[3].strip() == "13:00:00 (30m ago)"


def test_the_title_says_window_and_rows() -> None:
    one = Column("n", "integer")
    since, until = datetime(2026, 2, 22, 12, 30, tzinfo=UTC), NOW
    result = Result(analysis="rate", columns=(one,), rows=[(1,)], now=NOW, since=since, until=until, total=1)
    assert lines_of(result)[0] == "rate: 2026-02-22 12:30:00 to 2026-03-01 12:30:00 UTC, 1 row"
    assert lines_of(msgspec.structs.replace(result, since=None))[0] == "rate: up to 2026-03-01 12:30:00 UTC, 1 row"
    assert lines_of(msgspec.structs.replace(result, total=314))[0].endswith(", 1 row of 314")


def test_columns_that_do_not_fit_are_counted_or_named() -> None:
    columns = tuple(Column(f"column_number_{n}", "integer", rank=n) for n in range(12))
    result = of_rows(columns, [tuple(range(12)), tuple(range(12))])
    lines = lines_of(result, Screen(80))
    assert "column_number_0" in lines[1], "rank 0 never leaves"
    left_out = [column.name for column in columns if column.name not in lines[1]]
    assert left_out
    assert str(len(left_out)) in lines[-1] or all(name in lines[-1] for name in left_out)


@pytest.mark.parametrize("screen", [Screen(), Screen(80), Screen(30)])
def test_a_hostile_column_name_is_shown_and_not_obeyed(screen: Screen) -> None:
    columns = (Column("n", "integer"), Column("a\x1b[31mb\n[red]", "integer"), Column("c\x1b]0;x\x07", "text"))
    text = render(of_rows(columns, [(1, 2, "w" * 90), (3, 4, "")]), "table", screen).decode()
    assert {letter for letter in text if is_hostile(letter)} == {"\n"}
