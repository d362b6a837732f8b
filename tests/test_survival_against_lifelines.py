"""Are the shares and times of `stuck` those of lifelines' estimators for competing risks and survival?"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from errcli.store.connection import StoreOptions
from tests import cases, oracle, oracle_episodes
from tests.oracle import Asked
from tests.support import Event, event

lifelines = pytest.importorskip("lifelines")

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
CAUSES = {"recovered": 1, "moved on": 2, "dead end": 3, "quiet": 4, "open": 0}


def some_journeys(seed: int, count: int) -> list[Event]:
    """Return sessions of one error each that recovers, is followed by another one, stays the last, or is still open."""
    chance = random.Random(seed)  # noqa: S311
    events = []
    for number in range(count):
        # more than half of them near the end, so that many are censored
        began = NOW - timedelta(seconds=chance.choice([chance.uniform(1, 3600), chance.uniform(1, 86_400)]))
        session = {"session_id": f"s-{number}", "error_type": "workflow", "action": "go"}
        first = {"page": "/here", "error_code": "A", "error_message": "Payment declined by the bank"}
        end = chance.choice(["recovers", "goes on", "stays"])
        blocked = chance.choice([True, False])
        events.append(event(f"u-{number % 40}", began.isoformat(), user_blocked=blocked, **session, **first))
        later = (began + timedelta(seconds=chance.uniform(1, 119))).isoformat()
        if end == "recovers":
            events.append(event(f"u-{number % 40}", later, recovery_successful=True, **session, **first))
        elif end == "goes on":
            other = {"page": "/there", "error_code": "B", "error_message": "Could not save your draft"}
            events.append(event(f"u-{number % 40}", later, **session, **other))
        else:
            events.append(event(f"u-{number % 40}", later, **session, **first))
    events = [each | {"id": f"{number:032x}"} for number, each in enumerate(events)]
    return [each for each in events if datetime.fromisoformat(each["timestamp"]) <= NOW]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_are_aalens_and_johansens_and_times_are_kaplans_and_meiers(seed: int, tmp_path: Path) -> None:
    log = some_journeys(seed, 200)
    store = StoreOptions(tmp_path / "s.duckdb", threads=1)
    cases.load(store, log)
    rows = cases.rows_of(cases.ask(store, "stuck", NOW, {"since": "2d"}))
    (here,) = [row for row in rows if row["place"] == "/here go"]
    found = oracle_episodes.episodes(Asked(oracle.stored(log), NOW - timedelta(days=2), NOW))
    at = [each for each in found if each.place == ("/here", "go")]
    took = [each.took / timedelta(seconds=1) for each in at]
    assert len(set(took)) == len(took), "lifelines would shake equal times"
    assert {each.outcome for each in at} == set(CAUSES)
    causes = [CAUSES[each.outcome] for each in at]
    shares = {
        name: 100 * incidence(took, causes, CAUSES[name]) for name in ("recovered", "moved on", "dead end", "quiet")
    }
    assert {name: here[name.replace(" ", "_")] for name in shares} == pytest.approx(shares, abs=1e-9)
    assert here["open"] == pytest.approx(100 - sum(shares.values()), abs=1e-9)
    qth_survival_time = lifelines.utils.qth_survival_time
    curve = lifelines.KaplanMeierFitter().fit(took, [cause == 1 for cause in causes]).survival_function_
    for name, left in (("recovery_p50", 0.5), ("recovery_p90", 0.1)):
        assert (here[name] or float("inf")) == pytest.approx(qth_survival_time(left, curve), abs=1e-9)


def incidence(took: list[float], causes: list[int], cause: int) -> float:
    """Return how much ends by a cause in the end."""
    fitter: Any = lifelines.AalenJohansenFitter(calculate_variance=False)
    return float(fitter.fit(took, causes, event_of_interest=cause).cumulative_density_.iloc[-1, 0])
