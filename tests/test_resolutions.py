"""What does a resolution cover: one event or a pattern up to a time, until it is reopened? And an ignore?"""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle import place_hash, shape_hash
from tests.support import Cli, Event, Run, event, write_log

UUID = "a3e5f71d-4e81-470f-bedf-574c603a6e8e"
PAY = place_hash("timeout", "/checkout", "pay")
CART = place_hash("timeout", "/cart", "add")


def pay(time: str, **more: Any) -> Event:
    return event("u-1", f"2026-03-01T{time}Z", page="/checkout", action="pay", severity="high", **more)


def cart(time: str, **more: Any) -> Event:
    return event("u-2", f"2026-03-01T{time}Z", page="/cart", action="add", user_blocked=True, **more)


def ingest(cli: Cli, *events: Event) -> None:
    assert cli("ingest", write_log(Path("events.jsonl"), events)).code == 0


def open_times(cli: Cli) -> list[str]:
    """Return the times of day of what `impact` shows."""
    return [row["timestamp"][11:19] for row in cli("impact", "--now", "latest", "-f", "json").rows]


def resolve(cli: Cli, *arguments: str) -> Run:
    return cli("resolve", *arguments, "-f", "json")


@pytest.mark.parametrize("name", [UUID, UUID.upper(), UUID.replace("-", "")])
def test_an_event_is_resolved_by_its_uuid(cli: Cli, name: str) -> None:
    ingest(cli, pay("10:00:00", id=UUID), pay("11:00:00"))
    decision = resolve(cli, name).row
    assert (decision["target"], decision["id"], decision["pattern_hash"]) == ("event", UUID, None)
    assert (decision["resolved"], decision["events"]) == (True, 1)
    assert open_times(cli) == ["11:00:00"]


@pytest.mark.parametrize("own_id", ["order-17", "4711", "über ' id", "abcdef", PAY])
def test_an_event_is_resolved_by_the_id_that_its_source_gave_it(cli: Cli, own_id: str) -> None:
    ingest(cli, pay("10:00:00", id=own_id), pay("11:00:00"))
    decision = resolve(cli, own_id).row
    assert (decision["target"], decision["events"]) == ("event", 1)
    assert open_times(cli) == ["11:00:00"]
    assert cli("query", f"SELECT source_id FROM user_errors WHERE id = '{decision['id']}'", "-f", "json").row == {
        "source_id": own_id
    }


def test_a_number_as_id_is_found_too(cli: Cli) -> None:
    ingest(cli, pay("10:00:00", id=4711), pay("11:00:00"))
    assert resolve(cli, "4711").row["events"] == 1
    assert open_times(cli) == ["11:00:00"]


def test_an_event_without_an_id_is_resolved_by_the_id_that_is_shown(cli: Cli) -> None:
    ingest(cli, pay("10:00:00"), pay("11:00:00"))
    shown = cli("user", "u-1", "--now", "latest", "-f", "json").rows[1]["id"]
    resolve(cli, shown)
    assert open_times(cli) == ["11:00:00"]


@pytest.mark.parametrize("name", [PAY, PAY[:6], PAY[:12].upper(), PAY[:32]])
def test_a_pattern_is_resolved_by_its_hash_or_the_first_six_digits(cli: Cli, name: str) -> None:
    ingest(cli, pay("10:00:00"), pay("11:00:00"), cart("12:00:00"))
    decision = resolve(cli, name).row
    assert (decision["target"], decision["id"], decision["pattern_hash"]) == ("pattern", None, PAY)
    assert decision["events"] == 2
    assert open_times(cli) == ["12:00:00"]


def test_a_prefix_of_two_patterns_is_refused(cli: Cli) -> None:
    one, other = (place_hash("timeout", page, None) for page in ("/p220", "/p3853"))
    assert one[:6] == other[:6]
    ingest(cli, event(page="/p220", severity="high"), event(page="/p3853", severity="high"))
    ambiguous = resolve(cli, one[:6])
    assert (ambiguous.code, ambiguous.out) == (2, "")
    assert ambiguous.err == f"errcli: usage: several patterns begin with {one[:6]} (give more of the hash)\n"
    assert cli("query", "FROM resolutions", "-f", "json").rows == []
    assert resolve(cli, one[:16]).row["pattern_hash"] == one
    assert [row["page"] for row in cli("impact", "--now", "latest", "-f", "json").rows] == ["/p3853"]


