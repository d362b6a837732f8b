"""Are the stories of sample_data found by the commands, and the failures of a real log counted as plain Python does?"""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support import REPOSITORY, SAMPLE, Cli, process

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]

REAL = REPOSITORY.parent / "shared" / "data" / "cloudtrail_errors.jsonl"


@pytest.fixture
def sample(cli: Cli, sample_db: Path) -> Ask:
    """Ask a question about sample_data, as of its newest event; all rows."""
    return lambda *question: answer(cli, sample_db, *question)


def answer(cli: Cli, db: Path, *question: str) -> Rows:
    run = cli(*question, "--now", "latest", "--limit", "0", "-f", "json", "--db", db)
    assert run.code == 0, run.err
    return run.rows


# --- sample_data: the figures are those of its README ---


def test_the_checkout_outage_leads_the_last_hour(sample: Ask) -> None:
    outage, stuck, *others = sample("patterns")
    assert outage["pattern"] == "Payment of <*> for <*> timed out at the gateway"
    assert (outage["error_code"], outage["errors"], outage["users"], outage["blocked"]) == (
        "PAYMENT_TIMEOUT", 115, 25, 24,
    )  # fmt: skip
    assert (outage["first_seen"][:19], outage["last_seen"][:19]) == ("2026-11-20T17:12:12", "2026-11-20T17:57:17")
    assert (stuck["error_code"], stuck["errors"], stuck["users"], stuck["blocked"]) == ("CSV_BAD_HEADER", 16, 1, 16)
    assert [(row["page"], row["errors"]) for row in others if row["errors"] > 4] == []


def test_the_last_hour_holds_143_errors_of_33_users(sample: Ask) -> None:
    assert sum(row["errors"] for row in sample("patterns", "--min-count", "1")) == 143
    users = sample("struggling", "--min-errors", "1")
    assert (len(users), sum(row["errors"] for row in users)) == (33, 143)


def test_one_user_struggles_far_more_than_the_others(sample: Ask) -> None:
    stuck, *others = sample("struggling")
    assert (stuck["user_id"], stuck["errors"], stuck["blocked"]) == ("u-1077", 16, 16)
    assert [row["errors"] for row in others] == [9, 8, 8, 8, 8, 7, 6]


def test_the_stuck_user_tries_the_same_again_and_again(sample: Ask, cli: Cli, sample_db: Path) -> None:
    shown = cli("user", "u-1077", "--now", "latest", "-f", "json", "--db", sample_db)
    assert len(shown.rows) == 10
    assert "10 of 44 shown" in shown.err
    assert {row["error_code"] for row in shown.rows} == {"CSV_BAD_HEADER"}
    rows = sample("user", "u-1077", "--since", "2d")
    assert len(rows) == 20
    assert {(row["severity"], row["user_blocked"], row["recovery_method"]) for row in rows} == {("high", True, "retry")}
    assert {(row["recovery_attempted"], row["recovery_successful"]) for row in rows} == {(True, False)}
    assert {row["session_id"] for row in rows} == {"s-64cc60c1", "s-c1e5a728"}


def test_the_stuck_users_session_is_a_cascade_of_sixteen_steps(sample: Ask) -> None:
    chain = sample("cascade", "u-1077", "s-64cc60c1")
    assert [row["step"] for row in chain] == list(range(1, 17))
    assert (chain[0]["timestamp"], chain[0]["gap_seconds"]) == ("2026-11-20T17:05:36.962000Z", None)
    assert chain[1]["gap_seconds"] == 213.055
    assert sum(row["gap_seconds"] or 0 for row in chain) == pytest.approx(3005.445, abs=1e-6)


