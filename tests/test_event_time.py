"""Is every way to write a time read as the instant that it means, and everything else refused?"""

import json
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errcli.event import NotAnEventError
from errcli.ingest.event_time import parse_event_time
from tests.support import Cli, event, write_log

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01t12:00:00z", NOON),
        ("2026-03-01 12:00:00", NOON),
        ("  2026-03-01T12:00:00Z\n", NOON),
        ("2026-03-01T12:00", NOON),
        ("2026-03-01T12", NOON),
        ("20260301T120000Z", NOON),
        ("20260301T1200", NOON),
        ("2026-W09-7T12:00:00", NOON),
        ("2026-03-01T14:00:00+02:00", NOON),
        ("2026-03-01T14:00:00+0200", NOON),
        ("2026-03-01T07:30:00-04:30", NOON),
        ("2026-03-02T02:00:00+14:00", NOON),
        ("2026-03-01", NOON - timedelta(hours=12)),
        ("20260301", NOON - timedelta(hours=12)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-03T00:00:00Z", datetime(1, 1, 3, tzinfo=UTC)),
        ("9999-12-29T23:59:59.999999Z", datetime(9999, 12, 29, 23, 59, 59, 999_999, UTC)),
        ("2026-03-01T12:00:00,5Z", NOON + timedelta(milliseconds=500)),
    ],
)
def test_iso_text(text: str, moment: datetime) -> None:
    assert parse_event_time(text) == moment
    assert parse_event_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1_772_366_400, NOON),
        (1_772_366_400_000, NOON),
        (1_772_366_400_000_000, NOON),
        (1_772_366_400_000_000_000, NOON),
        (1_772_366_400.25, NOON + timedelta(milliseconds=250)),
        (1_772_366_400_250.0, NOON + timedelta(milliseconds=250)),
        ("1772366400", NOON),
        ("1772366400.250", NOON + timedelta(milliseconds=250)),
        ("1772366400000", NOON),
        (" 1772366400000000000 ", NOON),
        ("-100000000", EPOCH - timedelta(seconds=100_000_000)),
        (0, EPOCH),
        (-1, EPOCH - timedelta(seconds=1)),
        (-0.5, EPOCH - timedelta(milliseconds=500)),
        (99_999_999_999, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (-100_000_000_000, datetime(1966, 10, 31, 14, 13, 20, tzinfo=UTC)),
        (1_772_366_400_000_000_999, NOON),
    ],
)
def test_epoch_numbers_count_in_the_unit_that_their_magnitude_tells(value: Any, moment: datetime) -> None:
    assert parse_event_time(value) == moment


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        "",
        "   ",
        "yesterday",
        "now",
        "12:00",
        "2026",
        "2026-03",
        "2026-13-01",
        "2026-02-29",
        "2026-03-01T25:00:00Z",
        "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:00+25:00",
        "2026-03-01T12:00:00Zjunk",
        "0000-01-01",
        "10000-01-01",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00Z",
        "0001-01-02T23:59:59.999999Z",
        "0001-01-03T00:30:00+01:00",
        "9999-12-30T00:00:00Z",
        "9999-12-29T23:30:00-01:00",
        "9999-12-31T23:59:59Z",
        -62_135_424_001_000,
        "01/03/2026",
        "1.7e9",
        "NaN",
        "0x69a42a40",
        "\uff12\uff10\uff12\uff16-03-01",
        float("nan"),
        float("inf"),
        float("-inf"),
        1e300,
        10**40,
        -(10**40),
        "9" * 21,
        {},
        [],
        [1_772_366_400],
    ],
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(NotAnEventError, match="bad time"):
        parse_event_time(value)


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14", "America/New_York", "Asia/Manila"])
def test_every_time_that_is_taken_has_a_day_before_and_after_in_every_zone(zone: str) -> None:
    for text in ("0001-01-03T00:00:00Z", "9999-12-29T23:59:59.999999Z"):
        local = parse_event_time(text).astimezone(ZoneInfo(zone))
        assert local - timedelta(days=1) < local < local + timedelta(days=1)


MOMENTS = st.datetimes(datetime(1, 1, 4), datetime(9999, 12, 29))  # noqa: DTZ001 - the zone is added below
OFFSETS = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)


