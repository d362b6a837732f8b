"""Are the rates of sample_data those of docs/questions/features.md, and does its exposure cover its log?"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import REPOSITORY, SAMPLE, Cli

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]

EXPOSURE = SAMPLE.with_name("exposure.csv")


@pytest.fixture
def rated(cli: Cli, sample_db: Path) -> Ask:
    """Return features with their rates, as of the newest event; all rows."""

    def ask(*window: str) -> Rows:
        asked = ("features", *window, "--now", "latest", "--limit", "0", "--exposure", EXPOSURE)
        run = cli(*asked, "-f", "json", "--db", sample_db)
        assert run.code == 0, run.err
        return run.rows

    return ask


def of(rows: Rows, page: str, action: str) -> dict[str, Any]:
    """Return the row of a place."""
    (row,) = [row for row in rows if (row["page"], row["action"]) == (page, action)]
    return row


def test_the_coupon_fails_more_often_than_a_place_of_few_users_with_a_higher_share(rated: Ask) -> None:
    rows = rated("--since", "7d")
    told = {
        ("/cart", "apply_coupon"): (828, 144, 17.1, 14.6, 19.7),
        ("/search", "query"): (2424, 47, 2.0, 1.5, 2.6),
        ("/checkout", "pay"): (460, 0, 0.2, 0.0, 0.8),
        ("/reports", "export_nightly"): (31, 6, 13.8, 5.9, 24.2),
    }
    for (page, action), figures in told.items():
        row = of(rows, page, action)
        rates = (round(row[name], 1) for name in ("rate", "rate_low", "rate_high"))
        assert (row["exposed"], row["hit"], *rates) == figures
    assert (round(100 * 6 / 31, 1), round(100 * 144 / 828, 1)) == (19.4, 17.4)
    assert {(round(row["rate_everywhere"], 1), round(row["rate_weight"] or 21)) for row in rows} == {(5.6, 21)}
    assert {row["exposed"] for row in rows if not row["page"] or not row["action"]} == {None}


def test_the_exposure_covers_every_user_of_the_log(rated: Ask) -> None:
    rows = rated("--since", "2026-10-16", "--until", "2026-11-21")
    assert {row["rate"] is None for row in rows if row["exposed"] is not None} == {False}
    with EXPOSURE.open(encoding="utf-8") as file:
        exposures = list(csv.DictReader(file))
    assert (len(exposures), len({row["date"] for row in exposures})) == (828, 36)
    assert len({(row["page"], row["action"]) for row in exposures}) == 23
    page = (REPOSITORY / "docs" / "questions" / "features.md").read_text("utf-8")
    told = re.findall(r"^    (2026-[\d-]+,/.*)$", page, re.MULTILINE)
    assert len(told) == 2
    assert set(told) <= set(EXPOSURE.read_text("utf-8").splitlines())
