"""Is another form of a question asked by an option, with rows, limit, settings and mistakes of its own?"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from errcli import catalog
from errcli.cli.analyses import _asked
from errcli.errors import UsageError
from tests.oracle import place_hash, shape_hash
from tests.support import Cli, Event, Run, event, write_log

NOW = "2026-03-01T12:00:00Z"
CARD, DRAFT = "The provider declined the card", "Could not save your draft"
CARD_HASH = shape_hash(None, "timeout", "DECLINED", CARD)
DRAFT_HASH = shape_hash(None, "timeout", "DRAFT", DRAFT)


def declined(user: str, time: str, **more: Any) -> Event:
    fields = {"session_id": "s-1", "page": "/pay", "action": "go", "error_code": "DECLINED", "error_message": CARD}
    return event(user, f"2026-03-01T{time}Z", **fields | more)


def unsaved(user: str, time: str, **more: Any) -> Event:
    return declined(user, time, **{"error_code": "DRAFT", "error_message": DRAFT} | more)


KINDS: list[Event] = [
    {"severity": "low"}, {"severity": "high"}, {"severity": "critical"}, {"severity": "low", "user_blocked": True},
    {"severity": "high", "user_blocked": True}, {"severity": "critical", "user_blocked": True}, {},
]  # fmt: skip


@pytest.fixture
def stored(cli: Cli) -> Cli:
    """Return errcli beside a store: seven cards of seven kinds were declined, three drafts were lost behind them."""
    events = [declined(f"u-{number}", "10:00:00", **kind) for number, kind in enumerate(KINDS)]
    events += [unsaved(f"u-{number}", "10:05:00", severity="low") for number in range(3)]
    assert cli("ingest", write_log(Path("events.jsonl"), events)).code == 0
    return cli


def answered(run: Run) -> list[dict[str, Any]]:
    assert run.code == 0, run.err
    return run.rows


def refused(run: Run, code: str, *words: str) -> None:
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(rf"errcli: {code}: [^\n]+\n", run.err), run.err
    for word in words:
        assert word in run.err


def test_whole_chains_are_a_form_of_cascades(stored: Cli) -> None:
    asked = stored("cascades", "--path", "--now", NOW, "-f", "json")
    assert answered(asked) == [
        {
            "path": f"{CARD} → {DRAFT}",
            "sessions": 3,
            "share": 100.0,
            "users": 3,
            "links": 2,
            "took_median": 300.0,
            "ending_blocked": 0.0,
            "path_hashes": f"{CARD_HASH} {DRAFT_HASH}",
        }
    ]
    envelope = json.loads(asked.out)
    assert (envelope["analysis"], envelope["params"]) == (
        "cascades-path", {"since": "7d", "until": None, "min_sessions": 3},
    )  # fmt: skip


def test_without_the_option_cascades_answers_as_ever(stored: Cli) -> None:
    (row,) = answered(stored("cascades", "--now", NOW, "-f", "json"))
    assert (row["pattern"], row["leads_to"], row["sessions"], row["reported"]) == (CARD, DRAFT, 3, 0)


def test_a_form_takes_the_options_that_it_has_in_common_with_the_question(stored: Cli) -> None:
    assert answered(stored("cascades", "--path", "--min-sessions", "4", "--now", NOW, "-f", "json")) == []
    assert answered(stored("cascades", "--path", "--since", "1h", "--now", NOW, "-f", "json")) == []


@pytest.mark.parametrize("name", [CARD_HASH, CARD_HASH[:6], CARD_HASH[:9].upper()])
def test_a_pattern_is_explained_by_its_hash_or_six_digits_of_it(stored: Cli, name: str) -> None:
    explained = answered(stored("fix-first", "--explain", name, "--now", NOW, "-f", "json"))
    assert [(row["term"], row["count"], row["share"], row["value"]) for row in explained[:6]] == [
        ("users", 7, None, None),
        ("x not recovered, of episodes", 7, 100.0, None),
        ("x weight of an episode", None, None, pytest.approx(41 / 7)),
        ("= own harm", None, None, pytest.approx(41)),
        ("+ downstream credit", None, None, pytest.approx(9 / 7)),
        (
            "= harm, its rank and share",
            1,
            pytest.approx((41 + 9 / 7) / (41 + 9 / 7 + 3) * 100),
            pytest.approx(41 + 9 / 7),
        ),
    ]


def test_all_terms_are_shown_although_fix_first_shows_ten_rows(stored: Cli) -> None:
    explained = stored("fix-first", "--explain", CARD_HASH, "--now", NOW, "-f", "json")
    assert len(answered(explained)) == 6 + 7 + 1
    assert "shown" not in explained.err


def test_a_limit_that_is_given_keeps_terms_back(stored: Cli) -> None:
    explained = stored("fix-first", "--explain", CARD_HASH, "--limit", "3", "--now", NOW, "-f", "json")
    assert [row["place"] for row in answered(explained)] == [1, 2, 3]
    assert "errcli: note: 3 of 14 shown; --limit 0 shows all\n" in explained.err


@pytest.mark.parametrize("question", [["fix-first", "--explain"], ["verify"]], ids=" ".join)
def test_a_hash_that_is_of_no_pattern_is_code_2(stored: Cli, question: list[str]) -> None:
    refused(stored(*question, "abcdef123456", "--now", NOW), "unknown-target", "'abcdef123456'", "errcli patterns")
    place = place_hash("timeout", "/pay", "go")
    refused(stored(*question, place, "--now", NOW), "usage", place, "give the hash of a pattern")
    refused(stored(*question, CARD_HASH[:5], "--now", NOW), "usage", CARD_HASH[:5], "six digits")
    refused(stored(*question, "the card", "--now", NOW), "unknown-target", "'the card'")
    assert stored(*question).code == 2


def test_a_form_that_needs_a_pattern_is_not_asked_without_one(stored: Cli) -> None:
    refused(stored("fix-first", "--now", NOW, "--explain"), "usage", "--explain")
    refused(stored("cascades-path", "--now", NOW), "usage", "cascades-path")
    refused(stored("fix-first-explain", CARD_HASH), "usage", "fix-first-explain")


def test_two_forms_at_once_are_refused() -> None:
    forms = {"path": catalog.get("cascades-path"), "explain": catalog.get("fix-first-explain")}
    question = catalog.get("cascades")
    assert _asked(question, forms, {"path": False, "explain": None}) is question
    assert _asked(question, forms, {"path": True, "explain": None}) is forms["path"]
    assert _asked(question, forms, {"path": False, "explain": "3f2a9c"}) is forms["explain"]
    with pytest.raises(UsageError, match="one of them at a time"):
        _asked(question, forms, {"path": True, "explain": "3f2a9c"})


# --- [harm] ---


def harms(cli: Cli, *options: str) -> dict[str, float]:
    rows = answered(cli("fix-first", "--now", NOW, "-f", "json", *options))
    return {row["pattern"]: row["harm"] - row["downstream"] for row in rows}


def test_the_weights_of_the_config_count_until_an_option_says_otherwise(stored: Cli) -> None:
    assert harms(stored) == {CARD: pytest.approx(41), DRAFT: 3}
    Path("errcli.toml").write_text("[harm]\nlow = 100\n")
    assert harms(stored) == {CARD: pytest.approx(41 + 3 * 99), DRAFT: 300}
    assert harms(stored, "--low", "1") == {CARD: pytest.approx(41), DRAFT: 3}
    assert harms(stored, "--low", "0", "--blocked", "0") == {CARD: pytest.approx(26), DRAFT: 0}


def test_the_weights_of_the_config_count_in_the_overview_and_in_the_explanation(stored: Cli) -> None:
    def first() -> str:
        lines = answered(stored("overview", "--since", "7d", "--limit", "1", "--now", NOW, "-f", "json"))
        names: list[str] = [line["name"] for line in lines if line["question"].startswith("What should be fixed first")]
        return names[0]

    def own_harm() -> float:
        rows = answered(stored("fix-first", "--explain", DRAFT_HASH, "--now", NOW, "-f", "json"))
        return float(rows[3]["value"])

    assert (first(), own_harm()) == (CARD, 3)
    Path("errcli.toml").write_text(
        "[harm]\nlow = 100\nmedium = 0\nhigh = 0\ncritical = 0\nblocked = 0\ndownstream_cap = 0\n"
    )
    assert (first(), own_harm()) == (DRAFT, 300)


def test_a_weight_may_come_from_the_environment(stored: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERRCLI_HARM_LOW", "100")
    assert harms(stored)[DRAFT] == 300


@pytest.mark.parametrize(
    "name", ["low", "medium", "high", "critical", "blocked", "workflow_failed", "data_loss", "downstream_cap"]
)
def test_a_weight_below_zero_is_refused(stored: Cli, name: str) -> None:
    refused(stored("fix-first", f"--{name.replace('_', '-')}", "-0.5"), "usage", "-0.5")
    Path("errcli.toml").write_text(f"[harm]\n{name} = -0.5\n")
    refused(stored("fix-first"), "config", f"harm.{name}", ">= 0")
    Path("errcli.toml").write_text(f"[harm]\n{name} = 'much'\n")
    refused(stored("fix-first"), "config", f"harm.{name}")


WEIGHTS = (
    "errcli: note: weights: low 1, medium 2, high 4, critical 8; blocked +1.5x,"
    " workflow failed +1x, data lost +3x ([harm])\n"
)


@pytest.mark.parametrize("form", [[], ["--explain", CARD_HASH]], ids=" ".join)
@pytest.mark.parametrize("format_name", ["table", "json", "csv", "markdown"])
def test_the_weights_are_told_beside_the_answer(stored: Cli, form: list[str], format_name: str) -> None:
    run = stored("fix-first", *form, "--blocked", "1.5", "--now", NOW, "-f", format_name)
    assert (run.code, run.err.endswith(WEIGHTS)) == (0, True)
    assert "weights" not in run.out


def test_how_few_patterns_do_most_of_the_harm_is_told(stored: Cli) -> None:
    notes = stored("fix-first", "--now", NOW, "--limit", "1").err.splitlines()
    assert notes[1] == "errcli: note: the first pattern does 93.4% of the harm of all 2"


def test_of_nothing_no_weights_are_told(stored: Cli) -> None:
    run = stored("fix-first", "--since", "1h", "--now", NOW)
    assert (run.code, "weights" in run.err) == (0, False)


# --- verify ---


def verified(cli: Cli, *arguments: str) -> dict[str, Any]:
    (row,) = answered(cli("verify", *arguments, "-f", "json"))
    return row


def test_a_pattern_that_was_never_resolved_is_not_verified_and_that_is_said(stored: Cli) -> None:
    run = stored("verify", CARD_HASH[:6], "--now", NOW, "-f", "json")
    assert answered(run) == []
    assert "errcli: note: it was not resolved in the window: errcli resolve HASH, and ask again later\n" in run.err


def test_what_was_resolved_on_the_command_line_is_verified(stored: Cli) -> None:
    assert stored("resolve", CARD_HASH[:6], "--release", "2.1", "--now", "2026-03-01T11:00:00Z").code == 0
    run = stored("verify", CARD_HASH[:6], "--now", NOW, "-f", "json")
    (row,) = answered(run)
    assert (row["pattern"], row["resolved_at"], row["release"]) == (CARD, "2026-03-01T11:00:00Z", "2.1")
    assert (row["verdict"], row["episodes_before"], row["episodes_after"]) == ("gone", 7, 0)
    assert run.err == ""


def test_what_was_ignored_was_not_resolved(stored: Cli) -> None:
    assert stored("ignore", CARD_HASH[:6], "--until", "forever", "--now", "2026-03-01T11:00:00Z").code == 0
    assert answered(stored("verify", CARD_HASH[:6], "--now", NOW, "-f", "json")) == []


@pytest.mark.slow
def test_a_resolution_of_a_pattern_that_became_one_with_another_counts_for_both(cli: Cli) -> None:
    # a lower-case word is a value only where there are enough of them
    locked = [f"cannot lock the table {word}" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")]
    events = [
        event("u-1", f"2026-03-01T10:{n}0:00Z", error_message=text, session_id=f"s-{n}")
        for n, text in enumerate(locked[:5])
    ]
    cli("ingest", write_log(Path("events.jsonl"), events[:2]))
    older, younger = (shape_hash(None, "timeout", None, text) for text in locked[:2])
    assert cli("resolve", younger, "--now", "2026-03-01T10:15:00Z").code == 0
    later = [
        event("u-2", f"2026-03-01T11:{n}0:00Z", error_message=text, session_id="s-1")
        for n, text in enumerate(locked[1:6])
    ]
    cli("ingest", write_log(Path("later.jsonl"), [*events[2:], *later, event("u-3", NOW, error_message=locked[6])]))
    for name in (older, younger, shape_hash(None, "timeout", None, locked[6])):
        row = verified(cli, name, "--now", NOW)
        assert (row["pattern"], row["pattern_hash"]) == ("cannot lock the table <*>", older)
        assert (row["resolved_at"], row["episodes_before"], row["episodes_after"]) == ("2026-03-01T10:15:00Z", 2, 9)


# --- severity-audit ---


def test_what_is_not_as_declared_comes_before_what_has_more_episodes(cli: Cli) -> None:
    more = {"recovery_attempted": True, "recovery_successful": True}
    events = [declined(f"u-{number}", "10:00:00", severity="low") for number in range(12)]
    events += [
        unsaved(f"u-{number}", "10:00:00", severity="high", user_blocked=True, **more) for number in range(20, 30)
    ]
    cli("ingest", write_log(Path("events.jsonl"), events))
    asked = ["severity-audit", "--now", NOW, "-f", "json"]
    rows = answered(cli(*asked))
    assert [(row["pattern"], row["severity"], row["verdict"], row["episodes"]) for row in rows] == [
        (DRAFT, "high", "blocked go on", 10),
        (CARD, "low", "as declared", 12),
    ]
    assert answered(cli(*asked, "--limit", "1")) == rows[:1]
