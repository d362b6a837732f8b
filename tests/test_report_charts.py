"""Do the pictures of the report show what the rows say: lengths, places, ticks, curves?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import msgspec
import pytest

from errcli import catalog
from errcli.analysis import Result, columns_of

pytest.importorskip("jinja2", reason="needs the extra: pip install 'errcli[report]'")
pytest.importorskip("vl_convert", reason="needs the extra: pip install 'errcli[report]'")

from errcli.report import drawing
from errcli.report.charts import bars, cascade, timeline
from errcli.report.charts.chart import Chart, Spec

NOW = datetime(2026, 11, 3, 5, tzinfo=UTC)


def result_of(name: str, *rows: dict[str, Any], now: datetime = NOW) -> Result:
    """Return an answer of an analysis; what a row does not say is nothing."""
    analysis = catalog.get(name)
    blank = {each.name: None for each in columns_of(analysis.row)}
    values = [msgspec.structs.astuple(analysis.row(**blank | row)) for row in rows]
    return Result(analysis=name, columns=columns_of(analysis.row), rows=values, now=now, total=len(rows))


def points_of(spec: Spec, mark: str) -> list[list[dict[str, Any]]]:
    """Return the points of each layer of a kind of mark."""
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == mark]


def words_of(spec: Spec) -> list[str]:
    return [point["text"] for points in points_of(spec, "text") for point in points]


def fixes(share: float, rank: int, low: int, high: int) -> dict[str, Any]:
    ranks = {"rank": rank, "rank_low": low, "rank_high": high}
    return ranks | {"pattern": f"pattern {rank}", "users": 10 - rank, "share": share}


def test_a_bar_of_harm_is_as_long_as_its_share_and_its_line_as_its_ranks() -> None:
    wide = bars.fix_first(result_of("fix-first", fixes(60, 1, 1, 2), fixes(30, 2, 1, 3), fixes(10, 3, 2, 3))).wide
    (harm,) = points_of(wide, "rect")
    lengths = [point["x2"] - point["x"] for point in harm]
    assert lengths[0] == pytest.approx(2 * lengths[1]) == pytest.approx(6 * lengths[2])
    _, ranges = points_of(wide, "rule")
    spans = [(point["x"], point["x2"]) for point in ranges]
    step = spans[0][1] - spans[0][0]
    assert [round((high - low) / step) for low, high in spans] == [1, 2, 1]
    assert spans[0][0] == spans[1][0] == spans[2][0] - step
    assert words_of(wide)[-3:] == ["60.0%, 9 users", "30.0%, 8 users", "10.0%, 7 users"]


def test_outcomes_of_a_place_fill_its_bar() -> None:
    row = {"place": "/pay go", "recovered": 50.0, "moved_on": 0.0, "quiet": 25.0, "open": 0.0, "dead_end": 25.0}
    wide = bars.stuck(result_of("stuck", row | {"stuck": 1, "users": 4})).wide
    spans = [(each["x"], each["x2"]) for points in points_of(wide, "rect")[::2] for each in points]
    assert [round(end / 720, 2) for _, end in spans] == [0.5, 0.75, 1.0]
    assert [round(begin / 720, 2) for begin, _ in spans] == [0, 0.5, 0.75]
    assert "1 user stuck of 4" in words_of(wide)


def test_a_change_that_may_be_chance_is_told_as_such() -> None:
    rows: list[dict[str, Any]] = [
        {"page": "/a", "action": "b", "users": 2, "users_before": 4, "change": -50.0, "q": 0.2},
        {"page": "/c", "action": None, "users": 1, "users_before": 1, "change": 20.0, "q": 0.01},
        {"page": None, "action": None, "users": 1, "users_before": 0},
        {"page": "/d", "action": "e", "users": 1, "users_before": None},
    ]
    assert words_of(bars.features(result_of("features", *rows)).wide) == [
        "/a b", "/c -", "- -", "/d e",
        "2 users, -50.0% (may be chance)", "1 user, +20.0%", "1 user, none before", "1 user, no window before",
    ]  # fmt: skip


def parts(since: datetime, until: datetime) -> list[dict[str, Any]]:
    step = (until - since) / 48
    return [
        {"part": place + 1, "starts_at": since + place * step, "ends_at": since + (place + 1) * step,
         "errors": place, "users": place // 2, "blocked": place // 4} for place in range(48)
    ]  # fmt: skip


def test_days_begin_at_midnight_where_clocks_change_too() -> None:
    zone = ZoneInfo("America/New_York")
    since, until = (datetime(2026, day[0], day[1], tzinfo=zone).astimezone(UTC) for day in ((10, 31), (11, 3)))
    wide = timeline.draw(result_of("timeline", *parts(since, until), now=NOW.astimezone(zone))).wide
    (ticks, _) = points_of(wide, "rule")
    days = [point["x"] * 73 / 720 for point in ticks if point["x"] <= 720]  # three days of 24, 25 and 24 hours
    midnights = [days[words_of(wide).index(word)] for word in ("Sat 31 Oct", "Sun 01 Nov", "Mon 02 Nov")]
    assert midnights == pytest.approx([0, 24, 49])


def test_errors_and_users_have_bars_with_scales_of_their_own() -> None:
    errors, blocked, users = points_of(
        timeline.draw(result_of("timeline", *parts(NOW - timedelta(days=2), NOW))).wide, "rect"
    )
    assert [round(max(each["y2"] - each["y"] for each in bar)) for bar in (errors, blocked, users)] == [84, 20, 84]
    assert [len(bar) for bar in (errors, blocked, users)] == [47, 44, 46]


def test_a_circle_is_two_curves_from_left_to_right_and_chance_is_pale() -> None:
    ends = {"pattern": "A", "pattern_hash": "a", "leads_to": "B", "leads_to_hash": "b"}
    back = {"pattern": "B", "pattern_hash": "b", "leads_to": "A", "leads_to_hash": "a"}
    drawn = cascade.draw(result_of("cascades", ends | {"sessions": 8, "q": 0.001}, back | {"sessions": 4, "q": 0.5}))
    pale, sure = points_of(drawn.wide, "line")
    assert [point["weight"] for point in sure] == [9] * 4
    assert [point["weight"] for point in pale] == [5] * 4
    assert all(curve[0]["x"] < curve[-1]["x"] for curve in (pale, sure))
    assert words_of(drawn.wide) == ["8", "4", "this", "leads to", "A", "B", "B", "A"]
    assert drawn.description == "A leads to B in 8 sessions; B leads to A in 4 sessions."


def test_edges_that_meet_end_side_by_side() -> None:
    rows = [
        {"pattern": text, "pattern_hash": text, "leads_to": "Z", "leads_to_hash": "z", "sessions": 3}
        for text in "ABCDEFGH"
    ]
    (pale, _) = points_of(cascade.draw(result_of("cascades", *rows)).wide, "line")
    ends = [point["y"] for point in pale[3::4]]
    assert [round(after - before) for before, after in pairwise(ends)] == [13] * 7


def test_a_picture_has_nothing_but_what_is_known_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(svg: str) -> Callable[..., str]:
        return lambda *_, **__: f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">{svg}</svg>'

    chart = Chart("t", "d", {}, {})
    text = '<text style="fill:red" onclick="x()" fill="var(--ink)" href="http://x">a</text>'
    monkeypatch.setattr("vl_convert.vegalite_to_svg", drawn(text))
    picture = ET.fromstring(f"<p>{drawing.draw(chart, 'n')}</p>")  # noqa: S314 - made here
    assert [each.attrib for each in picture.iter("text")] == [{"class": "fill-ink"}] * 2
    for unknown in ("<script>x</script>", "<image/>", "<a/>", "<style>a</style>", "<foreignObject/>"):
        monkeypatch.setattr("vl_convert.vegalite_to_svg", drawn(unknown))
        with pytest.raises(ValueError, match="a picture with <"):
            drawing.draw(chart, "n")
