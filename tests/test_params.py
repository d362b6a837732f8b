"""What do `1h`, `yesterday`, an ISO time and a zone mean, and what is refused?"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.errors import UsageError
from errcli.params import BEGINNING, before, earlier, parse_duration, parse_time, parse_zone, read_word, resolve_window
from tests.support import Cli, event, write_log

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("1h", 3_600), ("7d", 604_800), ("2w", 1_209_600), ("1h30m", 5_400), ("0s", 0),
     ("1w1d1h1m1s", 694_861), (" 5m ", 300), ("1m1m", 120)],
)  # fmt: skip
def test_a_duration_is_a_number_of_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text, "--wait") == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["1M", "1H", "1y", "1ms", "1", "h", "", " ", "-1h", "+1h", "1.5h", "1h 30m", "1h,", "one hour", "٣h", "1h\n2", "²h",
     "1234567890s", "\x1b[31m", "999999999w"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_its_option(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_duration(text, "--wait")
    assert (caught.value.where, caught.value.exit_code) == ("--wait", 2)
    assert repr(text) in caught.value.what


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99_999), st.sampled_from("smhdw")), min_size=1, max_size=5))
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{count}{unit}" for count, unit in parts)
    assert parse_duration(text, "--wait").total_seconds() == sum(count * SECONDS[unit] for count, unit in parts)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789smhdwM .-+:TZ٣²\x1b") | st.characters(codec="utf-8"), max_size=12))
def test_no_text_is_anything_but_a_duration_or_refused(text: str) -> None:
    stripped = text.strip()
    try:
        span = parse_duration(text, "--keep")
    except UsageError:
        assert not re.fullmatch(r"(?:[0-9]{1,5}[smhdw]){1,2}", stripped)
    else:
        assert span >= timedelta(0)
        assert re.fullmatch(r"(?:[0-9]+[smhdw])+", stripped)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789-:TZ+. today") | st.characters(codec="utf-8"), max_size=25))
def test_no_text_is_anything_but_an_aware_time_or_refused(text: str) -> None:
    for now in (NOW, NOW.astimezone(BERLIN), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=BERLIN)):
        try:
            moment = parse_time(text, now, "--since")
        except UsageError:
            assert not re.fullmatch(r"2[0-9]{3}-0[1-9]-0[1-9]", text)
        else:
            assert moment.utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h", "2026-03-01T11:30:00+00:00"),
        ("7d", "2026-02-22T12:30:00+00:00"),
        ("today", "2026-03-01T00:00:00+00:00"),
        ("yesterday", "2026-02-28T00:00:00+00:00"),
        ("2026-02-01", "2026-02-01T00:00:00+00:00"),
        ("2026-02-01T18:00", "2026-02-01T18:00:00+00:00"),
        ("2026-02-01 18:00:05.25", "2026-02-01T18:00:05.250000+00:00"),
        ("2026-02-01T18:00:00Z", "2026-02-01T18:00:00+00:00"),
        ("2026-02-01T18:00:00+05:30", "2026-02-01T12:30:00+00:00"),
        (" 2026-02-01 ", "2026-02-01T00:00:00+00:00"),
    ],
)
def test_a_time_in_utc(text: str, expected: str) -> None:
    assert parse_time(text, NOW, "--since").isoformat() == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "gestern", "tomorrow", "1M", "2026", "2026-13-01", "2026-02-30", "2026-02-01T25:00", "18:00", "now",
     "latest", "1767225600", "2000000d", "01/02/2026", "2026-02-01T18:00+99:00", "0001-01-01T00:00+23:59"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_its_option(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_time(text, NOW, "--until")
    assert (caught.value.where, caught.value.exit_code) == ("--until", 2)
    assert "yesterday" in caught.value.what_next


def berlin(text: str, now: str) -> str:
    """Read a time in Berlin, `now` being a time there; return it with its offset."""
    return parse_time(text, datetime.fromisoformat(now).astimezone(BERLIN), "--since").isoformat()


def test_days_begin_in_the_zone_of_now() -> None:
    assert berlin("today", "2026-03-01T00:30:00+01:00") == "2026-03-01T00:00:00+01:00"
    assert parse_time("today", datetime.fromisoformat("2026-03-01T00:30:00+01:00").astimezone(UTC), "--since") == (
        datetime(2026, 2, 28, tzinfo=UTC)
    )


def test_a_time_without_offset_is_in_the_zone_of_now() -> None:
    assert berlin("2026-02-01T18:00", "2026-07-01T12:00:00+02:00") == "2026-02-01T18:00:00+01:00"
    assert berlin("2026-02-01T18:00Z", "2026-07-01T12:00:00+02:00") == "2026-02-01T19:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        # the clocks went forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00
        ("today", "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00"),
        ("yesterday", "2026-03-30T12:00:00+02:00", "2026-03-29T00:00:00+01:00"),
        ("today", "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00"),
        ("yesterday", "2026-10-26T12:00:00+01:00", "2026-10-25T00:00:00+02:00"),
        ("1d", "2026-03-29T12:00:00+02:00", "2026-03-28T11:00:00+01:00"),
        ("1h", "2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00+01:00"),
        ("1h", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+02:00"),
        ("2h", "2026-10-25T03:30:00+01:00", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_a_change_of_the_clocks_shifts_days_and_not_hours(text: str, now: str, expected: str) -> None:
    assert berlin(text, now) == expected


def test_a_day_of_a_clock_change_is_as_long_as_it_was() -> None:
    def length(after: str) -> timedelta:
        now = datetime.fromisoformat(after).astimezone(BERLIN)
        start, end = parse_time("yesterday", now, "--since"), parse_time("today", now, "--until")
        return end.astimezone(UTC) - start.astimezone(UTC)

    assert length("2026-03-30T12:00:00+02:00") == timedelta(hours=23)
    assert length("2026-10-26T12:00:00+01:00") == timedelta(hours=25)
    assert length("2026-06-02T12:00:00+02:00") == timedelta(hours=24)


def test_the_first_of_two_midnights_begins_the_day() -> None:
    havana = ZoneInfo("America/Havana")  # on 2026-11-01 at 01:00 the clocks went back to 00:00
    second_half_past_midnight = datetime(2026, 11, 1, 5, 30, tzinfo=UTC).astimezone(havana)
    assert (second_half_past_midnight.hour, second_half_past_midnight.fold) == (0, 1)
    assert parse_time("today", second_half_past_midnight, "--since").astimezone(UTC).hour == 4


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.integers(0, 10**7))  # noqa: DTZ001
def test_a_span_before_now_is_that_many_seconds_before_now(naive: datetime, seconds: int) -> None:
    now = naive.replace(tzinfo=UTC).astimezone(BERLIN)
    then = before(now, timedelta(seconds=seconds), "--since")
    assert now.astimezone(UTC) - then.astimezone(UTC) == timedelta(seconds=seconds)
    assert then.tzinfo is BERLIN


@pytest.mark.parametrize("text", ["1.5e308", "-1e16", "inf", "nan", "1e400"])
def test_a_number_that_nobody_can_count_with_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_word(text, float, "--critical")
    assert read_word("1e15", float, "--critical") == 10**15


def test_a_window_ends_now_and_may_have_no_start() -> None:
    assert resolve_window(None, None, NOW) == (None, NOW)
    assert resolve_window("1h", None, NOW) == (NOW - timedelta(hours=1), NOW)
    assert resolve_window("2h", "1h", NOW) == (NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    assert resolve_window("yesterday", "today", NOW) == (
        datetime(2026, 2, 28, tzinfo=UTC),
        datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(("since", "until"), [("1h", "1h"), ("1h", "2h"), ("0s", None), ("2027-01-01", None)])
def test_an_empty_window_is_refused(since: str, until: str | None) -> None:
    with pytest.raises(UsageError, match="empty"):
        resolve_window(since, until, NOW)


@pytest.mark.parametrize("name", ["UTC", "utc"])
def test_utc_is_utc(name: str) -> None:
    assert parse_zone(name, "--tz") is UTC


def test_a_zone_has_its_name() -> None:
    assert parse_zone("Europe/Berlin", "--tz") == BERLIN


@pytest.mark.parametrize(
    "name", ["Mars", "", "Europe", "../../etc/passwd", "/etc/localtime", "\udcff", "a\x00b", "+01:00"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_zone(name, "--tz")
    assert caught.value.where == "--tz"


@pytest.fixture
def _store(cli: Cli, tmp_path: Path) -> None:
    times = ["2026-03-28T22:30:00Z", "2026-03-28T23:30:00Z", "2026-03-29T21:30:00Z", "2026-03-29T22:30:00Z"]
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [event("u-1", time) for time in times])).code == 0


def window(cli: Cli, *arguments: str) -> tuple[str, list[str]]:
    """Return the start of the window and the times of the errors found in it."""
    run = cli("user", "u-1", "-f", "json", *arguments)
    assert run.code == 0, run.err
    since = re.search(r'"since": "([^"]+)"', run.out)
    return since.group(1) if since else "", sorted(row["timestamp"] for row in run.rows)


@pytest.mark.usefixtures("_store")
def test_now_latest_is_the_newest_event(cli: Cli) -> None:
    assert window(cli, "--now", "latest", "--since", "1h") == ("2026-03-29T21:30:00Z", ["2026-03-29T22:30:00Z"])


@pytest.mark.usefixtures("_store")
def test_the_start_of_a_window_is_out_and_its_end_is_in(cli: Cli) -> None:
    given = ["--since", "2026-03-28T22:30:00Z", "--until", "2026-03-28T23:30:00Z", "--now", "latest"]
    assert window(cli, *given)[1] == ["2026-03-28T23:30:00Z"]


@pytest.mark.usefixtures("_store")
def test_a_day_in_berlin_is_another_one_than_in_utc(cli: Cli) -> None:
    given = ["--since", "yesterday", "--until", "today", "--now", "2026-03-30T12:00"]
    assert window(cli, *given) == ("2026-03-29T00:00:00Z", ["2026-03-29T21:30:00Z", "2026-03-29T22:30:00Z"])
    in_berlin = ["2026-03-28T23:30:00Z", "2026-03-29T21:30:00Z"]
    assert window(cli, *given, "--tz", "Europe/Berlin") == ("2026-03-28T23:00:00Z", in_berlin)


@pytest.mark.usefixtures("_store")
def test_now_can_be_any_time(cli: Cli) -> None:
    assert window(cli, "--now", "2026-03-28T23:00:00Z")[1] == ["2026-03-28T22:30:00Z"]
    assert window(cli, "--now", "2026-03-29T00:45:00+02:00")[1] == ["2026-03-28T22:30:00Z"]
    assert cli("user", "u-1", "--now", "2026-03-28T00:00:00Z", "-f", "json").rows == []


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28)),  # noqa: DTZ001
    st.timedeltas(timedelta(0)),
    st.sampled_from(["UTC", "Europe/Berlin", "CST6CDT", "Pacific/Kiritimati", "Etc/GMT+12"]),
)
def test_a_window_before_another_never_reaches_back_before_all_times(
    naive: datetime, span: timedelta, zone: str
) -> None:
    start = naive.replace(tzinfo=ZoneInfo(zone))
    found = earlier(start, span)
    assert found.tzinfo is start.tzinfo
    assert found.astimezone(UTC) >= BEGINNING
    assert found == start - span if span < start - BEGINNING - timedelta(days=2) else found <= start


@pytest.mark.usefixtures("_store")
@pytest.mark.parametrize("zone", ["UTC", "CST6CDT", "Pacific/Kiritimati"])
def test_a_window_may_be_of_all_times(cli: Cli, zone: str) -> None:
    given = ["--since", "0001-01-02", "--until", "9999-12-31", "--tz", zone, "-f", "json"]
    assert [row["users"] for row in cli("patterns", "--min-count", "1", *given).rows] == [1]
    assert [row["users"] for row in cli("features", "--min-users", "1", *given).rows] == [1]
