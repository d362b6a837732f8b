"""Does the bench of patterns score groupings as it says, and mine the messages that it says?"""

from pathlib import Path

import duckdb
import pytest
from bench import data, patterns, patterns_data, patterns_drain
from bench.patterns_corpus import FAMILIES, Labelled
from bench.patterns_grouping import grouped
from bench.patterns_score import Score, corpora, merged, score, systems
from bench.patterns_speed import Speed
from bench.race import SkippedError


@pytest.mark.parametrize(
    ("truth", "groups", "ga", "fga"),
    [
        ("aaab", "xxxy", 1.0, 1.0),
        ("aaab", "xxxx", 0.0, 0.0),
        ("aaab", "xxyz", 0.25, 2 / 5),  # b is right; one of three groups, one of two templates
        ("aabb", "xxyz", 0.5, 2 / 5),
        ("abcc", "xyzz", 1.0, 1.0),
    ],
)
def test_only_groups_that_hold_exactly_one_template_count(truth: str, groups: str, ga: float, fga: float) -> None:
    assert score(list(truth), list(groups)) == pytest.approx((ga, fga, 0))


def test_a_group_is_merged_when_it_holds_two_members_of_one_family() -> None:
    (one, other, *_), (third, *_) = list(FAMILIES.values())[:2]
    assert merged([one, other, third], ["x", "y", "z"]) == 0
    assert merged([one, one, third], ["x", "x", "x"]) == 0
    assert merged([one, other, third], ["x", "x", "y"]) == 1
    assert merged([one, other, one, other], ["x", "x", "y", "y"]) == 2


def test_each_csv_file_is_a_system_whatever_its_messages_hold(tmp_path: Path) -> None:
    (tmp_path / "Cook.csv").write_text('message,template\n"salt, ""two"" spoons","salt, <*> spoons"\n,\n', "utf-8")
    (tmp_path / "Bake.csv").write_text("message,template\nflour,flour\n", "utf-8")
    found = {each.what: each.labelled() for each in systems(tmp_path)}
    assert list(found) == ["system Bake", "system Cook"]
    assert [(each.label, each.event["error"]) for each in found["system Cook"]] == [
        ("salt, <*> spoons", {"type": "Cook", "message": 'salt, "two" spoons'}),
        ("", {"type": "Cook", "message": ""}),
    ]


def test_a_folder_without_systems_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(SkippedError, match=r"no \.csv file"):
        systems(tmp_path)


@pytest.mark.parametrize(
    ("found", "stable", "broken"),
    [
        (Score(0.98, 0.96, 0), True, False),
        (Score(0.979, 0.99, 0), True, True),
        (Score(0.99, 0.959, 0), True, True),
        (Score(0.99, 0.99, 1), True, True),
        (Score(0.99, 0.99, 0), False, True),
    ],
)
def test_a_score_is_over_its_bounds_when_any_of_them_is(found: Score, stable: bool, broken: bool) -> None:
    assert patterns.Scored("any", found, None, stable, 0.98, 0.96).broken == broken


def test_a_speed_must_reach_its_bound_and_a_ceiling_must_not_be_passed() -> None:
    assert [Speed("", value, 6, ceiling=False).broken for value in (5, 6, 7)] == [True, False, False]
    assert [Speed("", value, 6, ceiling=True).broken for value in (5, 6, 7)] == [False, False, True]


@pytest.mark.slow
def test_events_are_grouped_by_errcli_in_their_own_order(tmp_path: Path) -> None:
    assert data.ERRCLI.exists()
    kinds = ["quota", "disk", "quota", "disk", "disk"]
    events = [
        {
            "id": str(number),
            "userId": "u",
            "timestamp": "2026-03-01T00:00:00Z",
            "error": {"type": kind, "message": "no"},
        }
        for number, kind in enumerate(kinds, start=1)
    ]
    found = grouped([Labelled(kind, event) for kind, event in zip(kinds, events, strict=True)], tmp_path)
    assert score(kinds, found.kept) == (1.0, 1.0, 0)
    assert found.on_demand == found.kept


def test_the_events_of_a_corpus_are_numbered_from_1() -> None:
    (smallest, *_) = corpora(seed=1)
    assert [each.event["id"] for each in smallest.labelled()] == [str(number) for number in range(1, 301)]


def test_digits_are_exchanged_alike_in_a_message_and_in_the_fields_of_its_event() -> None:
    event = {"userId": "u-12", "error": {"message": "order 120 of u-12"}, "context": {"inputData": {"order": 120}}}
    assert patterns_data.exchanged(event, str.maketrans("12", "97")) == {
        "userId": "u-97",
        "error": {"message": "order 970 of u-97"},
        "context": {"inputData": {"order": 970}},
    }


def test_varied_events_are_the_same_for_the_same_seed_and_statuses_stay() -> None:
    events = list(patterns_data.varied(3_000, seed=1))
    assert events == list(patterns_data.varied(3_000, seed=1))
    messages = {event["error"]["message"] for event in events}
    statuses = {message for message in messages if "SQLSTATE" in message}
    assert {message.split("SQLSTATE ")[1][:5] for message in statuses} == {"23505", "40001"}
    assert 0.5 < len(messages) / len(events) < 0.85


def test_worst_messages_differ_in_letters_alone(tmp_path: Path) -> None:
    patterns_data._write_worst(tmp_path / "worst.parquet", 400, seed=1)
    rows = duckdb.execute(
        "SELECT message FROM read_parquet($file)", {"file": str(tmp_path / "worst.parquet")}
    ).fetchall()
    assert len({message for (message,) in rows}) == 400
    assert not any(letter.isdigit() for (message,) in rows for letter in message)


def test_drain_keeps_types_and_codes_apart_and_masks_numbers() -> None:
    pytest.importorskip("drain3", reason="installed by make bench-patterns")
    errors = [("a", None, "row 1 is bad"), ("a", None, "row 22 is bad"), ("a", "E", "row 1 is bad"), ("b", None, "row")]
    groups = patterns_drain.clusters(patterns_drain.Message(*error) for error in errors)
    assert [groups.index(group) for group in groups] == [0, 0, 2, 3]