def test_the_stuck_users_week(sample: Ask) -> None:
    (week,) = sample("rate", "u-1077")
    older = [row for row in sample("user", "u-1077", "--since", "7d") if row["error_code"] != "CSV_BAD_HEADER"]
    assert week["errors"] == 20 + len(older)
    assert week["blocking_errors"] >= 20
    assert week["daily_average"] == week["errors"] / 7
    (two_days,) = sample("rate", "u-1077", "--since", "2d")
    assert two_days == {
        "user_id": "u-1077",
        "errors": 20,
        "critical_errors": 20,
        "blocking_errors": 20,
        "days_with_errors": 2,
        "daily_average": 10.0,
    }


@pytest.mark.parametrize(
    ("page", "code", "errors", "users", "blocked"),
    [
        ("/checkout", "PAYMENT_TIMEOUT", 115, 25, 24),
        ("/projects/settings", "PERMISSION_DENIED", 240, 136, 0),
        ("/reports", "EXPORT_PARTIAL", 36, 5, None),
        ("/search", "SEARCH_INDEX_STALE", 350, 160, 55),
        ("/cart", "COUPON_TYPE_ERROR", 330, 168, 37),
    ],
)
def test_every_story_is_a_pattern_of_the_whole_log(
    sample: Ask, page: str, code: str, errors: int, users: int, blocked: int | None
) -> None:
    patterns = {row["error_code"]: row for row in sample("patterns", "--since", "40d")}
    story = patterns[code]
    assert (story["page"], story["errors"], story["users"]) == (page, errors, users)
    assert blocked is None or story["blocked"] == blocked


def test_a_release_fixed_one_pattern_and_broke_another(sample: Ask) -> None:
    patterns = {row["error_code"]: row for row in sample("patterns", "--since", "40d")}
    assert patterns["SEARCH_INDEX_STALE"]["last_seen"][:19] == "2026-11-10T08:55:05"
    assert patterns["COUPON_TYPE_ERROR"]["first_seen"][:19] == "2026-11-10T09:17:17"


def test_the_lost_exports_are_of_high_impact(sample: Ask) -> None:
    lost = [row for row in sample("impact") if row["data_loss"]]
    assert len(lost) == 36
    assert {(row["error_code"], row["severity"], row["workflow_failed"]) for row in lost} == {
        ("EXPORT_PARTIAL", "critical", True)
    }
    users = Counter(row["user_id"] for row in lost)
    assert users == {"u-1091": 11, "u-1050": 10, "cust-000509": 7, "u-1002": 6, "u-1009": 2}
    assert Counter(row["recovery_successful"] for row in lost)[True] == 0
    assert Counter(row["recovery_method"] for row in lost) == {"support": 15, None: 21}


def test_impact_shows_what_is_severe_or_blocks(sample: Ask) -> None:
    rows = sample("impact")
    assert sum(row["severity"] == "high" for row in rows) == 768
    assert sum(row["severity"] == "critical" for row in rows) == 94
    assert sum(row["user_blocked"] is True for row in rows) == 621
    assert {row["error_code"] for row in rows}.isdisjoint({"PERMISSION_DENIED"})


def test_the_days_add_up_to_the_whole_log(sample: Ask) -> None:
    days = sample("daily", "--since", "40d", "--total")
    assert (len(days), sum(row["error_count"] for row in days)) == (36, 5039)
    assert sum(row["blocked_count"] for row in days) == 621
    assert (days[0]["date"], days[0]["error_count"]) == ("2026-11-20", 273)
    assert (days[-1]["date"], days[-1]["error_count"]) == ("2026-10-16", 22)
    per_user = sample("daily", "--since", "40d")
    assert sum(row["error_count"] for row in per_user) == 5039
    assert len({row["user_id"] for row in per_user}) == 200


