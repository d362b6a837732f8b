"""Do verify, severity-audit, cascades and the explanation of harm tell what happened in sample_data?"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from errcli.store.connection import StoreOptions, reading
from tests import cases
from tests.support import SAMPLE, Cli, process

Rows = list[dict[str, Any]]

RELEASED = datetime(2026, 11, 10, 9, tzinfo=UTC)
NEWEST = datetime(2026, 11, 20, 17, 59, 59, 157000, tzinfo=UTC)
SEARCH, COUPON = "Search index is <*> behind for <*>", "TypeError: Cannot read properties of undefined (reading '<*>')"
ACCOUNT, SIGN_IN = "An account for <*> already exists", "Sign-in of <*> timed out after <*>"


@pytest.fixture(scope="module")
def fixed(sample_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Resolve in sample_data what release 1.4.2 mended and what it broke."""
    folder = tmp_path_factory.mktemp("sample_fixes")
    shutil.copy(sample_db, folder)
    for command in (
        ("rollup",),
        ("resolve", "1befb0", "--release", "1.4.2", "--now", "2026-11-10T09:00:00"),
        ("resolve", "9a0253", "--release", "1.4.3", "--now", "2026-11-15T00:00:00"),
    ):
        done = process(*command, cwd=folder, XDG_CONFIG_HOME=str(folder))
        assert done.code == 0, done.err
    return folder / "errcli.duckdb"


def asked(cli: Cli, db: Path, *question: str) -> Rows:
    """Return the rows of an answer as of the newest event."""
    run = cli(*question, "--now", "latest", "-f", "json", "--db", db)
    assert run.code == 0, run.err
    return run.rows


def logged(code: str) -> list[dict[str, Any]]:
    """Return the events of sample_data with a code."""
    events = map(json.loads, SAMPLE.read_text("utf-8").splitlines())
    return [event for event in events if event["error"]["code"] == code]


def test_what_the_release_mended_is_gone(cli: Cli, fixed: Path) -> None:
    (row,) = asked(cli, fixed, "verify", "1befb0")
    assert (row["pattern"], row["resolved_at"], row["release"]) == (SEARCH, "2026-11-10T09:00:00Z", "1.4.2")
    assert (row["verdict"], row["episodes_before"], row["episodes_after"]) == ("gone", 350, 0)
    assert (row["users_before"], row["users_after"], row["displaced"], row["displaced_to"]) == (160, 0, 0, None)
    first = min(datetime.fromisoformat(event["timestamp"]) for event in logged("SEARCH_INDEX_STALE"))
    assert timedelta(seconds=row["time_before"]) == RELEASED - first
    assert timedelta(seconds=row["time_after"]) == NEWEST - RELEASED
    assert (row["ratio"], row["ratio_low"], round(row["ratio_high"], 3)) == (0, 0, 0.025)


def test_what_goes_on_is_not_called_gone(cli: Cli, fixed: Path) -> None:
    (row,) = asked(cli, fixed, "verify", "9a0253")
    assert row["pattern"].startswith(COUPON)
    times = [datetime.fromisoformat(event["timestamp"]) for event in logged("COUPON_TYPE_ERROR")]
    after = sum(time > datetime(2026, 11, 15, tzinfo=UTC) for time in times)
    assert (row["episodes_before"], row["episodes_after"]) == (330 - after, after)
    assert (row["verdict"], row["release"]) == ("unclear", "1.4.3")
    assert row["ratio_low"] < 1 < row["ratio_high"]


def test_it_was_not_resolved_before_or_at_the_start_of_the_window(cli: Cli, fixed: Path) -> None:
    assert asked(cli, fixed, "verify", "1befb0", "--since", "2026-11-10T09:00:00") == []
    assert asked(cli, fixed, "verify", "1befb0", "--until", "2026-11-10T08:59:59") == []


def test_what_stops_users_more_often_than_it_says_is_worse_and_what_harms_nobody_is_not(cli: Cli, fixed: Path) -> None:
    rows = asked(cli, fixed, "severity-audit", "--since", "40d", "--limit", "0")
    verdicts = {(row["pattern"][:30], row["severity"]): row["verdict"] for row in rows}
    for pattern in (SEARCH, COUPON):
        assert [verdicts[pattern[:30], severity] for severity in ("low", "medium", "high")] == [
            "worse", "worse", "as declared",
        ]  # fmt: skip
    harmless = [row for row in rows if row["pattern"].startswith("Only admins of")]
    assert [(row["severity"], row["episodes"], row["recovered"], row["stopped"]) for row in harmless] == [
        ("low", 168, 100, 0), ("medium", 72, 100, 0),
    ]  # fmt: skip
    assert {row["verdict"] for row in harmless} == {"as declared"}
    (exports,) = [row for row in rows if row["pattern"].startswith("<*> wrote")]
    assert (exports["severity"], exports["episodes"], exports["stopped"]) == ("critical", 36, 100)
    said = [row["verdict"] != "as declared" for row in rows]
    assert said == sorted(said, reverse=True)