@given(MOMENTS, OFFSETS, st.sampled_from("T "))
def test_any_time_with_an_offset_is_the_same_instant_in_utc(moment: datetime, offset: timezone, between: str) -> None:
    local = moment.replace(tzinfo=offset)
    assert parse_event_time(local.isoformat(between)) == local


@given(MOMENTS)
def test_any_time_without_an_offset_is_utc(moment: datetime) -> None:
    assert parse_event_time(moment.isoformat()) == moment.replace(tzinfo=UTC)


@given(st.text("0123456789", min_size=1, max_size=9), st.sampled_from(["", "Z", "+01:00"]))
def test_any_number_of_fraction_digits_is_read_to_the_microsecond(digits: str, zone: str) -> None:
    moment = parse_event_time(f"2026-03-01T12:00:00.{digits}{zone}")
    microseconds = int(Fraction(f"0.{digits}") * 1_000_000)
    assert moment == NOON - timedelta(hours=zone == "+01:00") + timedelta(microseconds=microseconds)


SECONDS = st.integers(-62_000_000_000, -(10**9)) | st.integers(10**9, 99_999_999_999)


@given(SECONDS, st.sampled_from([1, 10**3, 10**6, 10**9]), st.booleans())
def test_any_epoch_number_in_any_unit_is_that_many_seconds(seconds: int, unit: int, as_text: bool) -> None:
    number = seconds * unit
    assert parse_event_time(str(number) if as_text else number) == EPOCH + timedelta(seconds=seconds)


@given(st.floats(-6e10, 9e10))
@example(1_772_366_400.123456)
def test_any_epoch_float_is_read_to_the_microsecond(seconds: float) -> None:
    exact = Fraction(seconds) * 1_000_000
    assert abs((parse_event_time(seconds) - EPOCH) // timedelta(microseconds=1) - exact) <= 8


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.text("0123456789-:TZ+. W", max_size=30)))
def test_any_other_value_is_a_time_or_a_refusal(value: Any) -> None:
    try:
        moment = parse_event_time(value)
    except NotAnEventError:
        return
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("time", "zone"), [("9999-12-31T23:59:59Z", "Europe/Berlin"), ("0001-01-01T00:00:00Z", "America/New_York")]
)
def test_a_time_that_another_zone_cannot_show_is_rejected(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: str, zone: str
) -> None:
    monkeypatch.setenv("ERRCLI_OUTPUT_TZ", zone)
    row = cli("ingest", write_log(tmp_path / "a.jsonl", [event("u-1", time=time), event("u-1")]), "-f", "json").row
    assert (row["stored"], row["rejected"]) == (1, 1)
    assert cli("user", "u-1", "--now", "latest").code == 0
    assert cli("query", "SELECT reason FROM rejected_lines", "-f", "json").row == {"reason": "bad time"}


@pytest.mark.parametrize(
    ("time", "zone"), [("9999-12-29T23:59:59Z", "Pacific/Kiritimati"), ("0001-01-03T00:00:00Z", "Etc/GMT+12")]
)
def test_the_first_and_the_last_times_are_shown_in_any_zone(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: str, zone: str
) -> None:
    monkeypatch.setenv("ERRCLI_OUTPUT_TZ", zone)
    cli("ingest", write_log(tmp_path / "a.jsonl", [event("u-1", time=time)]))
    assert cli("user", "u-1", "--now", "latest", "-f", "json").row["timestamp"] == time


def test_times_are_stored_to_the_microsecond_from_the_first_year_to_the_last(cli: Cli, tmp_path: Path) -> None:
    times = ["0001-01-03T00:00:00.000001Z", "1969-12-31T23:59:59.999999Z", "9999-12-29T23:59:59.999999Z"]
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(time=time) for time in times]))
    sql = "SELECT strftime(timestamp, '%Y-%m-%dT%H:%M:%S.%fZ') AS time FROM user_errors ORDER BY timestamp"
    assert [row["time"] for row in cli("query", sql, "-f", "json").rows] == times


def test_an_impossible_time_is_rejected_and_never_the_present(cli: Cli, tmp_path: Path) -> None:
    records = [event(time="2026-02-30"), {key: value for key, value in event().items() if key != "timestamp"}, event()]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    row = cli("ingest", tmp_path / "a.jsonl", "-f", "json").row
    assert (row["stored"], row["rejected"]) == (1, 2)
    assert cli("query", "SELECT DISTINCT reason FROM rejected_lines", "-f", "json").rows == [{"reason": "bad time"}]
