"""What should `fix-first` answer? Plain Python with exact fractions, written from the words of docs/journeys.md."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.oracle import Asked, Row
from tests.oracle_episodes import Episode, ended, episodes, grouped, percent, runs_of

SEVERITIES = {"low": 1, "medium": 2, "high": 4, "critical": 8}


def fix_first(asked: Asked) -> list[Row]:
    """Return the rows of `fix-first` with its default weights, without the texts of patterns."""
    harmed = grouped(episodes(asked), lambda episode: episode.first["pattern_hash"])
    excesses = excess_of_following(asked)
    own = {pattern: harm(group) for pattern, group in harmed.items()}
    credit = {
        one: min(
            sum((own[other] * excess for (first, other), excess in excesses.items() if first == one), Fraction(0)),
            own[one] / 2,
        )
        for one in own
    }
    ranked = sorted(own, key=lambda pattern: (-(own[pattern] + credit[pattern]), pattern))
    total = sum(own.values()) + sum(credit.values())
    ranges = drawn_ranks(harmed, {one: credit[one] / own[one] if own[one] else Fraction(0) for one in own})
    rows = []
    for rank, pattern in enumerate(ranked, start=1):
        group, so_far = harmed[pattern], sum(own[each] + credit[each] for each in ranked[:rank])
        low, high = ranges[pattern]
        rows.append(
            {
                "rank": rank,
                "pattern_hash": pattern,
                "users": len({episode.user for episode in group}),
                "episodes": len(group),
                "not_recovered": 100.0 - percent(ended(group, "recovered"), group),
                "severity": sum(map(severity, group)) / len(group),
                "blocked": percent([e for e in group if any(x["user_blocked"] for x in e.events)], group),
                "workflow_failed": percent([e for e in group if any(x["workflow_failed"] for x in e.events)], group),
                "data_loss": percent([e for e in group if any(x["data_loss"] for x in e.events)], group),
                "weight": sum(map(weight, group)) / len(group),
                "downstream": float(credit[pattern]),
                "harm": float(own[pattern] + credit[pattern]),
                "share": float((own[pattern] + credit[pattern]) * 100 / total) if total else 0.0,
                "cumulative": float(so_far * 100 / total) if total else 0.0,
                "rank_low": min(low, rank),
                "rank_high": max(high, rank),
            }
        )
    return rows


def severity(episode: Episode) -> int:
    """Return the weight of the highest severity of an episode."""
    return max(SEVERITIES.get((event["severity"] or "").lower(), 2) for event in episode.events)


def weight(episode: Episode) -> int:
    """Return the weight of an episode."""
    return severity(episode) * (
        1
        + any(event["user_blocked"] is True for event in episode.events)
        + any(event["workflow_failed"] is True for event in episode.events)
        + 3 * any(event["data_loss"] is True for event in episode.events)
    )


def harm(group: Sequence[Episode], times: Mapping[str, int] | None = None) -> Fraction:
    """Return users times not recovered times weight, each user counted once or as often as is said."""
    count = {episode.user: 1 if times is None else times[episode.user] for episode in group}
    drawn = sum(count[episode.user] for episode in group)
    if not drawn:
        return Fraction(0)
    lost = sum(count[episode.user] for episode in group if episode.outcome != "recovered")
    heavy = sum(count[episode.user] * weight(episode) for episode in group)
    return sum(count.values()) * Fraction(lost, drawn) * Fraction(heavy, drawn)


def excess_of_following(asked: Asked) -> dict[tuple[str, str], Fraction]:
    """Return how much more often a pattern follows on another one than on what is neither of them, where it does."""
    found = list(runs_of(asked).values())
    runs = Counter(run[0]["pattern_hash"] for session in found for run in session)
    follows = Counter(
        (one[0]["pattern_hash"], other[0]["pattern_hash"]) for session in found for one, other in pairwise(session)
    )
    excesses = {}
    for (one, other), times in follows.items():
        else_runs = sum(runs.values()) - runs[one] - runs[other]
        else_times = sum(count for (_, then), count in follows.items() if then == other) - times
        excess = Fraction(times, runs[one]) - (Fraction(else_times, else_runs) if else_runs else 0)
        if excess > 0:
            excesses[one, other] = excess
    return excesses


def drawn_ranks(harmed: Mapping[str, Sequence[Episode]], credit: Mapping[str, Fraction]) -> dict[str, tuple[int, int]]:
    """Return between which ranks each pattern is in nine of ten draws of users, by the hash of group and draw."""
    users = {episode.user for group in harmed.values() for episode in group}
    ranks: dict[str, list[int]] = {pattern: [] for pattern in harmed}
    for draw in range(100):
        times = {user: poisson(f"{_md5(user)[:2]}{draw:02}") for user in users}
        order = sorted(harmed, key=lambda p: (-(harm(harmed[p], times) * (1 + credit[p])), p))
        for rank, pattern in enumerate(order, start=1):
            ranks[pattern].append(rank)
    return {
        pattern: (math.floor(_quantile(found, Fraction(1, 20))), math.ceil(_quantile(found, Fraction(19, 20))))
        for pattern, found in ranks.items()
    }


def poisson(key: str) -> int:
    """Return how often a group of users is drawn: the quantile of a Poisson distribution of mean 1 at a key's hash."""
    chance = int(_md5(key)[:8], 16) / 16**8
    below, times = math.exp(-1), 0
    while chance >= below and times < 6:
        times += 1
        below += math.exp(-1) / math.factorial(times)
    return times


def _quantile(values: Sequence[int], share: Fraction) -> Fraction:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - no secret
