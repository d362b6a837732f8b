"""Does `pattern` tell everything about one pattern, and `explain` why its events are together?"""

import csv
import io
import math
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import place_hash, shape_hash
from tests.processes import on_terminal
from tests.support import Cli, Event, event, write_log

KEYS = ["section", "name", "value", "errors", "users", "share", "elsewhere", "score", "timestamp"]
NAMES = ["Anna Baker", "Tom Smith", "Ada Ng", "Anna Baker"]
HASH = shape_hash(None, "permission", "DENIED", "User Anna Baker was not found")


def denied(number: int, name: str, **more: Any) -> Event:
    fields = {
        "error_type": "permission", "error_code": "DENIED", "page": "/team", "action": "invite", "severity": "high",
        "release": "2.0", "recovery_attempted": True, "recovery_successful": number % 2 == 0,
        "recovery_method": "retry", "error_message": f"User {name} was not found",
    }  # fmt: skip
    return event(f"u-{number % 3}", f"2026-03-01T1{number}:00:00Z", **fields | more)


def other(number: int) -> Event:
    return event(
        f"u-{number % 5}", f"2026-03-01T0{number % 10}:00:00Z", id=f"o-{number}", page="/home", action="open",
        severity=["low", "high"][number % 2], release=["1.9", "2.0"][number % 2], error_message="Timeout",
    )  # fmt: skip


EVENTS = [*(denied(number, name) for number, name in enumerate(NAMES)), *(other(number) for number in range(40))]


@pytest.fixture
def stored(cli: Cli) -> Cli:
    """Return errcli in a folder with a store of four denied invitations and forty timeouts."""
    assert cli("ingest", write_log(Path("events.jsonl"), EVENTS)).code == 0
    return cli


