"""Does `features` tell rates where a file says who came, and why not where none does?"""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from errcli.render import Screen, render
from errcli.store.connection import StoreOptions, reading
from tests import cases
from tests.support import Cli, Run, event, write_log

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
CSV = "date,page,action,users\n"


@pytest.fixture
def asked(cli: Cli, tmp_path: Path) -> Any:
    """Ask for the features of three days of errors on two pages, with an exposure of this content, or none."""
    log = [event(f"u-{day}", f"2026-03-0{day}T13:00:00Z", page="/a", action="go") for day in (1, 2, 3)]
    log += [event(f"u-{number}", "2026-03-03T13:00:00Z", page="/b") for number in (7, 8)]
    cli("ingest", write_log(tmp_path / "log.jsonl", log))
    file = tmp_path / "who came.csv"

    def ask(exposure: str | None, *more: str) -> Run:
        options = [] if exposure is None else ["--exposure", str(file)]
        file.write_text(exposure or "")
        return cli("features", "--now", NOW.isoformat(), "--since", "3d", *options, *more)

    return ask


def test_without_a_file_it_says_why_there_are_no_rates(asked: Any) -> None:
    run = asked(None, "-f", "json")
    assert {row["rate"] for row in run.rows} == {None}
    assert run.err == (
        "errcli: note: no rates: the log knows only users with errors;"
        " --exposure FILE (date, page, action, users) brings the others\n"
    )


def test_with_a_file_it_says_of_which_days_the_rates_are(asked: Any) -> None:
    run = asked(f"{CSV}2026-03-01,/a,go,9\n2026-03-02,/a,go,9\n2026-03-03,/a,go,9\n2026-03-04,/a,go,9\n")
    assert run.err.endswith("who came.csv: 2, 2026-03-02 to 2026-03-03\n")
    assert run.err.startswith("errcli: note: rates are of the whole days (UTC) of the window that are in ")
    assert asked(f"{CSV}2026-03-02,/a,go,9\n").err.endswith("who came.csv: 1, 2026-03-02\n")


def test_days_that_the_window_does_not_hold_are_named_with_those_that_it_does(asked: Any) -> None:
    run = asked(f"{CSV}2026-02-01,/a,go,9\n2026-03-01,/a,go,9\n", "-f", "json")
    assert {row["rate"] for row in run.rows} == {None}
    has, wanted = "2026-02-01 to 2026-03-01", "2026-03-02 to 2026-03-03"
    assert run.err.endswith(f"who came.csv, {has}, is one of the whole days (UTC) of the window, {wanted}\n")


def test_a_window_without_a_whole_day_is_told(asked: Any) -> None:
    run = asked(f"{CSV}2026-03-03,/a,go,9\n", "--since", "1d")
    assert run.err == "errcli: note: no rates: the window holds no whole day (UTC)\n"


def test_places_where_the_file_cannot_be_right_are_counted_however_few_rows_are_shown(asked: Any) -> None:
    run = asked(f"{CSV}2026-03-03,/a,go,9\n2026-03-03,/b,,1\n", "--limit", "1")
    assert run.err.endswith("errcli: note: no rate for 1 place: more users had an error there than came\n")


def test_an_answer_without_rows_says_nothing_of_rates(asked: Any) -> None:
    assert "rate" not in asked(None, "--now", "2020-01-01").err


def test_the_clock_of_the_user_does_not_move_the_days(asked: Any) -> None:
    file = f"{CSV}2026-03-02,/a,go,9\n"
    rows = [asked(file, "-f", "json", "--tz", zone).rows for zone in ("UTC", "America/Lima", "Asia/Tokyo")]
    assert rows[0] == rows[1] == rows[2]
    midnight = asked(file, "-f", "json", "--tz", "Asia/Tokyo", "--since", "2026-03-02", "--until", "2026-03-03")
    assert [row["exposed"] for row in midnight.rows] == [None]


def test_json_has_the_numbers_as_they_are(asked: Any) -> None:
    row = next(row for row in asked(f"{CSV}2026-03-02,/a,go,9\n", "-f", "json").rows if row["page"] == "/a")
    assert (row["exposed"], row["hit"], row["rate"]) == (9, 1, 15.0)
    assert row["rate_low"] == pytest.approx(1.226409, abs=1e-6)
    assert list(row)[-8:] == [
        "exposed", "hit", "rate", "rate_low", "rate_high", "exposed_everywhere", "rate_everywhere", "rate_weight",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "an empty file, FILE"),
        (f"{CSV}2026-03-02,/a,go,many\n", "users is 'many', FILE line 2"),
        ("date,page\n", "no column users, FILE line 1"),
        ('{"page": "/a", "users": 1}\n', "date is missing, FILE line 1"),
    ],
)
def test_a_file_that_is_wrong_is_one_line_and_code_2(asked: Any, tmp_path: Path, content: str, told: str) -> None:
    run = asked(content)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"errcli: usage: {told.replace('FILE', str(tmp_path / 'who came.csv'))} (")
    assert run.err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line_and_code_2(asked: Any) -> None:
    run = asked(None, "--exposure", "none.csv")
    assert (run.code, run.out) == (2, "")
    assert run.err == "errcli: usage: no such file or directory, none.csv (give --exposure a CSV or JSONL file)\n"