@pytest.mark.parametrize("verb", ["resolve", "reopen"])
def test_a_name_of_nothing_is_refused(cli: Cli, verb: str) -> None:
    ingest(cli, pay("10:00:00"))
    for name in ("nobody", UUID, "0" * 64, "", "%", "*"):
        unknown = cli(verb, name)
        assert (unknown.code, unknown.out) == (2, ""), name
        assert unknown.err.startswith(f"errcli: unknown-target: no event and no pattern is called {name!r}, ")
    short = cli(verb, PAY[:5])
    assert (short.code, short.out) == (2, "")
    assert short.err == f"errcli: usage: {PAY[:5]!r} is too short for a hash (give six digits of it or more)\n"
    assert cli("query", "FROM resolutions", "-f", "json").rows == []


def test_a_patterns_resolution_covers_its_errors_up_to_now_and_none_after(cli: Cli) -> None:
    ingest(cli, pay("10:00:00"), pay("10:30:00"), pay("10:30:00.000001"), cart("10:00:00"))
    assert resolve(cli, PAY, "--now", "2026-03-01T10:30:00Z").row["events"] == 2
    assert [row["timestamp"] for row in cli("impact", "--now", "latest", "-f", "json").rows] == [
        "2026-03-01T10:30:00.000001Z",
        "2026-03-01T10:00:00Z",
    ]
    ingest(cli, pay("12:00:00"), pay("09:00:00"))
    shown = cli("user", "u-1", "--now", "latest", "-f", "json").rows
    assert [(row["timestamp"][11:19], row["resolved"]) for row in shown] == [
        ("12:00:00", False),
        ("10:30:00", False),
        ("10:30:00", True),
        ("10:00:00", True),
        ("09:00:00", True),
    ]


def test_without_a_clock_given_the_present_counts(cli: Cli) -> None:
    ingest(cli, pay("10:00:00"), event("u-1", "2999-01-01T00:00:00Z", page="/checkout", action="pay"))
    assert resolve(cli, PAY).row["events"] == 1
    assert open_times(cli) == []


def test_an_events_resolution_stands_whatever_the_clock_says(cli: Cli) -> None:
    ingest(cli, pay("10:00:00", id="e-1"))
    resolve(cli, "e-1", "--now", "2026-01-01")
    assert open_times(cli) == []


@pytest.mark.parametrize("name", ["e-1", PAY])
def test_what_is_reopened_is_back_until_it_is_resolved_again(cli: Cli, name: str) -> None:
    ingest(cli, pay("10:00:00", id="e-1"))
    resolve(cli, name)
    assert open_times(cli) == []
    reopened = cli("reopen", name, "--note", "still there", "-f", "json").row
    assert (reopened["resolved"], reopened["events"], reopened["note"]) == (False, 1, "still there")
    assert open_times(cli) == ["10:00:00"]
    resolve(cli, name)
    assert open_times(cli) == []


def test_a_later_resolution_of_a_pattern_reaches_further(cli: Cli) -> None:
    ingest(cli, pay("10:00:00"), pay("11:00:00"))
    resolve(cli, PAY, "--now", "2026-03-01T10:00:00Z")
    assert open_times(cli) == ["11:00:00"]
    resolve(cli, PAY, "--now", "2026-03-01T11:00:00Z")
    assert open_times(cli) == []


def test_reopening_a_pattern_leaves_an_event_resolved_that_was_resolved_itself(cli: Cli) -> None:
    ingest(cli, pay("10:00:00", id="e-1"), pay("11:00:00"))
    resolve(cli, "e-1")
    resolve(cli, PAY)
    cli("reopen", PAY)
    assert open_times(cli) == ["11:00:00"]


def test_decisions_are_added_and_none_is_changed(cli: Cli) -> None:
    ingest(cli, pay("10:00:00", id="e-1"))
    resolve(cli, PAY, "--release", "1.4.3", "--note", "raised the limit", "--now", "2026-03-01T12:00:00Z")
    cli("reopen", PAY, "--now", "2026-03-02T12:00:00Z")
    resolve(cli, "e-1", "--now", "2026-03-03T12:00:00Z")
    columns = "sequence, pattern_hash, decision, resolved, decided_at, release, note"
    kept = cli("query", f"SELECT {columns} FROM resolutions ORDER BY sequence", "-f", "json").rows
    assert [tuple(row.values()) for row in kept] == [
        (1, PAY, "resolved", True, "2026-03-01T12:00:00Z", "1.4.3", "raised the limit"),
        (2, PAY, "reopened", False, "2026-03-02T12:00:00Z", None, None),
        (3, None, "resolved", True, "2026-03-03T12:00:00Z", None, None),
    ]


