"""Does `check` keep quiet when all is well, and tell each finding, with exit code 10, when it is not?"""

import json
import sys
from pathlib import Path

import pytest

from tests.support import Cli, event, write_log

NOW = ("--now", "2026-03-01T12:00:00Z")
SAVE = {"error_code": "SAVE", "error_message": "Could not save your draft", "action": "save"}
PAY = {"error_code": "PAY", "error_message": "Payment declined by the bank", "page": "/pay", "action": "pay"}


@pytest.fixture
def store(cli: Cli, tmp_path: Path) -> None:
    """Load an hour: two critical errors, a new pattern of six users, five of whom end there, and one who struggles."""
    old = event("u-0", "2026-02-01T00:00:00Z", id="f0", **SAVE)
    critical = [event("u-0", f"2026-03-01T11:0{n}:00Z", id=f"a{n}", severity="critical", **SAVE) for n in (1, 2)]
    new = [
        event(f"u-{n}", "2026-03-01T11:10:00Z", id=f"b{n}", session_id="s", user_blocked=n > 1, **PAY)
        for n in range(1, 7)
    ]
    many = event("u-9", "2026-03-01T11:10:00Z", id="c0", occurrences=6, **SAVE)
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [old, *critical, *new, many])).code == 0


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (("--max-critical", "2"), ""),
        (("--max-critical", "1"), "max_critical: 2 critical errors, at most 1 allowed\n"),
        (("--max-critical", "0", "--since", "30m"), ""),
        (("--max-new-users", "6"), ""),
        (("--max-new-users", "5"), "max_new_users: 6 users hit by a new pattern: * Payment declined by the bank\n"),
        (("--max-struggling", "1"), ""),
        (("--max-struggling", "0"), "max_struggling: 1 user struggling: u-9\n"),
        (("--max-dead-end", "83.4"), ""),
        (("--max-dead-end", "83.3"), "max_dead_end: an estimated 83.3% of 6 episodes at /pay pay end in a dead end\n"),
        (("--no-return",), ""),
    ],
)
def test_a_rule_is_quiet_or_tells_one_line(cli: Cli, rule: tuple[str, ...], told: str) -> None:
    run = cli("check", *rule, *NOW)
    before, _, behind = told.partition("*")
    assert run.out.startswith(before)
    assert run.out.endswith(behind)
    assert (run.out == "", run.out.count("\n"), run.code) == (told == "", told.count("\n"), 10 if told else 0)


@pytest.mark.usefixtures("store")
def test_a_pattern_that_is_back_is_told(cli: Cli) -> None:
    pattern = cli("patterns", "--since", "1h", "-f", "json", *NOW).rows[-1]["pattern_hash"]
    assert cli("resolve", pattern, "--now", "2026-02-15T00:00:00Z").code == 0
    run = cli("check", "--no-return", "-f", "json", *NOW)
    assert run.code == 10
    assert [(row["rule"], row["subject"], row["limit"]) for row in run.rows] == [("no_return", pattern, 0)]


@pytest.mark.usefixtures("store")
def test_rules_come_from_the_config_and_options_win(cli: Cli) -> None:
    Path("errcli.toml").write_text("[check]\nmax_critical = 0\nmax_struggling = 0\nsince = '30m'\n", "utf-8")
    assert (cli("check", *NOW).code, cli("check", *NOW).out) == (0, "")
    rules = [row["rule"] for row in cli("check", "--since", "1h", "-f", "json", *NOW).rows]
    assert rules == ["max_critical", "max_struggling"]
    assert cli("check", "--since", "1h", "--max-critical", "2", "--max-struggling", "1", *NOW).code == 0


@pytest.mark.usefixtures("store")
def test_without_a_rule_there_is_nothing_to_check(cli: Cli) -> None:
    run = cli("check", *NOW)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("errcli: usage: no rule to check")


@pytest.mark.usefixtures("store")
def test_a_finding_is_told_once_in_a_while_and_anew_when_it_was_gone(cli: Cli) -> None:
    rule = ("check", "--max-critical", "0", "--once-per", "30m")
    at = {minute: cli(*rule, "--now", f"2026-03-01T11:{minute}:00Z").code for minute in ("05", "20", "34", "35", "40")}
    assert at == {"05": 10, "20": 0, "34": 0, "35": 10, "40": 0}
    assert cli(*rule, "--now", "2026-03-01T13:00:00Z").code == 0
    assert cli(*rule, "--now", "2026-03-01T11:50:00Z").code == 10


@pytest.mark.usefixtures("store")
def test_a_command_gets_the_findings_and_its_failure_changes_nothing(cli: Cli) -> None:
    save = f"{sys.executable} -c \"import sys; open('found.json', 'w').write(sys.stdin.read()); print('x')\""
    run = cli("check", "--max-critical", "0", "--notify-cmd", save, *NOW)
    assert (run.code, run.out) == (10, "max_critical: 2 critical errors, at most 0 allowed\n")
    (found,) = json.loads(Path("found.json").read_text("utf-8"))
    assert (found["rule"], found["value"], found["limit"]) == ("max_critical", 2, 0)
    Path("found.json").unlink()
    assert cli("check", "--max-critical", "2", "--notify-cmd", save, *NOW).code == 0
    assert not Path("found.json").exists()
    for command in ("no-such-command", f"{sys.executable} -c 'raise SystemExit(3)'"):
        failed = cli("check", "--max-critical", "0", "--notify-cmd", command, *NOW)
        assert (failed.code, failed.out) == (10, run.out)
        assert failed.err.startswith("errcli: note: --notify-cmd")


def test_hostile_text_in_a_finding_is_shown_escaped(cli: Cli, tmp_path: Path) -> None:
    hostile = event("\x1b[31mu\u202e", "2026-03-01T11:10:00Z", occurrences=6, **SAVE)
    assert cli("ingest", write_log(tmp_path / "log.jsonl", [hostile])).code == 0
    run = cli("check", "--max-struggling", "0", *NOW)
    assert run.out == "max_struggling: 1 user struggling: \\x1b[31mu\\u202e\n"