def test_blocked_users_of_an_expired_session_go_on(cli: Cli, fixed: Path) -> None:
    rows = asked(cli, fixed, "severity-audit", "--since", "40d")
    expired = {row["severity"]: row for row in rows if row["pattern"] == "Session expired after <*>"}
    assert {severity: row["verdict"] for severity, row in expired.items()} == {
        "medium": "blocked go on", "high": "blocked go on",
    }  # fmt: skip
    assert (expired["high"]["episodes_blocked"], expired["high"]["episodes_blocked_going_on"]) == (7, 7)
    assert (expired["medium"]["episodes_blocked"], expired["medium"]["episodes_blocked_going_on"]) == (10, 9)


def test_the_most_frequent_whole_chain_is_an_account_that_exists_then_a_sign_in(cli: Cli, fixed: Path) -> None:
    first, *others = asked(cli, fixed, "cascades", "--path", "--since", "40d", "--limit", "0")
    assert (first["path"], first["sessions"], first["users"], first["links"]) == (f"{ACCOUNT} → {SIGN_IN}", 8, 8, 2)
    assert (round(first["share"], 1), round(first["took_median"]), first["ending_blocked"]) == (1.1, 296, 37.5)
    assert [row["sessions"] for row in others] == sorted((row["sessions"] for row in others), reverse=True)
    assert {row["links"] for row in others} == {2}


def test_what_is_reported_are_the_previous_errors_of_the_log(cli: Cli, fixed: Path) -> None:
    told = [event.get("context", {}).get("previousErrors", []) for event in logged("LOGIN_TIMEOUT")]
    first, *_ = asked(cli, fixed, "cascades", "--since", "40d")
    assert (first["pattern"], first["leads_to"], first["reported"]) == (
        ACCOUNT,
        SIGN_IN,
        sum("EMAIL_TAKEN" in codes for codes in told),
    )


def test_the_sum_of_the_first_row_is_written_out(cli: Cli, fixed: Path) -> None:
    rows = asked(cli, fixed, "fix-first", "--explain", "9a0253")
    assert [(row["section"], row["term"], row["count"]) for row in rows] == [
        ("harm", "users", 121),
        ("harm", "x not recovered, of episodes", 194),
        ("harm", "x weight of an episode", None),
        ("harm", "= own harm", None),
        ("harm", "+ downstream credit", None),
        ("harm", "= harm, its rank and share", 1),
        ("kinds of episodes", "medium", 81),
        ("kinds of episodes", "high, blocked", 15),
        ("kinds of episodes", "high", 24),
        ("kinds of episodes", "low", 63),
        ("kinds of episodes", "medium, blocked", 11),
    ]
    assert [row["value"] and round(row["value"], 2) for row in rows[2:]] == [2.5, 187.11, 0, 187.11, 2, 8, 4, 1, 4]
    assert (round(rows[1]["share"], 1), round(rows[5]["share"], 1)) == (61.9, 10.7)


@pytest.mark.slow
def test_every_explanation_adds_up_to_its_row_of_fix_first(fixed: Path) -> None:
    with reading(StoreOptions(fixed, threads=1)) as store:
        for row in cases.rows_of(cases.ask(store, "fix-first", NEWEST)):
            explained = cases.rows_of(cases.ask(store, "fix-first-explain", NEWEST, {"explain": row["pattern_hash"]}))
            users, recovery, weight, own, credit, total = (line for line in explained if line["section"] == "harm")
            assert (users["count"], recovery["count"], total["count"]) == (row["users"], row["episodes"], row["rank"])
            assert recovery["share"] == pytest.approx(row["not_recovered"])
            assert (weight["value"], credit["value"]) == (row["weight"], row["downstream"])
            assert (total["value"], total["share"]) == (row["harm"], row["share"])
            assert own["value"] == pytest.approx(users["count"] * recovery["share"] / 100 * weight["value"])
            assert total["value"] == pytest.approx(own["value"] + credit["value"])
            kinds = [line for line in explained if line["section"] == "kinds of episodes"]
            assert sum(line["count"] for line in kinds) == row["episodes"]
            assert sum(line["share"] for line in kinds) == pytest.approx(100)
            mean = sum(line["count"] * line["value"] for line in kinds) / row["episodes"]
            assert mean == pytest.approx(weight["value"])
            before_the_cap = sum(line["value"] for line in explained if line["section"] == "leads to")
            assert min(before_the_cap, own["value"] / 2) == pytest.approx(credit["value"])