def test_the_recovery_of_every_day_is_the_logs(sample: Ask) -> None:
    attempts, successes = Counter[str](), Counter[str]()
    for line in SAMPLE.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["error"]["code"] == "CANCELLED":
            continue
        recovery = event.get("recovery", {})
        attempts[event["timestamp"][:10]] += recovery.get("attempted", False)
        successes[event["timestamp"][:10]] += recovery.get("successful", False)
    assert (attempts.total(), successes.total()) == (3118, 1861)
    days = sample("daily", "--since", "40d", "--total")
    assert {row["date"]: row["recovery_rate"] for row in days} == {
        day: pytest.approx(100 * successes[day] / attempts[day], abs=0.005001) for day in attempts
    }


# --- sample_data: what the pages of docs/questions tell ---


def of(rows: Rows, **wanted: str) -> dict[str, Any]:
    """Return the only row that has these values."""
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row


def test_the_checkout_is_where_users_are_stuck_now(sample: Ask) -> None:
    checkout, coupon, *_ = sample("stuck", "--since", "1d")
    assert (checkout["place"], checkout["users"], checkout["stuck"], checkout["episodes"]) == (
        "/checkout pay",
        25,
        19,
        32,
    )
    assert (checkout["recovered"], checkout["dead_end"]) == (pytest.approx(25), pytest.approx(75))
    assert (checkout["stuck_now"], checkout["stuck_users"]) == (13, "u-1084, u-1042, u-1070")
    assert (coupon["place"], coupon["users"], coupon["stuck"], coupon["stuck_now"]) == ("/cart apply_coupon", 34, 10, 1)


def test_the_overview_asks_five_questions_and_says_how_to_ask_on(cli: Cli, sample_db: Path) -> None:
    lines = cli("overview", "--now", "latest", "--limit", "1", "-f", "json", "--db", sample_db).rows
    assert [(line["name"], line["users"], line["value"]) for line in lines] == [
        ("TypeError: Cannot read properties of undefined (reading '<*>') for coupon <*>", 34, "ongoing"),
        (None, None, "errcli patterns --since 1d --now latest"),
        ("/cart apply_coupon", 34, None),
        (None, None, "errcli features --since 1d --now latest"),
        ("/checkout pay", 19, "now: u-1084, u-1042, u-1070"),
        (None, None, "errcli stuck --since 1d --now latest"),
        ("Payment of <*> for <*> timed out at the gateway", None, "retry, 32 attempts"),
        (None, None, "errcli recovery --since 1d --now latest"),
        ("Payment of <*> for <*> timed out at the gateway", 25, "rank 1 to 2"),
        (None, None, "errcli fix-first --since 1d --now latest"),
    ]


def test_the_overview_of_nothing_says_so(cli: Cli, sample_db: Path) -> None:
    lines = cli("overview", "--now", "2020-01-01", "-f", "json", "--db", sample_db).rows
    assert {line["name"] for line in lines} == {"nothing in this window", None}


def test_the_stuck_user_loops_at_the_import_and_saw_why(sample: Ask) -> None:
    user, *_ = sample("struggling", "--baseline")
    assert (user["user_id"], user["errors"], user["why"]) == ("u-1077", 16, "loop, blocked, dead end, open")
    assert (user["last_page"], user["last_action"]) == ("/import", "upload")
    assert user["last_message"] == "The first line of the file does not have the columns we expect."
    assert user["stuck_since"][:19] == "2026-11-20T17:05:36"
    assert user["expected"] == pytest.approx(0.03, abs=0.005)
    assert user["q"] < 1e-9


def test_the_permission_error_always_recovers_by_asking_for_access(sample: Ask) -> None:
    invite = of(sample("recovery", "--since", "40d"), method="request_access")
    assert (invite["attempts"], invite["successes"], invite["rate"]) == (240, 240, 100)
    assert (round(invite["rate_low"], 1), invite["rate_high"]) == (98.4, pytest.approx(100))
    told = of(sample("messages", "--since", "40d"), user_message="You need admin rights to invite people.")
    assert (told["kind"], told["times"], told["recovered"], round(told["repeated"], 1)) == ("specific", 240, 100, 43.3)


