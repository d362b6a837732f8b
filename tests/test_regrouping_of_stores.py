"""Does a store of an older version, or of older masks, find its patterns, and keep what was decided?"""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from errcli.store import regroup
from errcli.store.schema.migrate import migrations
from tests.oracle import place_hash, shape_hash
from tests.support import Cli, event, write_log

NAMES = ["Anna Baker", "Tom Smith", "Ada Ng"]
TEMPLATE = "User <*> was not found"


def rows(cli: Cli, sql: str) -> list[dict[str, Any]]:
    return cli("query", sql, "-f", "json").rows


def states(cli: Cli, *more: str) -> dict[str, tuple[int, str]]:
    found = cli("patterns", "--since", "9d", "--min-count", "1", "--now", "2026-03-05T00:00:00Z", "-f", "json", *more)
    assert found.code == 0, found.err
    return {row["pattern"]: (row["errors"], row["state"]) for row in found.rows}


@pytest.fixture
def first_version(cli: Cli) -> Cli:
    """Return errcli beside a store as the first version made it: three events, one resolved place, pruned counts."""
    with duckdb.connect("errcli.duckdb") as store:
        store.execute("SET TimeZone = 'UTC'")
        store.execute("CREATE TABLE schema_migrations (version INTEGER, name VARCHAR, applied_at TIMESTAMPTZ)")
        store.execute(migrations()[0].path.read_text("utf-8"))
        store.execute("INSERT INTO schema_migrations VALUES (1, '0001_initial', '2026-03-01T00:00:00Z')")
        for number, name in enumerate(NAMES):
            store.execute(
                "INSERT INTO user_errors BY NAME SELECT uuid() AS id, 'u-1' AS user_id, $time AS timestamp,"
                " 'permission' AS error_type, $message AS error_message, '/team' AS page, $hash AS pattern_hash,"
                " 1 AS occurrences, '2026-03-04T00:00:00Z' AS created_at",
                {
                    "time": f"2026-03-03T1{number}:00:00Z",
                    "message": f"User {name} was not found",
                    "hash": place_hash("permission", "/team", None),
                },
            )
        store.execute(
            "INSERT INTO resolutions VALUES (1, NULL, $hash, true, '2026-03-03T10:30:00Z', NULL, NULL)",
            {"hash": place_hash("permission", "/team", None)},
        )
        store.execute(
            "INSERT INTO pruned_stats VALUES ('2026-01-01', $hash, 'timeout', '/cart', 'pay', 'u-9', 7, 2, 0, 0,"
            " '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z')",
            {"hash": place_hash("timeout", "/cart", "pay")},
        )
        store.execute("INSERT INTO prunes VALUES ('2026-02-01T00:00:00Z', 0, '2026-03-01T00:00:00Z')")
        store.execute("INSERT INTO changed_days SELECT DISTINCT CAST(timestamp AS DATE) FROM user_errors")
    return cli


def test_a_store_of_the_first_version_is_brought_up_to_date_by_the_next_command_that_writes(first_version: Cli) -> None:
    refused = first_version("patterns")
    assert (refused.code, refused.err) == (
        2, "errcli: not-a-store: the store has an older schema, errcli.duckdb (errcli rollup upgrades it)\n",
    )  # fmt: skip
    assert first_version("rollup").code == 0
    assert states(first_version) == {TEMPLATE: (3, "new")}
    assert states(first_version, "--by", "place") == {"permission:/team:-": (3, "back")}
    kept = rows(first_version, "SELECT error_message_pattern AS p, occurrence_count AS n FROM error_patterns")
    assert sorted((row["p"], row["n"]) for row in kept) == [(TEMPLATE, 3), ("timeout:/cart:pay", 7)]
    assert [row["broken"] for row in first_version("db", "doctor", "-f", "json").rows][4:] == [0] * 6
    assert len(rows(first_version, "SELECT id FROM events WHERE resolved")) == 1


@pytest.mark.parametrize("part", [1, 2, 245_760])
def test_masks_of_another_version_give_new_shapes_and_leave_decisions_standing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(regroup, "_PART", part)
    log = [event("u-1", f"2026-03-03T1{n}:00:00Z", error_message=f"Order 4{n} has 2 errors") for n in range(3)]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    assert cli("rollup").code == 0
    older = shape_hash(None, "timeout", None, "Order NUMBER has NUMBER errors")
    with duckdb.connect("errcli.duckdb") as store:  # as if other masks had made it
        store.execute("UPDATE shapes SET shape = 'Order NUMBER has NUMBER errors', shape_hash = $hash", {"hash": older})
        store.execute(
            "UPDATE shape_patterns SET template = 'Order NUMBER has NUMBER errors', pattern_hash = $hash",
            {"hash": older},
        )
        store.execute("UPDATE error_patterns SET pattern_hash = $hash", {"hash": older})
        store.execute("UPDATE mask_set SET version = 0")
    assert states(cli) == {"Order NUMBER has NUMBER errors": (3, "new")}
    assert cli("resolve", older, "--now", "2026-03-04T00:00:00Z").code == 0
    assert states(cli) == {"Order <*> has <*> errors": (3, "resolved")}
    assert cli("rollup").code == 0
    assert states(cli) == {"Order <*> has <*> errors": (3, "resolved")}
    assert [row["pattern_hash"] for row in rows(cli, "SELECT DISTINCT pattern_hash FROM events")] == [older]
    newer = shape_hash(None, "timeout", None, "Order <*> has <*> errors")
    assert cli("reopen", newer, "-f", "json").row["pattern_hash"] == older
    assert [row["broken"] for row in cli("db", "doctor", "-f", "json").rows] == [0] * 10