@pytest.mark.parametrize("with_file", [False, True])
def test_a_terminal_of_80_columns_shows_a_rate_with_its_interval_or_none_of_them(
    tmp_path: Path, *, with_file: bool
) -> None:
    options = StoreOptions(tmp_path / "s.duckdb", threads=1)
    pages = ["/projects/settings", "/projects"]
    cases.load(options, [event("u-1", "2026-03-03T13:00:00Z", page=page, action="export_nightly") for page in pages])
    file = tmp_path / "e.csv"
    file.write_text(CSV + "".join(f"2026-03-03,{page},export_nightly,90\n" for page in pages))
    given = {"exposure": str(file)} if with_file else {}
    shown = render(cases.ask(options, "features", NOW, given), "table", Screen(80)).decode()
    heads = shown.splitlines()[1].split()
    assert [head for head in heads if head.startswith("rate")] == ["rate", "rate_low", "rate_high"] * with_file
    assert {"page", "action", "users", "errors"} <= set(heads)


# --- what the rates of all places do to one ---


def rated(folder: Path, places: dict[str, tuple[int, int]], **given: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of pages where so many of so many users ran into an error on a day, by page."""
    options = StoreOptions(folder / "s.duckdb", threads=1)
    log = [
        event(f"u-{number}", "2026-03-03T13:00:00Z", page=page)
        for page, (hit, _) in places.items()
        for number in range(hit)
    ]
    cases.load(options, log)
    lines = ({"date": "2026-03-03", "page": page, "users": users} for page, (_, users) in places.items())
    file = write_log(folder / "exposure.jsonl", lines)
    found = cases.ask(options, "features", NOW, {"exposure": str(file), **given})
    return {row["page"]: row for row in found.named_rows}


def test_the_fewer_users_a_place_has_the_more_it_is_drawn_towards_all(tmp_path: Path) -> None:
    places = {"/many": (50, 500), "/some": (5, 50), "/few": (1, 10), "/good": (8, 2000), "/bad": (300, 1000)}
    rows = rated(tmp_path, places)
    mean = rows["/few"]["rate_everywhere"]
    assert mean > 10
    assert 10 < rows["/many"]["rate"] < rows["/some"]["rate"] < rows["/few"]["rate"] < mean
    widths = [rows[page]["rate_high"] - rows[page]["rate_low"] for page in ("/many", "/some", "/few")]
    assert widths == sorted(widths)


def test_places_without_an_error_and_rows_not_shown_count_for_all_places(tmp_path: Path) -> None:
    places = {"/a": (6, 60), "/b": (1, 60), "/c": (0, 60), "/d": (0, 600)}
    everything = rated(tmp_path, places)
    assert set(everything) == {"/a", "/b"}
    assert everything["/a"]["exposed_everywhere"] == 780
    (tmp_path / "again").mkdir()
    assert rated(tmp_path / "again", places, min_users=2)["/a"] == everything["/a"]


def test_places_that_differ_no_more_than_by_chance_all_have_the_rate_of_all(tmp_path: Path) -> None:
    rows = rated(tmp_path, {"/a": (10, 100), "/b": (20, 200), "/c": (30, 300)})
    for page, others in (("/a", 500), ("/b", 400), ("/c", 300)):
        assert rows[page]["rate"] == pytest.approx(10)
        # one cannot be surer than all of them together are
        assert rows[page]["rate_weight"] == others
        assert rows[page]["rate_high"] == pytest.approx(rows["/a"]["rate_high"])


def test_a_prior_that_rates_were_drawn_from_is_found(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311
    places = {}
    for number in range(400):
        users, rate = dice.choice([20, 50, 200]), dice.betavariate(2, 38)
        places[f"/{number}"] = (sum(dice.random() < rate for _ in range(users)), users)
    row = next(iter(rated(tmp_path, places).values()))
    assert row["rate_everywhere"] == pytest.approx(5, abs=0.5)
    rows = rated(tmp_path, places).values()
    (weight,) = {round(row["rate_weight"], 6) for row in rows}
    assert weight == pytest.approx(40, rel=0.2)


def test_a_store_that_is_read_keeps_nothing_of_a_file(tmp_path: Path) -> None:
    rated(tmp_path, {"/a": (1, 10)})
    with reading(StoreOptions(tmp_path / "s.duckdb")) as store:
        assert store.run("SELECT table_name FROM duckdb_tables() WHERE table_name = 'exposures'") == []


def test_a_second_question_of_the_same_connection_has_its_own_file(tmp_path: Path) -> None:
    rated(tmp_path, {"/a": (1, 10)})
    with reading(StoreOptions(tmp_path / "s.duckdb")) as store:
        file = str(tmp_path / "exposure.jsonl")
        exposed = [
            cases.ask(store, "features", NOW, given).named_rows[0]["exposed"]
            for given in ({"exposure": file}, {}, {"exposure": file})
        ]
    assert exposed == [10, None, 10]
