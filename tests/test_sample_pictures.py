"""Do the sessions and days of sample_data hold what their pictures in README and docs/questions show?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


@pytest.fixture
def sample(cli: Cli, sample_db: Path) -> Ask:
    """Ask a question about sample_data, as of its newest event; all rows."""
    return lambda *question: cli(*question, "--now", "latest", "-f", "json", "--db", sample_db).rows


def test_two_payments_were_tried_four_times_each_ten_minutes_apart(sample: Ask) -> None:
    chain = sample("cascade", "u-1042", "s-3319d11f")
    assert [(row["episode"], row["outcome"]) for row in chain] == [(1, "open")] * 4 + [(2, "open")] * 4
    assert chain[4]["gap_seconds"] == pytest.approx(605, abs=0.5)
    assert all(row["gap_seconds"] < 4 for row in (*chain[1:4], *chain[5:]))


def test_a_longer_gap_makes_one_episode_of_the_stuck_users_session_as_the_note_says(cli: Cli, sample_db: Path) -> None:
    asked = ["cascade", "u-1077", "s-64cc60c1", "--now", "latest", "-f", "json", "--db", str(sample_db)]
    run = cli(*asked)
    assert [row["episode"] for row in run.rows] == list(range(1, 17))
    assert [row["outcome"] for row in run.rows] == ["dead end"] * 8 + ["open"] * 8
    assert run.err == "errcli: note: 15 pauses part an error from its repetition; --gap 4m makes one episode of these\n"
    longer = cli(*asked, "--gap", "4m")
    assert ({(row["episode"], row["outcome"]) for row in longer.rows}, longer.err) == ({(1, "open")}, "")


def test_the_day_of_a_user_who_could_not_pay(sample: Ask) -> None:
    invite, payment, search = sample("user", "u-1042", "--timeline")
    assert [row["errors"] for row in (invite, payment, search)] == [1, 8, 1]
    assert (invite["page"], invite["outcome"]) == ("/projects/settings", "recovered")
    assert (payment["strip"], payment["blocked"]) == (f"{'0 ' * 47}8!", 2)
    assert (payment["outcome"], payment["session_id"]) == ("open", "s-3319d11f")
    assert search["strip"] == f"{'0 ' * 47}1"


def test_the_window_of_a_day_is_a_day_unless_another_one_is_asked_for(sample: Ask) -> None:
    assert len(sample("user", "u-1077", "--timeline")) == 1
    assert len(sample("user", "u-1077", "--timeline", "--since", "10d")) == 6
