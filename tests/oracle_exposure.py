"""What share of users who came somewhere ran into an error? Plain Python, from the words of docs/questions; exact."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from tests.oracle import Asked, Row

Place = tuple[str | None, str | None]

NO_RATES: Row = dict.fromkeys(("exposed", "hit", "rate", "rate_low", "rate_high", "rate_weight"))


class Everywhere(NamedTuple):
    """What all places tell: their user-days, the mean of their rates, and how many user-days that is worth."""

    exposed: int | None = None
    rate: Fraction | None = None
    weight: Fraction | None = None


def place_of(row: Row) -> Place:
    """Return page and action, where an empty one is none."""
    return row["page"] or None, row["action"] or None


def rates(asked: Asked, exposures: Sequence[Row]) -> tuple[dict[Place, Row], Row]:
    """Return the rates of each place of the exposures, and what is said of all places."""
    days = {row["date"] for row in exposures if is_whole(asked, row["date"])}
    exposed = Counter[Place]()
    for row in exposures:
        if row["date"] in days:
            exposed[place_of(row)] += row["users"]
    user_days = {
        (place_of(event), event["user_id"], day)
        for event in asked.events
        if (day := event["timestamp"].astimezone(UTC).date()) in days
    }
    hit = Counter(place for place, _, _ in user_days)
    everywhere = all_places([(hit[place], users) for place, users in exposed.items() if hit[place] <= users != 0])
    return (
        {place: _row(hit[place], users, everywhere) for place, users in exposed.items()},
        {
            "exposed_everywhere": everywhere.exposed,
            "rate_everywhere": None if everywhere.rate is None else float(100 * everywhere.rate),
        },
    )


def is_whole(asked: Asked, day: date) -> bool:
    """Say whether a UTC day begins and ends within the window."""
    begin = datetime.combine(day, time(), UTC)
    return (asked.since is None or asked.since <= begin) and begin + timedelta(days=1) <= asked.until


def all_places(places: Sequence[tuple[int, int]]) -> Everywhere:
    """Return what places with these counts of hits and users tell, after Kleinman (1973), with weights in two steps."""
    if not places:
        return Everywhere()
    first = moments([Fraction(users) for _, users in places], places)[1] or Fraction(0)
    correlation = min(Fraction(1), max(Fraction(0), first))
    mean, second = moments([users / (1 + (users - 1) * correlation) for _, users in places], places)
    weight = max(Fraction(0), 1 / second - 1) if second is not None and second > 0 else None
    return Everywhere(sum(users for _, users in places), mean, weight)


def moments(weights: Sequence[Fraction], places: Sequence[tuple[int, int]]) -> tuple[Fraction, Fraction | None]:
    """Return the weighted mean of rates, and the correlation that explains how much they differ."""
    total = sum(weights, Fraction(0))
    found = [Fraction(hit, users) for hit, users in places]
    mean = sum((weight * rate for weight, rate in zip(weights, found, strict=True)), Fraction(0)) / total
    # the variance of a rate is mean * (1 - mean) * (correlation + (1 - correlation) / users)
    spread = sum(weight * (rate - mean) ** 2 for weight, rate in zip(weights, found, strict=True))
    free = [weight * (1 - weight / total) for weight in weights]
    by_chance = sum(each / users for each, (_, users) in zip(free, places, strict=True))
    chance = mean * (1 - mean)
    if not chance or sum(free) == by_chance:
        return mean, None
    return mean, (spread / chance - by_chance) / (sum(free) - by_chance)


def _row(hit: int, users: int, everywhere: Everywhere) -> Row:
    row: dict[str, Any] = NO_RATES | {"exposed": users, "hit": hit}
    if users == 0 or hit > users:
        return row
    assert everywhere.rate is not None
    assert everywhere.exposed is not None
    weight = borrowed(everywhere, everywhere.exposed - users)
    successes = hit + (Fraction(1, 2) if weight is None else weight * everywhere.rate)
    failures = users - hit + (Fraction(1, 2) if weight is None else weight * (1 - everywhere.rate))
    low, high = interval(successes, failures)
    return row | {
        "rate": float(100 * successes / (successes + failures)),
        "rate_low": 100 * low,
        "rate_high": 100 * high,
        "rate_weight": None if weight is None else float(weight),
    }


def borrowed(everywhere: Everywhere, others: int) -> Fraction | None:
    """Return how many user-days of the mean rate go into a place's: at most the others', at least half a hit."""
    assert everywhere.rate is not None
    rarer = min(everywhere.rate, 1 - everywhere.rate)
    if rarer * others < Fraction(1, 2):
        return None
    return max(
        1 / (2 * rarer), Fraction(others) if everywhere.weight is None else min(Fraction(others), everywhere.weight)
    )


def interval(successes: Fraction, failures: Fraction) -> tuple[float, float]:
    """Return the middle 95% of a beta distribution."""
    low, high = pytest.importorskip("scipy.stats").beta.ppf([0.025, 0.975], float(successes), float(failures))
    return float(low), float(high)