@pytest.mark.slow
def test_what_other_passes_have_mined_is_mined_anew_though_no_shape_changes(cli: Cli) -> None:
    log = [
        event("u-1", f"2026-03-03T1{number}:00:00Z", error_message=f"User {name} was not found")
        for number, name in enumerate(NAMES)
    ]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    assert cli("rollup").code == 0
    with duckdb.connect("errcli.duckdb") as store:
        store.execute("UPDATE shape_patterns SET template = 'mined otherwise'")
    assert cli("rollup").code == 0
    assert set(states(cli)) == {"mined otherwise"}
    with duckdb.connect("errcli.duckdb") as store:
        store.execute("UPDATE mask_set SET version = 0")
    assert cli("rollup").code == 0
    assert set(states(cli)) == {TEMPLATE}
    assert [row["broken"] for row in cli("db", "doctor", "-f", "json").rows] == [0] * 10


def test_what_other_passes_have_mined_of_the_only_message_of_a_code_is_mined_anew(cli: Cli) -> None:
    log = [event("u-1", "2026-03-03T10:00:00Z", error_message="Disk full", error_code="DISK")]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    assert cli("rollup").code == 0
    with duckdb.connect("errcli.duckdb") as store:
        store.execute("UPDATE shape_patterns SET template = 'mined otherwise'")
        store.execute("UPDATE mask_set SET version = 0")
    assert cli("rollup").code == 0
    assert set(states(cli)) == {"Disk full"}


def test_shapes_of_pruned_events_follow_the_masks_too(cli: Cli) -> None:
    log = [event("u-1", "2026-03-03T10:00:00Z", error_message="Order 41 has 2 errors")]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    assert cli("prune", "--keep", "0s", "--now", "2026-03-04T00:00:00Z").code == 0
    with duckdb.connect("errcli.duckdb") as store:
        store.execute("UPDATE shapes SET shape = 'Order 41 has 2 errors', shape_hash = 'old'")
        store.execute("UPDATE mask_set SET version = 0")
    fresh = [event("u-2", "2026-03-05T10:00:00Z", error_message="Order 42 has 7 errors")]
    assert cli("ingest", write_log(Path("more.jsonl"), fresh)).code == 0
    assert cli("rollup").code == 0
    kept = rows(
        cli, "SELECT error_message_pattern AS p, occurrence_count AS n, affected_users AS u FROM error_patterns"
    )
    assert kept == [{"p": "Order <*> has <*> errors", "n": 2, "u": 2}]
    assert [row["broken"] for row in cli("db", "doctor", "-f", "json").rows] == [0] * 10


@pytest.mark.parametrize(
    ("options", "patterns"),
    [
        (["--sort", "errors"], ["often", "many users", "blocking"]),
        (["--sort", "users"], ["many users", "often", "blocking"]),
        (["--sort", "blocked"], ["blocking", "often", "many users"]),
        (["--sort", "last-seen"], ["blocking", "many users", "often"]),
        (["--sort", "first-seen"], ["blocking", "many users", "often"]),
        (["--page", "/b"], ["many users"]),
        (["--type", "quota"], ["blocking"]),
        (["--state", "back"], []),
        (["--min-count", "3"], ["often", "many users"]),
        (["--limit", "1"], ["often"]),
    ],
)
def test_patterns_are_sorted_and_chosen(cli: Cli, options: list[str], patterns: list[str]) -> None:
    log = [
        *(event("u-1", f"2026-03-01T10:0{n}:00Z", error_message="often", page="/a") for n in range(4)),
        *(event(f"u-{n}", f"2026-03-01T10:1{n}:00Z", error_message="many users", page="/b") for n in range(3)),
        *(
            event("u-1", f"2026-03-01T10:2{n}:00Z", error_message="blocking", error_type="quota", user_blocked=True)
            for n in range(2)
        ),
    ]
    assert cli("ingest", write_log(Path("events.jsonl"), log)).code == 0
    least = [] if "--min-count" in options else ["--min-count", "1"]
    run = cli("patterns", *options, *least, "--since", "1d", "--now", "latest", "-f", "json")
    assert run.code == 0
    assert [row["pattern"] for row in run.rows] == patterns