def told(cli: Cli, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of `pattern` by section."""
    run = cli("pattern", *arguments, "--now", "2026-03-01T14:00:00Z", "-f", "json")
    assert run.code == 0, run.err
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in run.rows:
        assert list(row) == KEYS
        sections.setdefault(row.pop("section"), []).append(row)
    return sections


def named(rows: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in rows]


def test_it_tells_what_it_is_whom_it_hits_where_and_when(stored: Cli) -> None:
    found = told(stored, HASH[:8])
    assert named(found["pattern"], "name", "value", "errors", "users", "share", "timestamp") == [
        ("pattern", "User <*> was not found", None, None, None, None),
        ("type", "permission DENIED", None, None, None, None),
        ("hash", HASH, None, None, None, None),
        ("state", "ongoing", None, None, None, None),
        ("errors", None, 4, 3, pytest.approx(400 / 44), None),
        ("blocked", None, 0, None, None, None),
        ("first seen", None, None, None, None, "2026-03-01T10:00:00Z"),
        ("last seen", None, None, None, None, "2026-03-01T13:00:00Z"),
    ]
    assert named(found["values"], "name", "value", "errors", "share") == [
        ("1", "Anna Baker", 2, 50.0), ("1", "Ada Ng", 1, 25.0), ("1", "Tom Smith", 1, 25.0),
    ]  # fmt: skip
    assert named(found["timeline"], "name", "timestamp", "errors", "users") == [
        ("hour", f"2026-03-01T1{hour}:00:00Z", 1, 1) for hour in range(4)
    ]
    assert named(found["users"], "value", "errors", "share") == [("u-0", 2, 50.0), ("u-1", 1, 25.0), ("u-2", 1, 25.0)]
    assert named(found["pages"], "value", "errors", "users") == [("/team", 4, 3)]
    assert named(found["codes"], "value", "errors") == [("DENIED", 4)]
    assert named(found["recovery"], "value", "errors", "share") == [("retry", 4, 50.0)]
    assert named(found["samples"], "name", "value", "timestamp") == [
        ("u-0", "User Anna Baker was not found", "2026-03-01T13:00:00Z"),
        ("u-2", "User Ada Ng was not found", "2026-03-01T12:00:00Z"),
    ]
    clock = "--now 2026-03-01T14:00:00Z"
    assert [row["value"] for row in found["next"]][:3] == [
        f"errcli user u-0 --timeline {clock}",
        f"errcli fix-first --explain {HASH[:8]} {clock}",
        f"errcli explain {HASH[:8]}",
    ]


def z_score(here: int, all_here: int, there: int, all_there: int) -> float:
    """Return the z-score of the log-odds ratio with a Dirichlet prior of ten events."""
    prior = 10 * (here + there) / (all_here + all_there)
    cells = (here + prior, all_here - here + 10 - prior, there + prior, all_there - there + 10 - prior)
    odds = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return odds / math.sqrt(sum(1 / cell for cell in cells))


def test_what_is_different_has_a_score_that_small_numbers_cannot_make_large(cli: Cli) -> None:
    many = [denied(0, "Tom Smith", id=f"d-{number}", release="2.0") for number in range(30)]
    assert cli("ingest", write_log(Path("events.jsonl"), [*many, *(other(number) for number in range(40))])).code == 0
    name = shape_hash(None, "permission", "DENIED", "User Tom Smith was not found")
    found = told(cli, name)["different"]
    assert named(found, "name", "value", "errors", "share", "elsewhere") == [
        ("action", "invite", 30, 100.0, 0.0), ("page", "/team", 30, 100.0, 0.0),
        ("release", "2.0", 30, 100.0, 50.0), ("severity", "high", 30, 100.0, 50.0),
    ]  # fmt: skip
    scores = {row["name"]: row["score"] for row in found}
    assert scores["page"] == pytest.approx(z_score(30, 30, 0, 40))
    assert scores["release"] == pytest.approx(z_score(30, 30, 20, 40))
    # four events that all have it are not enough where half of the others have it, too
    assert z_score(4, 4, 20, 40) < 3 < scores["release"]


def test_of_four_events_nothing_is_said_to_be_different(stored: Cli) -> None:
    assert named(told(stored, HASH)["different"], "name", "value") == [(None, "nothing stands out")]


def test_input_data_is_compared_too(cli: Cli) -> None:
    log = [
        *(denied(0, "Tom", id=f"d-{number}", input_data={"plan": "free", "n": number}) for number in range(30)),
        *(other(number) | {"input_data": {"plan": "team", "n": number}} for number in range(40)),
    ]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    found = told(cli, shape_hash(None, "permission", "DENIED", "User Tom was not found"))["different"]
    assert ("input_data.plan", "free") in named(found, "name", "value")
    assert "input_data.n" not in {row["name"] for row in found}


def test_decisions_and_returns_are_its_history(stored: Cli) -> None:
    stored("resolve", HASH, "--release", "2.1", "--note", "roles fixed", "--now", "2026-03-01T13:30:00Z")
    again = write_log(Path("more.jsonl"), [denied(4, "Ben Orr", release="2.1")])
    assert stored("ingest", again).code == 0
    assert stored("rollup").code == 0
    assert named(told(stored, HASH)["history"], "name", "value", "timestamp") == [
        ("resolved", "2.1, roles fixed", "2026-03-01T13:30:00Z"), ("back", "2.1", "2026-03-01T14:00:00Z"),
    ]  # fmt: skip


def test_a_place_is_told_of_as_well_and_has_no_values(stored: Cli) -> None:
    found = told(stored, place_hash("permission", "/team", "invite"))
    assert found["pattern"][0]["value"] == "permission:/team:invite"
    assert "values" not in found


def test_an_ignored_one_is_told_of(stored: Cli) -> None:
    stored("ignore", HASH, "--until", "forever", "--now", "2026-03-01T13:30:00Z")
    assert ("state", "ignored") in named(told(stored, HASH)["pattern"], "name", "value")


def test_of_pruned_events_the_counts_are_told(stored: Cli) -> None:
    assert stored("prune", "--keep", "0s", "--now", "2026-03-01T14:00:00Z").code == 0
    run = stored("pattern", HASH, "-f", "json")
    assert run.code == 0
    assert "pruned" in run.err
    assert [(row["name"], row["errors"]) for row in run.rows if row["errors"]] == [("errors", 4)]


@pytest.mark.parametrize("verb", ["pattern", "explain"])
def test_an_unknown_hash_is_one_line_and_code_2(stored: Cli, verb: str) -> None:
    run = stored(verb, "0" * 12)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("errcli: unknown-target: ")


def test_other_formats_hold_the_same_lines(stored: Cli) -> None:
    lines = list(csv.DictReader(io.StringIO(stored("pattern", HASH, "-f", "csv").out)))
    assert list(lines[0]) == KEYS
    assert lines[0]["value"] == "User <*> was not found"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_screen_shows_every_block_within_its_width(columns: int, cli: Cli) -> None:
    long = [denied(n, f"{name} of the department of very long words and many of them") for n, name in enumerate(NAMES)]
    assert cli("ingest", write_log(Path("events.jsonl"), [*long, *EVENTS[4:]])).code == 0
    name = cli("patterns", "--since", "2d", "--now", "2026-03-01T14:00:00Z", "-f", "json").rows[1]["pattern_hash"]
    run = on_terminal(columns, "pattern", name, "--now", "2026-03-01T14:00:00Z", cwd=Path.cwd(), NO_COLOR="1")
    assert run.code == 0
    lines = run.out.splitlines()
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings == [
        "pattern", "values", "timeline", "users", "pages", "actions", "codes", "severities", "recovery", "different",
        "samples", "next",
    ]  # fmt: skip
    if columns >= 80:
        assert all(len(line) <= columns for line in lines)


def test_hostile_text_stays_text(cli: Cli) -> None:
    bad = "\x1b[31mred\x07 [bold]x[/bold] \u202e"
    log = [denied(n, "Tom", error_message=bad, user_id=bad, page=bad, release=bad) for n in range(3)]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    name = cli("patterns", "--since", "2d", "--now", "2026-03-01T14:00:00Z", "-f", "json").rows[0]["pattern_hash"]
    for verb in (("pattern", name, "--now", "2026-03-01T14:00:00Z"), ("explain", name)):
        for format_name in ("table", "csv", "json", "markdown"):
            run = cli(*verb, "-f", format_name)
            assert run.code == 0
            assert not {"\x1b", "\x07", "\u202e"} & set(run.out), (verb, format_name)


def explained(cli: Cli, name: str) -> list[tuple[Any, ...]]:
    run = cli("explain", name, "-f", "json")
    assert run.code == 0, run.err
    assert list(run.rows[0]) == ["section", "name", "value", "errors"]
    return [tuple(row.values()) for row in run.rows if row["section"] != "hashes"]


def test_words_masks_and_places_are_explained(cli: Cli) -> None:
    log = [denied(n, name, error_message=f"User {name} has 4{n} seats") for n, name in enumerate(NAMES)]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    name = shape_hash(None, "permission", "DENIED", "User Anna Baker has <*> seats")
    assert explained(cli, name) == [
        ("rule", "words", "User <*> has <*> seats", 4),
        ("rule", "because", "its messages are equal in all words but those that stand for <*>", None),
        ("mask", "User Anna Baker has 43 seats", "User Anna Baker has <*> seats", 2),
        ("mask", "User Ada Ng has 42 seats", "User Ada Ng has <*> seats", 1),
        ("mask", "User Tom Smith has 41 seats", "User Tom Smith has <*> seats", 1),
        ("places", "1", "Anna Baker", 2),
        ("places", "1", "Ada Ng", 1),
        ("places", "1", "Tom Smith", 1),
    ]


def test_names_are_explained_by_who_gave_them(cli: Cli) -> None:
    assert cli("ingest", write_log(Path("events.jsonl"), [denied(0, "Tom", fingerprint="roles")])).code == 0
    assert explained(cli, shape_hash("fingerprint", None, None, "roles")) == [
        ("rule", "fingerprint", "roles", 1), ("rule", "because", "its events have this fingerprint", None),
    ]  # fmt: skip


def test_hashes_of_merged_patterns_are_listed(stored: Cli) -> None:
    rows = stored("explain", HASH, "-f", "json").rows
    assert [row["value"] for row in rows if row["section"] == "hashes"] == [
        "User Ada Ng was not found", "User Tom Smith was not found",
    ]  # fmt: skip
