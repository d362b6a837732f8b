"""Are episodes, pauses and days drawn so that they are read at a glance, at 80 columns and without colour?"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errcli.analysis import Column, Result
from errcli.render import Screen, render
from errcli.render.cells import cell
from errcli.render.rail import rails
from errcli.render.strip import axis
from tests.rendered import NOW, of_rows

# --- rails ---


def drawn(*episodes: int, **endings: str) -> list[str]:
    """Return the rails of rows of these episodes; `e1` is how episode 1 ended."""
    return rails(episodes, [endings.get(f"e{number}", "quiet") for number in episodes])


def test_a_rail_goes_from_the_first_row_of_an_episode_to_its_last() -> None:
    assert drawn(1, 1, 1, 2, e1="moved on", e2="dead end") == ["┌ 1", "├ 1", "└ 1 moved on", "╶ 2 dead end"]


def test_episodes_under_way_at_the_same_time_have_a_lane_each() -> None:
    assert drawn(1, 2, 1, 2, 3, 1, 4) == [
        "┌  1",
        "│┌ 2",
        "├│ 1",
        "│└ 2 quiet",
        "│╶ 3 quiet",
        "└  1 quiet",
        "╶  4 quiet",
    ]


def test_a_lane_is_free_again_behind_its_episode() -> None:
    assert drawn(1, 2, 1, 3, 2, 3) == ["┌  1", "│┌ 2", "└│ 1 quiet", "┌│ 3", "│└ 2 quiet", "└  3 quiet"]


def test_what_finds_no_lane_has_a_dot() -> None:
    assert drawn(1, 2, 3, 4, 5, 5, 1, 2, 3, 4, 11) == [
        "┌      1",
        "│┌     2",
        "││┌    3",
        "│││┌   4",
        "││││·  5",
        "││││·  5 quiet",
        "└│││   1 quiet",
        " └││   2 quiet",
        "  └│   3 quiet",
        "   └   4 quiet",
        "╶     11 quiet",
    ]


@given(st.lists(st.integers(1, 6), max_size=30))
def test_the_rails_tell_which_rows_belong_together(numbers: list[int]) -> None:
    lines = drawn(*numbers)
    signs = [line[: max(0, len(line) - len(line.lstrip("┌├└╶│· ")))] for line in lines]
    for row, number in enumerate(numbers):
        places = [place for place, each in enumerate(numbers) if each == number]
        own = "╶" if len(places) == 1 else "┌" if row == places[0] else "└" if row == places[-1] else "├"
        assert sum(signs[row].count(sign) for sign in "┌├└╶·") == 1
        assert own in signs[row] or "·" in signs[row]
        assert lines[row].endswith(" quiet") == (row == places[-1])


# --- pauses ---


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "         0.0s"),
        (9.99, "        10.0s"),
        (10.0, "■       10.0s"),
        (185.0, "■■     3m 05s"),
        (600.0, "■■■   10m 00s"),
        (3_600.0, "■■■■   1h 00m"),
        (86_400.0, "■■■■■  1d 00h"),
        (864_000.0, "■■■■■ 10d 00h"),
    ],
)
def test_a_pause_has_a_square_for_each_power(seconds: float, expected: str) -> None:
    assert cell(Column("gap", "number", "pause"), seconds, NOW, compact=True).text == expected


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=2), "10:30:00"),
        (timedelta(days=1), "02-28 12:30"),
        (timedelta(days=400), "2025-01-25 12:30"),
    ],
)
def test_a_clock_does_not_say_how_long_ago(ago: timedelta, expected: str) -> None:
    column = Column("at", "time", "clock")
    assert cell(column, NOW - ago, NOW, compact=True).text == expected
    assert cell(column, NOW, NOW, compact=False).text == "2026-03-01 12:30:00Z"


SESSION = (
    Column("timestamp", "time", "clock", 0),
    Column("error_message", "text"),
    Column("page", "text"),
    Column("gap_seconds", "number", "pause", 0),
    Column("episode", "integer", "rail", 0),
    Column("outcome", "text", "ending", 10),
)


def session(*steps: tuple[float | None, int, str, str]) -> Result:
    moment, rows = NOW - timedelta(hours=1), []
    for gap, episode, outcome, message in steps:
        moment += timedelta(seconds=gap or 0)
        rows.append((moment, message, "/checkout", gap, episode, outcome))
    return of_rows(SESSION, rows)


CHAIN = session(
    (None, 1, "moved on", "Payment of 99.90 EUR for order 4711 timed out at the gateway after 30 s"),
    (12.0, 2, "recovered", "Coupon SPRING could not be applied to the cart of order 4711 by now"),
    (75.5, 1, "moved on", "Payment of 99.90 EUR for order 4711 timed out at the gateway after 30 s"),
    (1_500.0, 3, "dead end", "short"),
)


SESSION_DRAWN = """\
test: 4 rows
timestamp    gap_seconds  episode         error_message                page
────────────────────────────────────────────────────────────────────────────────
11:30:00               -  ┌  1            Payment of 99.90 EUR for o…  /checkout
11:30:12   ■       12.0s  │╶ 2 recovered  Coupon SPRING could not be…  /checkout
11:31:27   ■■     1m 16s  └  1 moved on   Payment of 99.90 EUR for o…  /checkout
11:56:27   ■■■   25m 00s  ╶  3 dead end   short                        /checkout
1 more column: -f json, or a wider terminal
"""


def test_a_session_at_80_columns_without_colour() -> None:
    assert render(CHAIN, "table", Screen(80)).decode() == SESSION_DRAWN


def test_a_session_in_a_pipe_is_drawn_uncut() -> None:
    first, *_, last = render(CHAIN, "table", Screen()).decode().splitlines()[3:]
    assert "order 4711 timed out at the gateway after 30 s" in first
    assert " ".join(last.split()) == "2026-03-01 11:56:27Z short /checkout ■■■ 25m 00s ╶ 3 dead end dead end"


# --- strips ---

DAY = (
    Column("pattern", "text", None, 0),
    Column("errors", "integer", None, 0),
    Column("strip", "text", "strip", 0),
    Column("page", "text"),
)


def day(*rows: tuple[Any, ...], span: timedelta = timedelta(days=1)) -> Result:
    return msgspec.structs.replace(of_rows(DAY, list(rows)), since=NOW - span, until=NOW)


def counts(**parts: str) -> str:
    return " ".join(parts.get(f"p{part}", "0") for part in range(48))


DAY_DRAWN = """\
test: 2026-02-28 12:30:00 to 2026-03-01 12:30:00 UTC, 2 rows
pattern                 errors             18:00       00:00       06:00
────────────────────────────────────────────────────────────────────────────────
Payment of <*> for <*…      15  ···⣀▄··········································⣿
Card expired                 1  ▂···············································
one sign is 30m: █ blocked, ⣿ not blocked, · no error; the highest is 8
1 more column: -f json, or a wider terminal
"""


def test_a_day_at_80_columns_without_colour() -> None:
    result = day(
        ("Payment of <*> for <*> timed out at the gateway <*>", 15, counts(p3="1", p4="4!", p47="8"), "/checkout"),
        ("Card expired", 1, counts(p0="2!"), "/checkout"),
    )
    assert render(result, "table", Screen(80)).decode() == DAY_DRAWN


def test_one_line_of_a_day_is_a_strip_under_its_axis_too() -> None:
    lines = render(day(("x" * 60, 1, counts(p47="1"), "/a")), "table", Screen(80)).decode().splitlines()
    assert lines[1] == "pattern                 errors             18:00       00:00       06:00"
    assert lines[3].endswith("·⣿")


def test_a_day_in_a_pipe_has_its_numbers() -> None:
    text = render(day(("Card expired", 1, counts(p0="2!"), "/a")), "table", Screen()).decode()
    assert "  strip  " in text
    assert f"2!{' 0' * 47}" in text


def test_a_day_without_errors_is_empty() -> None:
    assert render(day(), "table", Screen(80)).decode().count("\n") == 1


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(minutes=5), "12:25    12:26     12:27    12:28     12:29"),
        (timedelta(hours=1), "11:30   11:40   11:50   12:00   12:10   12:20"),
        (timedelta(hours=12), "      02:00   04:00   06:00   08:00   10:00"),
        (timedelta(days=1), "           18:00       00:00       06:00"),
        (timedelta(days=2), "           00:00       12:00       00:00"),
        (timedelta(days=2, seconds=1), "           02-28                   03-01"),
        (timedelta(days=7), "          02-24        02-26         02-28"),
        (timedelta(days=40), "       01-27    02-03   02-10   02-17    02-24"),
        (timedelta(days=400), "          2025-04-26 2025-07-26 2025-10-25"),
        (timedelta(days=700_000), "                         1108-12-19"),
    ],
)
def test_an_axis_has_round_times_in_their_places(span: timedelta, expected: str) -> None:
    assert axis(NOW - span, NOW, 48) == expected


def test_an_axis_is_in_the_zone_of_the_clock_and_knows_when_it_changes() -> None:
    berlin = datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin"))  # at 2:00 it was 3:00
    since = (berlin.astimezone(UTC) - timedelta(days=1)).astimezone(ZoneInfo("Europe/Berlin"))
    assert axis(since, berlin, 48) == "  12:00       18:00       00:00     06:00"


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 30)),  # noqa: DTZ001
    st.timedeltas(timedelta(microseconds=1), timedelta(days=10_000)),
)
def test_an_axis_has_room_over_its_strip(until: datetime, span: timedelta) -> None:
    until = until.replace(tzinfo=UTC)
    span = min(span, until - datetime(1, 1, 1, tzinfo=UTC))
    line = axis(until - span, until, 48)
    assert len(line) <= 48
    assert len(line.split()) <= 6


# --- chains ---

CHAINS = of_rows(
    (Column("path", "text", "chain"), Column("sessions", "integer")),
    [("Card expired → Payment declined → Signed out", 12), ("Signed out → Card expired", 3)],
)


def test_the_links_of_a_chain_stand_below_each_other() -> None:
    assert render(CHAINS, "table", Screen(80)).decode() == (
        "test: 2 rows\n"
        "path                sessions\n"
        "────────────────────────────\n"
        "Card expired              12\n"
        "→ Payment declined\n"
        "→ Signed out\n"
        "Signed out                 3\n"
        "→ Card expired\n"
    )


def test_in_a_pipe_a_chain_is_one_line() -> None:
    assert render(CHAINS, "table", Screen()).decode().splitlines()[3].split("  ")[0] == (
        "Card expired → Payment declined → Signed out"
    )