def test_lost_data_weighs_most_although_few_users_have_it(sample: Ask) -> None:
    coupon, exports, *_ = sample("fix-first")
    assert (coupon["rank"], coupon["users"], round(coupon["harm"], 2)) == (1, 121, 187.11)
    assert (coupon["rank_low"], coupon["rank_high"]) == (1, 3)
    assert (exports["pattern"], exports["users"], exports["data_loss"]) == ("<*> wrote <*> of <*> rows in <*>", 4, 100)
    assert (exports["weight"], exports["harm"], exports["rank_high"]) == (40, pytest.approx(160), 15)


def test_the_release_that_broke_the_coupon_shows_in_the_features(sample: Ask) -> None:
    rows = sample("features", "--since", "2026-11-10T09:00", "--until", "2026-11-13T09:00")
    coupon = of(rows, page="/cart", action="apply_coupon")
    assert (coupon["users"], coupon["users_before"]) == (86, 0)
    assert coupon["q"] < 1e-9
    week = of(sample("features", "--since", "7d"), page="/cart", action="apply_coupon")
    assert (week["users"], week["users_before"], round(week["change"], 1), round(week["q"], 2)) == (
        121,
        100,
        18.5,
        0.72,
    )


def test_a_sign_in_times_out_more_often_after_an_account_that_exists(sample: Ask) -> None:
    first, *_ = sample("cascades", "--since", "40d")
    assert (first["pattern"], first["leads_to"]) == (
        "An account for <*> already exists", "Sign-in of <*> timed out after <*>",
    )  # fmt: skip
    assert (first["sessions"], round(first["probability"], 1), round(first["lift"], 2), round(first["q"], 2)) == (
        16, 6.7, 2.79, 0.01,
    )  # fmt: skip


# --- a real log, in each of the forms in which CloudTrail writes it ---


@pytest.fixture(scope="session")
def failures() -> Rows:
    """Read the real failed calls."""
    if not REAL.exists():
        pytest.skip("no ../shared/data")
    return [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]


