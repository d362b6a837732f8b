"""What do the rules of `[ingest.drop]` drop, and how many stack traces of a pattern are kept?"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, event, write_log


def configured(text: str) -> None:
    Path("errcli.toml").write_text(text)


def dropped(cli: Cli) -> dict[str, int]:
    rows = cli("query", "SELECT rule, sum(count) AS n FROM dropped_counts GROUP BY rule", "-f", "json").rows
    return {row["rule"]: row["n"] for row in rows}


@pytest.mark.parametrize(
    ("condition", "users"),
    [
        ('{ field = "page", value = "/a" }', ["u-2", "u-3"]),
        ('{ field = "page", operator = "!=", value = "/a" }', ["u-1"]),
        ('{ field = "page", operator = "in", value = ["/a", "/b/c"] }', ["u-3"]),
        ('{ field = "page", operator = "contains", value = "/c" }', ["u-1", "u-3"]),
        ('{ field = "page", operator = "starts with", value = "/b" }', ["u-1", "u-3"]),
        ('{ field = "page", operator = "ends with", value = "a" }', ["u-2", "u-3"]),
        ('{ field = "page", operator = "matches", value = "^/[ab]$" }', ["u-2", "u-3"]),
        ('{ field = "page", operator = "is missing" }', ["u-1", "u-2"]),
        ('{ field = "user_blocked", value = true }', ["u-2", "u-3"]),
        ('[{ field = "page", value = "/a" }, { field = "user_blocked", value = false }]', ["u-1", "u-2", "u-3"]),
    ],
)
def test_a_rule_drops_what_its_conditions_say(cli: Cli, tmp_path: Path, condition: str, users: list[str]) -> None:
    configured(f"[ingest.drop]\nmine = {condition}\n")
    log = write_log(
        tmp_path / "a.jsonl",
        [event("u-1", page="/a", user_blocked=True), event("u-2", page="/b/c"), event("u-3")],
    )
    rehearsed = cli("ingest", log, "--dry-run", "-f", "json")
    done = cli("ingest", log, "-f", "json")
    assert (done.row["stored"], done.row["dropped"]) == (len(users), 3 - len(users))
    assert rehearsed.row | {"seconds": 0} == done.row | {"seconds": 0}
    rows = cli("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "json").rows
    assert [row["user_id"] for row in rows] == users
    if len(users) < 3:
        assert f"dropped: {3 - len(users)} mine" in done.err
        assert dropped(cli) == {"mine": 3 - len(users)}


def test_cancelled_is_dropped_unless_that_is_switched_off(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event(error_code="CANCELLED"), event("u-2")])
    assert cli("ingest", log, "-f", "json").row["dropped"] == 1
    configured("[ingest.drop]\ncancelled = false\n")
    again = cli("ingest", log, "--from-start", "-f", "json").row
    assert (again["stored"], again["duplicates"], again["dropped"]) == (1, 1, 0)


def test_the_first_rule_that_holds_counts(cli: Cli, tmp_path: Path) -> None:
    configured('[ingest.drop]\nb = { field = "page", value = "/a" }\na = { field = "user_id", value = "u-1" }\n')
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(page="/a"), event(page="/b")]))
    assert dropped(cli) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('[ingest.drop]\nx = { field = "pge", value = "/a" }', ["'pge'", "did you mean page?"]),
        ('[ingest.drop]\nx = { field = "page", operator = "like", value = "/a" }', ["'like'"]),
        ('[ingest.drop]\nx = { field = "page", operator = "matches", value = "(" }', ["'x'", "RE2"]),
        ('[ingest.drop]\nx = { field = "page", operator = "matches", value = "a(?=b)" }', ["'x'", "RE2"]),
        ('[ingest.drop]\nx = { field = "page", operator = "in", value = "a" }', ["'x'", "in wants a list"]),
        ('[ingest.drop]\nx = { field = "page", value = ["a"] }', ["'x'", "= wants one value"]),
        ("[ingest.drop]\nx = []", ["'x' has no condition"]),
        ('[ingest.fold]\nper = "0s"', ["'0s'", "at most 1d"]),
        ('[ingest.fold]\nper = "2d"', ["'2d'", "at most 1d"]),
        ("[ingest.fold]\nkeep = 0", [">= 1"]),
        ("[formats.shop]\n", ["[formats.shop] is empty"]),
        ('[formats.shop]\nuser_id = ""', ["[formats.shop] user_id is empty"]),
        ('[formats.shop]\nuser = "u"', ["'user'", "did you mean user_id?"]),
    ],
)
def test_a_mistake_is_one_line_before_anything_is_read(
    cli: Cli, tmp_path: Path, setting: str, words: list[str]
) -> None:
    configured(f"{setting}\n")
    log = write_log(tmp_path / "a.jsonl", [event()])
    for arguments in (["ingest", str(log)], ["config", "validate"]):
        run = cli(*arguments)
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
        for word in words:
            assert word in run.err
    assert not Path("errcli.duckdb").exists()


def test_a_format_of_ones_own_is_read_by_its_name(cli: Cli, tmp_path: Path) -> None:
    configured('[formats.shop]\nuser_id = "ctx.u"\nerror_code = "c"\ntimestamp = "t"\n')
    log = tmp_path / "a.jsonl"
    log.write_text(json.dumps({"ctx": {"u": "u-1"}, "c": "E", "t": 1772366400, "p": "/a"}) + "\n")
    assert cli("ingest", log, "--from", "shop", "--map", "page=p", "-f", "json").row["stored"] == 1
    row = cli("user", "u-1", "-f", "json").row
    assert (row["error_code"], row["page"], row["timestamp"]) == ("E", "/a", "2026-03-01T12:00:00Z")
    assert "formats.shop" in cli("config", "show").out


def test_a_format_of_ones_own_may_not_hide_another(cli: Cli, tmp_path: Path) -> None:
    configured('[formats.pino]\nuser_id = "u"\n')
    run = cli("ingest", write_log(tmp_path / "a.jsonl", [event()]), "--from", "pino")
    assert (run.code, "[formats.pino]" in run.err) == (2, True)


def traced(number: int, **fields: Any) -> dict[str, Any]:
    return event(id=f"e-{number}", technical=f"trace {number}", **fields)


def traces(cli: Cli) -> list[str]:
    sql = "SELECT technical FROM user_errors WHERE technical IS NOT NULL ORDER BY ALL"
    return [row["technical"] for row in cli("query", sql, "-f", "json").rows]


def test_the_first_events_of_a_pattern_keep_their_stack_trace(cli: Cli, tmp_path: Path) -> None:
    configured("[ingest]\nkeep_technical = 2\n")
    first = [traced(1, page="/a"), traced(2, page="/b"), event(id="none", page="/a")]
    then = [traced(3, page="/a"), traced(4, page="/a"), traced(5, page="/b"), traced(6, page="/b")]
    for name, events in (("1.jsonl", first), ("2.jsonl", then)):
        cli("ingest", write_log(tmp_path / name, events))
    assert traces(cli) == ["trace 1", "trace 2", "trace 3", "trace 5"]


def test_a_pattern_whose_traces_were_pruned_gets_new_ones(cli: Cli, tmp_path: Path) -> None:
    configured("[ingest]\nkeep_technical = 1\n")
    cli("ingest", write_log(tmp_path / "1.jsonl", [traced(1), traced(2, time="2026-03-05T12:00:00Z")]))
    assert traces(cli) == ["trace 1"]
    cli("prune", "--keep", "1d", "--now", "2026-03-03")
    cli("ingest", write_log(tmp_path / "2.jsonl", [traced(3, time="2026-03-05T12:00:00Z")]))
    assert traces(cli) == ["trace 3"]
