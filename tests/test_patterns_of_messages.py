"""Do events find their patterns, whatever their batches, and do patterns keep hash, state and counts?"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.patterns_corpus import corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.store import regroup
from errcli.store.connection import StoreOptions, reading, writing
from errcli.store.patterns import know_patterns
from errcli.store.prune import prune
from errcli.store.query import run_free
from tests import cases
from tests.oracle import shape_hash
from tests.support import Cli, Event, Run, event, write_log

NOT_FOUND = "User <*> was not found"
LIMIT = "Limit reached"


def user_not_found(name: str, time: str, **more: Any) -> Event:
    return event("u-1", f"2026-03-01T{time}:00Z", error_message=f"User {name} was not found", **more)


def limit_reached(time: str, **more: Any) -> Event:
    return event("u-2", f"2026-03-01T{time}:00Z", error_message=LIMIT, **more)


def ingest(cli: Cli, *events: Event) -> Run:
    run = cli("ingest", write_log(Path("events.jsonl"), events), "--from-start")
    assert run.code == 0
    return run


def patterns(cli: Cli, *more: str, now: str = "2026-03-01T12:00:00Z") -> dict[str, dict[str, Any]]:
    """Return the rows of `patterns` by pattern."""
    window = () if "--since" in more else ("--since", "1d")
    run = cli("patterns", "--min-count", "1", "--now", now, "-f", "json", *window, *more)
    assert run.code == 0, run.err
    return {row["pattern"]: row for row in run.rows}


def hash_of(cli: Cli, pattern: str) -> str:
    found: str = patterns(cli)[pattern]["pattern_hash"]
    return found


def shapes_to_mine() -> int:
    """Return how many shapes a reader mines, since there are others or they come more often than at the last rollup."""
    with reading(StoreOptions(Path("errcli.duckdb"))) as store:
        know_patterns(store)
        count: int = store.scalar("SELECT count(*) FROM shapes_to_mine")
        return count


def test_messages_that_differ_in_a_name_are_one_row_with_or_without_a_rollup(cli: Cli) -> None:
    ingest(cli, user_not_found("Anna Baker", "11:10"), user_not_found("Tom", "11:20"), limit_reached("11:30"))
    before = patterns(cli)
    assert {pattern: row["errors"] for pattern, row in before.items()} == {NOT_FOUND: 2, LIMIT: 1}
    assert cli("rollup").code == 0
    assert patterns(cli) == before
    stored = cli("query", "SELECT error_message_pattern AS p, occurrence_count AS n FROM error_patterns", "-f", "json")
    assert {row["p"]: row["n"] for row in stored.rows} == {NOT_FOUND: 2, LIMIT: 1}


def test_the_hash_is_that_of_the_oldest_shape(cli: Cli) -> None:
    ingest(cli, user_not_found("Tom", "11:20"), user_not_found("Anna Baker", "11:10"))
    assert hash_of(cli, NOT_FOUND) == shape_hash(None, "timeout", None, "User Anna Baker was not found")


def test_a_message_of_blanks_is_none(cli: Cli) -> None:
    ingest(
        cli,
        event("u-1", "2026-03-01T11:10:00Z", error_message="  ", userMessage="Please try again"),
        event("u-1", "2026-03-01T11:20:00Z", error_message=" ", error_code="E_GONE"),
    )
    assert set(patterns(cli)) == {"Please try again", "E_GONE"}


def test_the_only_message_of_a_code_is_counted_and_joined_with_the_next_one_like_it(cli: Cli) -> None:
    anna = user_not_found("Anna Baker", "11:10", error_code="USER")
    ingest(cli, anna)
    assert cli("rollup").code == 0
    ingest(cli, user_not_found("Anna Baker", "11:12", error_code="USER"))
    (row,) = patterns(cli).values()
    assert (row["pattern"], row["errors"]) == ("User Anna Baker was not found", 2)
    assert shapes_to_mine() == 0
    assert cli("rollup").code == 0
    ingest(cli, user_not_found("Tom", "11:20", error_code="USER"))
    assert {pattern: row["errors"] for pattern, row in patterns(cli).items()} == {NOT_FOUND: 3}


@pytest.mark.slow
def test_when_patterns_become_one_the_older_hash_stays_and_the_other_leads_to_it(cli: Cli) -> None:
    # a lower-case word is a value only where there are enough of them
    locked = [f"cannot lock the table {word}" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")]
    events = [event("u-1", f"2026-03-01T11:0{n}:00Z", error_message=text) for n, text in enumerate(locked)]
    ingest(cli, *events[:2])
    assert cli("rollup").code == 0
    older, younger = (hash_of(cli, text) for text in locked[:2])
    assert cli("resolve", younger, "--now", "2026-03-01T11:30:00Z").code == 0
    ingest(cli, *events)
    assert hash_of(cli, "cannot lock the table <*>") == older
    assert cli("reopen", younger, "-f", "json").row["pattern_hash"] == older
    assert cli("rollup").code == 0
    assert hash_of(cli, "cannot lock the table <*>") == older


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**16), data=st.data())
def test_batches_and_their_order_do_not_matter(seed: int, data: st.DataObject, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("batches")
    events = [each.event for each in corpus(300, seed=1 + seed % 3)]

    def grouping(name: str, batches: list[list[Event]]) -> list[tuple[Any, ...]]:
        store = StoreOptions(folder / f"{name}.duckdb", threads=1)
        for batch in batches:
            cases.load(store, batch)
            if name != "once" and data.draw(st.booleans(), "roll up"):
                cases.bring_up_to_date(store)
        with reading(store) as opened:
            _, rows, _ = run_free(opened, "SELECT id, pattern_hash, template FROM events ORDER BY id", 0)
        return rows

    shuffled = random.Random(seed).sample(events, len(events))  # noqa: S311
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=4), "cuts"))
    parts = [shuffled[one:two] for one, two in zip([0, *cuts], [*cuts, len(events)], strict=True) if one < two]
    assert grouping("parts", parts) == grouping("once", [events])


def test_a_fingerprint_wins_over_message_type_and_rule(cli: Cli) -> None:
    Path("errcli.toml").write_text('[patterns.rules]\nnamed = { field = "error_type", value = "timeout" }\n')
    ingest(
        cli,
        limit_reached("11:00", fingerprint="quota"),
        limit_reached("11:01", error_type="quota", fingerprint="quota"),
        limit_reached("11:02"),
    )
    found = patterns(cli)
    assert {pattern: row["errors"] for pattern, row in found.items()} == {"quota": 2, "named": 1}
    assert found["quota"]["pattern_hash"] == shape_hash("fingerprint", None, None, "quota")


@pytest.mark.slow
@pytest.mark.parametrize("part", [1, 2, 245_760])
def test_rules_hold_for_what_is_stored_after_regroup_which_says_what_moves(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(regroup, "_PART", part)
    ingest(cli, limit_reached("11:00"), user_not_found("Tom", "11:01"), user_not_found("Anna Baker", "11:02"))
    tom = hash_of(cli, NOT_FOUND)
    assert cli("resolve", tom, "--now", "2026-03-01T11:30:00Z").code == 0
    Path("errcli.toml").write_text(
        '[patterns.rules]\nAccounts = { field = "error_message", operator = "starts with", value = "User " }\n'
    )
    expected = [
        {
            "old_hash": tom, "old_pattern": NOT_FOUND, "new_hash": tom, "new_pattern": "Accounts", "events": 2,
            "errors": 2, "old_state": "resolved", "new_state": "resolved",
        }
    ]  # fmt: skip
    store = Path("errcli.duckdb").read_bytes()
    assert cli("regroup", "--dry-run", "-f", "json").rows == expected
    assert set(patterns(cli)) == {LIMIT, NOT_FOUND}
    assert cli("regroup", "-f", "json").rows == expected
    assert Path("errcli.duckdb").read_bytes() != store
    assert {pattern: row["state"] for pattern, row in patterns(cli).items()} == {LIMIT: "new", "Accounts": "resolved"}
    assert cli("regroup", "-f", "json").rows == []
    Path("errcli.toml").unlink()
    assert cli("regroup").code == 0
    assert hash_of(cli, NOT_FOUND) == tom
    assert [row["broken"] for row in cli("db", "doctor", "-f", "json").rows] == [0] * 10


@pytest.mark.slow
def test_what_is_back_is_told_by_the_load_noted_once_and_shown(cli: Cli) -> None:
    ingest(cli, limit_reached("10:00"))
    assert cli("rollup").code == 0
    name = hash_of(cli, LIMIT)
    assert cli("resolve", name, "--now", "2026-03-01T10:30:00Z").code == 0
    assert patterns(cli)[LIMIT]["state"] == "resolved"
    again = ingest(cli, limit_reached("11:10", release="2.0"), limit_reached("11:20"))
    assert f"errcli: note: back, though resolved: {name[:8]} {LIMIT}\n" in again.err
    assert "back" not in ingest(cli, limit_reached("11:30")).err
    assert patterns(cli)[LIMIT]["state"] == "back"
    history = cli("query", "SELECT decision, decided_at, release FROM resolutions ORDER BY sequence", "-f", "json").rows
    assert [tuple(row.values()) for row in history] == [
        ("resolved", "2026-03-01T10:30:00Z", None),
        ("back", "2026-03-01T11:10:00Z", "2.0"),
    ]
    assert cli("resolve", name, "--now", "2026-03-01T11:40:00Z").code == 0
    assert patterns(cli)[LIMIT]["state"] == "resolved"


def test_what_is_back_is_told_without_a_rollup_before(cli: Cli) -> None:
    ingest(cli, user_not_found("Tom", "10:00"), user_not_found("Anna Baker", "10:10"))
    name = hash_of(cli, NOT_FOUND)
    assert cli("resolve", name, "--now", "2026-03-01T10:30:00Z").code == 0
    told = ingest(cli, user_not_found("Anna Baker", "11:10")).err
    assert f"errcli: note: back, though resolved: {name[:8]} {NOT_FOUND}\n" in told


def test_a_rollup_tells_what_is_back_with_words_that_are_new(cli: Cli) -> None:
    ingest(cli, user_not_found("Tom", "10:00"), user_not_found("Anna Baker", "10:10"))
    name = hash_of(cli, NOT_FOUND)
    assert cli("resolve", name, "--now", "2026-03-01T10:30:00Z").code == 0
    assert "back" not in ingest(cli, user_not_found("Zoë O'Brien", "11:10")).err
    assert f"errcli: note: back, though resolved: {name[:8]} {NOT_FOUND}\n" in cli("rollup").err
    assert "back" not in cli("rollup").err


def locked(word: str, time: str, user: str = "u-1", **more: Any) -> Event:
    message = f"We could not verify your identity because the photo of your document is {word}"
    return event(user, f"2026-03-01T{time}:00Z", error_message=message, **more)


def test_what_was_decided_about_a_pattern_holds_for_the_parts_that_it_comes_apart_into(cli: Cli) -> None:
    words = ("locked", "corrupt", "encrypted")
    ingest(cli, *(locked(word, f"10:0{place}") for place, word in enumerate(words)))
    (whole,) = patterns(cli).values()
    assert cli("resolve", whole["pattern_hash"], "--now", "2026-03-01T10:30:00Z").code == 0
    times = [f"11:{minute:02d}" for minute in range(20)]
    ingest(cli, *(locked(word, time, f"u-{place}") for word in words for place, time in enumerate(times)))
    assert cli("rollup").code == 0
    parts = patterns(cli)
    assert {row["pattern"].split()[-1]: row["state"] for row in parts.values()} == dict.fromkeys(words, "back")
    covered = cli("query", "SELECT resolved, count(*) AS n FROM events GROUP BY ALL ORDER BY ALL", "-f", "json").rows
    assert [(row["resolved"], row["n"]) for row in covered] == [(False, 60), (True, 3)]


def test_what_comes_often_is_mined_anew_when_it_does_and_not_for_each_one_more(cli: Cli) -> None:
    words = ("locked", "corrupt", "encrypted")
    found = []
    for errors, more in ((7, 7), (8, 1), (9, 1), (30, 21)):
        ingest(cli, *(locked(word, f"11:{minute:02d}") for word in words for minute in range(errors - more, errors)))
        found.append((errors, shapes_to_mine(), sorted(row["errors"] for row in patterns(cli).values())))
        before = patterns(cli)
        assert cli("rollup").code == 0
        assert patterns(cli) == before
    # seven of each tell of values, eight of each of three faults
    assert found == [(7, 3, [21]), (8, 3, [8, 8, 8]), (9, 0, [9, 9, 9]), (30, 0, [30, 30, 30])]


@pytest.mark.slow
def test_a_pattern_is_ignored_until_a_time_or_until_more_users_have_it(cli: Cli) -> None:
    ingest(cli, limit_reached("10:00"), user_not_found("Tom", "10:00"))
    name = hash_of(cli, LIMIT)
    row = cli("ignore", name[:8], "--until", "2h", "--now", "2026-03-01T10:30:00Z", "-f", "json").row
    assert (row["pattern_hash"], row["ignored_until"], row["events"]) == (name, "2026-03-01T12:30:00Z", 1)
    assert set(patterns(cli)) == {"User Tom was not found"}
    told = cli("patterns", "--since", "1d", "--min-count", "1", "--now", "2026-03-01T12:00:00Z").err
    assert told == "errcli: note: 1 ignored pattern is not shown; --state ignored does that\n"
    assert set(patterns(cli, "--state", "ignored")) == {LIMIT}
    assert set(patterns(cli, now="2026-03-01T12:30:00Z")) == {"User Tom was not found", LIMIT}
    assert cli("ignore", name, "--until-users", "2", "--now", "2026-03-01T10:30:00Z").code == 0
    more = [limit_reached("11:00") | {"user_id": user} for user in ("u-7", "u-8")]
    ingest(cli, more[0])
    assert LIMIT not in patterns(cli)
    ingest(cli, *more)
    assert LIMIT in patterns(cli)
    assert cli("ignore", name, "--until", "forever").code == 0
    assert LIMIT not in patterns(cli, now="2036-03-01T12:00:00Z")
    assert cli("reopen", name).code == 0
    assert LIMIT in patterns(cli)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ([], "nothing says for how long"),
        (["--until", "yesterday"], "lies in the past"),
        (["--until", "soon"], "'soon' is not a time"),
    ],
)
def test_ignoring_wants_to_know_for_how_long(cli: Cli, options: list[str], what: str) -> None:
    ingest(cli, limit_reached("10:00"))
    run = cli("ignore", hash_of(cli, LIMIT), *options)
    assert (run.code, run.out) == (2, "")
    assert what in run.err


def test_an_event_cannot_be_ignored(cli: Cli) -> None:
    ingest(cli, limit_reached("10:00", id="e-1"))
    run = cli("ignore", "e-1", "--until", "7d")
    assert (run.code, run.err) == (
        2, "errcli: usage: an event cannot be ignored, e-1 (give the hash of its pattern)\n",
    )  # fmt: skip


def test_states_tell_new_from_growing_from_ongoing(cli: Cli) -> None:
    """Before the window of an hour: three windows, in which `Steady` and `Rising` had three errors each."""
    steady = [event("u-1", f"2026-03-01T{hour}:30:00Z", error_message="Steady") for hour in ("08", "09", "10")]
    rising = [event("u-1", f"2026-03-01T{hour}:31:00Z", error_message="Rising") for hour in ("08", "09", "10")]
    now = [event("u-1", f"2026-03-01T11:3{n}:00Z", error_message="Rising") for n in range(4)]
    ingest(
        cli,
        event("u-1", "2026-03-01T07:00:00Z", error_message="Long ago"),
        *steady, *rising, *now,
        event("u-1", "2026-03-01T11:30:00Z", error_message="Steady"),
        event("u-1", "2026-03-01T11:30:00Z", error_message="Fresh"),
    )  # fmt: skip
    states = {pattern: row["state"] for pattern, row in patterns(cli, "--since", "1h").items()}
    assert states == {"Rising": "growing", "Steady": "ongoing", "Fresh": "new"}
    assert set(patterns(cli, "--since", "1h", "--state", "growing")) == {"Rising"}
    # where there is no window of history before, nothing is said to grow
    assert patterns(cli, "--since", "3h")["Rising"]["state"] == "ongoing"


def test_counts_and_users_of_a_pattern_outlive_its_events(tmp_path: Path) -> None:
    store = StoreOptions(tmp_path / "s.duckdb", threads=1)
    names = ["Anna Baker", "Tom Smith", "Ada Ng"]
    old = [
        event(f"u-{n % 2}", f"2026-03-0{1 + n}T10:00:00Z", error_message=f"User {name} was not found", page="/a")
        for n, name in enumerate(names)
    ]
    cases.load(store, old)
    cases.bring_up_to_date(store)
    table = "SELECT * FROM error_patterns"
    with writing(store) as opened:
        (before,) = opened.run(table)
        with opened.transaction():
            prune(opened, cases.LOADED_AT.replace(day=2, hour=12), cases.LOADED_AT)
    assert before[2:] == (
        "timeout", NOT_FOUND, 3, 2, *(cases.LOADED_AT.replace(day=day, hour=10) for day in (1, 3)), "/a", None,
    )  # fmt: skip
    cases.load(store, [event("u-9", "2026-03-04T10:00:00Z", error_message="User Ben Orr was not found", page="/b")])
    cases.bring_up_to_date(store)
    with reading(store) as opened:
        assert opened.scalar("SELECT count(*) FROM user_errors") == 2
        (after,) = opened.run(table)
    assert after[:4] == before[:4]
    assert (after[4], after[5]) == (4, 3)


def test_where_there_is_no_message_the_code_counts_and_then_the_place(cli: Cli) -> None:
    ingest(
        cli,
        event("u-1", "2026-03-01T11:00:00Z", user_message="Please try again", error_code="A"),
        event("u-1", "2026-03-01T11:00:01Z", error_code="E-1042", page="/a"),
        event("u-1", "2026-03-01T11:00:02Z", error_code="E-1043", page="/a"),
        event("u-1", "2026-03-01T11:00:03Z", page="/a", action="go"),
    )
    assert set(patterns(cli)) == {"Please try again", "E-1042", "E-1043", "timeout:/a:go"}


def test_a_tracked_event_may_name_its_pattern(cli: Cli) -> None:
    track = ("track", "--user", "u-1", "--message", "whatever", "--fingerprint", "nightly job")
    assert cli(*track, "--time", "2026-03-01T11:00:00Z").code == 0
    assert set(patterns(cli)) == {"nightly job"}


@pytest.mark.slow
def test_what_was_pruned_is_no_time_without_errors_before_which_a_steady_pattern_would_grow(tmp_path: Path) -> None:
    """Ten errors a day for 80 days, of which the last 30 are kept."""
    first, now = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 22, tzinfo=UTC)
    store = StoreOptions(tmp_path / "s.duckdb", threads=1)
    times = [first + timedelta(days=day, hours=2 * hour + 1) for day in range(80) for hour in range(10)]
    cases.load(store, [event("u-1", time.isoformat(), error_message="Steady") for time in times])

    def states() -> dict[str, str]:
        asked = {since: cases.ask(store, "patterns", now, {"since": since}) for since in ("20d", "15d", "10d", "30d")}
        return {since: answer.named_rows[0]["state"] for since, answer in asked.items()}

    assert states() == dict.fromkeys(("20d", "15d", "10d", "30d"), "ongoing")
    with writing(store) as opened, opened.transaction():
        prune(opened, now - timedelta(days=30), now)
    assert states() == dict.fromkeys(("20d", "15d", "10d", "30d"), "ongoing")
    rising = [event("u-2", (now - timedelta(hours=n)).isoformat(), error_message="Steady") for n in range(200)]
    cases.load(store, rising)
    # with less than a window of history nothing is said
    assert states() == {"20d": "ongoing", "15d": "growing", "10d": "growing", "30d": "ongoing"}