def test_a_resolution_is_about_what_is_shown_and_not_about_what_is_counted(cli: Cli) -> None:
    ingest(cli, *(cart(f"10:0{minute}:00") for minute in range(6)))
    before = [cli(name, "--now", "latest", "-f", "json").rows for name in ("patterns", "struggling", "daily")]
    resolve(cli, CART)
    after = [cli(name, "--now", "latest", "-f", "json").rows for name in ("patterns", "struggling", "daily")]
    assert before == after
    assert [len(rows) for rows in after] == [1, 1, 1]


def test_a_pattern_whose_events_were_pruned_can_still_be_resolved(cli: Cli) -> None:
    ingest(cli, pay("10:00:00"), cart("10:00:00"))
    cli("prune", "--keep", "0s", "--now", "2026-03-01T10:00:00Z")
    assert resolve(cli, PAY[:8]).row["events"] == 0
    ingest(cli, event("u-1", "2026-03-01T11:00:00Z", page="/checkout", action="pay", severity="high"))
    assert open_times(cli) == []


def test_a_resolution_outlives_rollup_and_compaction(cli: Cli) -> None:
    ingest(cli, pay("10:00:00", id="e-1"), cart("11:00:00"))
    resolve(cli, "e-1")
    cli("rollup")
    cli("db", "compact")
    assert open_times(cli) == ["11:00:00"]
    assert resolve(cli, "e-1").code == 0
    assert [row["sequence"] for row in cli("query", "FROM resolutions", "-f", "json").rows] == [1, 2]


# --- states, and what is ignored ---

LIMIT = "Limit reached"


def limit_reached(time: str, user: str = "u-1", **more: Any) -> Event:
    return event(user, f"2026-03-01T{time}:00Z", error_message=LIMIT, **more)


def of_users(time: str, *users: str) -> list[Event]:
    return [limit_reached(time, user) for user in users]


def load(cli: Cli, *events: Event) -> str:
    """Load events of a log of its own; return what that tells."""
    run = cli("ingest", write_log(Path("more.jsonl"), events), "--from-start")
    assert run.code == 0
    return run.err


def patterns(cli: Cli, now: str, *more: str) -> dict[str, dict[str, Any]]:
    """Return what `patterns` shows at a time of the first of March, by pattern."""
    window = () if "--since" in more else ("--since", "1d")
    run = cli("patterns", "--min-count", "1", "--now", f"2026-03-01T{now}:00Z", "-f", "json", *window, *more)
    assert run.code == 0, run.err
    return {row["pattern"]: row for row in run.rows}


def state(cli: Cli, now: str, *more: str) -> str | None:
    """Return what `patterns` says of `Limit reached` at a time of the first of March, None where it is left out."""
    row = patterns(cli, now, *more).get(LIMIT)
    return None if row is None else row["state"]


def decide(cli: Cli, verb: str, now: str, *more: str) -> None:
    """Resolve, reopen or ignore `Limit reached`."""
    name = shape_hash(None, "timeout", None, LIMIT)
    assert cli(verb, name, *more, "--now", f"2026-03-01T{now}:00Z").code == 0


def notes_of_return(cli: Cli) -> list[str]:
    """Return the times of day of the events that were noted to be back."""
    noted = cli("query", "SELECT decided_at FROM resolutions WHERE decision = 'back' ORDER BY sequence", "-f", "json")
    return [row["decided_at"][11:16] for row in noted.rows]


@pytest.mark.slow
def test_users_who_had_a_pattern_before_it_was_ignored_are_no_more_users(cli: Cli) -> None:
    load(cli, *of_users("10:00", "u-1", "u-2", "u-3"))
    decide(cli, "ignore", "10:30", "--until-users", "2")
    load(cli, *of_users("11:00", "u-1", "u-2", "u-3", "u-4"))
    assert state(cli, "12:00") is None
    load(cli, *of_users("11:10", "u-5"))
    assert state(cli, "12:00") == "new"
    # places are counted alike
    place = patterns(cli, "12:00", "--by", "place")["timeout:-:-"]["pattern_hash"]
    assert cli("ignore", place, "--until-users", "3", "--now", "2026-03-01T10:30:00Z").code == 0
    assert set(patterns(cli, "12:00", "--by", "place")) == set()
    load(cli, *of_users("11:20", "u-6"))
    assert set(patterns(cli, "12:00", "--by", "place")) == {"timeout:-:-"}


def test_more_users_than_the_store_can_hold_are_refused(cli: Cli) -> None:
    load(cli, limit_reached("10:00"))
    run = cli("ignore", shape_hash(None, "timeout", None, LIMIT), "--until-users", "2147483648")
    assert (run.code, run.out) == (2, "")