@pytest.fixture(scope="session", params=["lines", "records", "gzip"])
def cloudtrail(
    request: pytest.FixtureRequest, failures: Rows, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    """Load the real log as lines, or with every third call once more as a success in a file of Records."""
    folder = tmp_path_factory.mktemp("cloudtrail")
    mixed = []
    for number, record in enumerate(failures):
        mixed.append(record)
        if number % 3 == 0:
            success = {name: value for name, value in record.items() if not name.startswith("error")}
            mixed.append(success | {"eventID": f"success-{number}"})
    document = json.dumps({"Records": mixed}, indent=1).encode()
    if request.param == "lines":
        log = REAL
    elif request.param == "records":
        log = folder / "trail.json"
        log.write_bytes(document)
    else:
        log = folder / "trail.json.gz"
        log.write_bytes(gzip.compress(document))
    loaded = process("ingest", str(log), "--from", "cloudtrail", "-f", "json", cwd=folder)
    assert loaded.code == 0, loaded.err
    return loaded.row, folder / "errcli.duckdb"


def test_every_failed_call_is_stored_and_every_successful_one_dropped(
    cloudtrail: tuple[dict[str, Any], Path], cli: Cli
) -> None:
    summary, db = cloudtrail
    dropped = summary["lines"] - 300
    assert dropped in (0, 100)
    assert (summary["stored"], summary["dropped"], summary["duplicates"]) == (300, dropped, 0)
    rules = cli("query", "SELECT rule, count FROM dropped_counts", "-f", "json", "--db", db).rows
    assert rules == ([{"rule": "successful call", "count": 100}] if dropped else [])


def test_the_real_patterns_are_the_services_and_calls(
    cloudtrail: tuple[dict[str, Any], Path], cli: Cli, failures: Rows
) -> None:
    places: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in failures:
        places.setdefault((record["eventSource"], record["eventName"]), []).append(record)
    found = answer(cli, cloudtrail[1], "patterns", "--by", "place", "--since", "1w", "--min-count", "1")
    errors = Counter[tuple[str, str]]()
    for row in found:
        errors[row["page"], row["action"]] += row["errors"]
    assert errors == {place: len(records) for place, records in places.items()}
    for (service, call), records in places.items():
        rows = [row for row in found if (row["page"], row["action"]) == (service, call)]
        assert {row["error_code"] for row in rows} <= {record["errorCode"] for record in records}
        if len(rows) == 1:
            assert rows[0]["users"] == len({record["userIdentity"]["arn"] for record in records})
            assert rows[0]["first_seen"] == min(record["eventTime"] for record in records)
            assert rows[0]["last_seen"] == max(record["eventTime"] for record in records)


def test_the_real_users_of_the_last_hour(cloudtrail: tuple[dict[str, Any], Path], cli: Cli, failures: Rows) -> None:
    newest = max(datetime.fromisoformat(record["eventTime"]) for record in failures)
    assert newest == datetime(2023, 7, 10, 12, 29, 48, tzinfo=UTC)
    last_hour = [
        record for record in failures if datetime.fromisoformat(record["eventTime"]) > newest - timedelta(hours=1)
    ]
    users = Counter(record["userIdentity"]["arn"] for record in last_hour)
    struggling = answer(cli, cloudtrail[1], "struggling")
    assert {row["user_id"]: row["errors"] for row in struggling} == {
        user: errors for user, errors in users.items() if errors > 5
    }
    assert struggling[0]["user_id"].endswith(":user/bert-jan")


def test_a_real_user_and_the_users_week(cloudtrail: tuple[dict[str, Any], Path], cli: Cli, failures: Rows) -> None:
    own = [record for record in failures if record["userIdentity"]["arn"].endswith(":user/benjamin")]
    user_id = own[0]["userIdentity"]["arn"]
    rows = answer(cli, cloudtrail[1], "user", user_id)
    assert sorted(row["id"] for row in rows) == sorted(record["eventID"] for record in own)
    assert [row["timestamp"] for row in rows] == sorted((record["eventTime"] for record in own), reverse=True)
    codes = Counter((row["error_code"], row["error_message"]) for row in rows)
    assert codes == Counter((record["errorCode"], record.get("errorMessage")) for record in own)
    (week,) = answer(cli, cloudtrail[1], "rate", user_id)
    assert (week["errors"], week["days_with_errors"], week["daily_average"]) == (14, 1, 2.0)


def test_a_real_session_is_a_cascade(cloudtrail: tuple[dict[str, Any], Path], cli: Cli, failures: Rows) -> None:
    key, errors = Counter(record["userIdentity"].get("accessKeyId") for record in failures).most_common(2)[1]
    own = sorted(
        (record for record in failures if record["userIdentity"].get("accessKeyId") == key),
        key=lambda record: (record["eventTime"], record["eventID"]),
    )
    chain = answer(cli, cloudtrail[1], "cascade", own[0]["userIdentity"]["arn"], key)
    assert errors == len(own) == 29
    assert [row["id"] for row in chain] == [record["eventID"] for record in own]
    times = [datetime.fromisoformat(record["eventTime"]) for record in own]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert [row["gap_seconds"] for row in chain] == [None, *gaps]


def test_the_real_day(cloudtrail: tuple[dict[str, Any], Path], cli: Cli, failures: Rows) -> None:
    users = Counter(record["userIdentity"]["arn"] for record in failures)
    days = answer(cli, cloudtrail[1], "daily")
    assert {(row["date"], row["user_id"]): row["error_count"] for row in days} == {
        ("2023-07-10", user): errors for user, errors in users.items()
    }
    (total,) = answer(cli, cloudtrail[1], "daily", "--total")
    assert (total["error_count"], total["blocked_count"], total["recovery_rate"]) == (300, 0, None)
    assert answer(cli, cloudtrail[1], "impact") == []