def test_users_who_end_an_ignore_count_after_they_were_pruned(cli: Cli) -> None:
    load(cli, *of_users("10:00", "u-1"), *of_users("10:40", "u-1", "u-2"), *of_users("11:00", "u-3"))
    decide(cli, "ignore", "10:30", "--until-users", "2")
    assert state(cli, "12:00") == "new"
    assert cli("prune", "--keep", "0s", "--now", "2026-03-01T11:30:00Z").code == 0
    load(cli, *of_users("11:50", "u-1"))
    assert state(cli, "12:00", "--since", "15m") == "ongoing"
    # u-1 was hit before, which only the sums of the day know any more
    decide(cli, "ignore", "10:30", "--until-users", "3")
    assert state(cli, "12:00", "--since", "15m") is None


def test_users_who_are_hit_after_the_window_end_no_ignore_in_it(cli: Cli) -> None:
    load(cli, *of_users("10:00", "u-1"), *of_users("11:00", "u-2"), *of_users("11:20", "u-3"))
    decide(cli, "ignore", "10:30", "--until-users", "2")
    assert state(cli, "12:00") == "new"
    assert state(cli, "11:20") == "new"
    assert state(cli, "11:19") is None
    assert state(cli, "12:00", "--until", "2026-03-01T11:10:00Z") is None


def test_what_is_decided_today_about_a_log_of_the_past_shows(cli: Cli) -> None:
    load(cli, limit_reached("10:00"))
    decide(cli, "resolve", "23:00")
    assert state(cli, "10:30") == "resolved"
    assert cli("patterns", "--min-count", "1", "--now", "latest", "-f", "json").row["state"] == "resolved"


@pytest.mark.slow
def test_when_an_ignore_has_ended_what_was_decided_before_stands_again(cli: Cli) -> None:
    load(cli, limit_reached("10:00"))
    decide(cli, "resolve", "10:10")
    decide(cli, "ignore", "10:20", "--until", "forever")
    decide(cli, "ignore", "10:30", "--until", "1h")
    assert [state(cli, now) for now in ("11:29", "11:30")] == [None, "resolved"]
    load(cli, *of_users("11:00", "u-7"))
    assert [state(cli, now) for now in ("11:29", "11:30")] == [None, "back"]
    decide(cli, "ignore", "10:40", "--until-users", "2")
    assert state(cli, "12:00") is None
    load(cli, *of_users("11:50", "u-8"))
    assert [state(cli, now) for now in ("11:49", "11:50")] == [None, "back"]


def test_what_is_reopened_is_neither_ignored_nor_resolved(cli: Cli) -> None:
    load(cli, limit_reached("10:00"))
    decide(cli, "resolve", "10:10")
    decide(cli, "ignore", "10:20", "--until", "1h")
    decide(cli, "reopen", "10:30")
    load(cli, limit_reached("11:00"))
    assert [state(cli, now) for now in ("10:45", "12:00")] == ["new", "new"]
    assert notes_of_return(cli) == []


@pytest.mark.parametrize("by", ["template", pytest.param("place", marks=pytest.mark.slow)])
def test_what_is_ignored_is_noted_as_back_once_the_ignore_has_ended(cli: Cli, by: str) -> None:
    load(cli, limit_reached("10:00"))
    assert cli("rollup").code == 0
    ((pattern, row),) = patterns(cli, "12:00", "--by", by).items()
    name = row["pattern_hash"]
    assert cli("resolve", name, "--now", "2026-03-01T10:10:00Z").code == 0
    assert cli("ignore", name, "--until", "1h", "--now", "2026-03-01T10:20:00Z").code == 0
    assert "back" not in load(cli, limit_reached("11:00", release="2.0"))
    assert cli("rollup").code == 0
    assert notes_of_return(cli) == []
    later = event("u-3", "2026-03-01T11:20:00Z", error_message="Something else", page="/else")
    assert f"errcli: note: back, though resolved: {name[:8]} {pattern}\n" in load(cli, later)
    assert notes_of_return(cli) == ["11:00"]
    assert "back" not in load(cli, limit_reached("11:30"))
    assert cli("rollup").code == 0
    assert notes_of_return(cli) == ["11:00"]


def test_what_is_ignored_until_more_users_have_it_is_back_with_the_last_of_these(cli: Cli) -> None:
    load(cli, limit_reached("10:00"))
    assert cli("rollup").code == 0
    decide(cli, "resolve", "10:10")
    decide(cli, "ignore", "10:20", "--until-users", "2")
    check = ("check", "--no-return", "--since", "1d", "--now", "2026-03-01T12:00:00Z")
    assert "back" not in load(cli, *of_users("11:00", "u-1", "u-7"))
    assert cli(*check).code == 0
    assert f" {LIMIT}\n" in load(cli, *of_users("11:10", "u-8"))
    assert cli(*check).code == 10
    assert notes_of_return(cli) == ["11:00"]
