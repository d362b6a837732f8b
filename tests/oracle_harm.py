"""What should `fix-first` answer, and its explanation? Exact fractions, written from the words of docs/questions."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from tests.oracle import Asked, Row
from tests.oracle_episodes import Episode, ended, episodes, grouped, percent, runs_of

SEVERITIES = ("low", "medium", "high", "critical")


class Weights(NamedTuple):
    """What makes an episode weigh more, by default."""

    low: Fraction = Fraction(1)
    medium: Fraction = Fraction(2)
    high: Fraction = Fraction(4)
    critical: Fraction = Fraction(8)
    blocked: Fraction = Fraction(1)
    workflow_failed: Fraction = Fraction(1)
    data_loss: Fraction = Fraction(3)
    downstream_cap: Fraction = Fraction(1, 2)


DEFAULT = Weights()


def fix_first(asked: Asked, weights: Weights = DEFAULT) -> list[Row]:
    """Return the rows of `fix-first`, without the texts of patterns."""
    harmed = grouped(episodes(asked), lambda episode: episode.first["pattern_hash"])
    excesses = excess_of_following(asked)
    own = {pattern: harm(group, weights) for pattern, group in harmed.items()}
    credit = {
        one: min(
            sum((own[other] * excess for (first, other), excess in excesses.items() if first == one), Fraction(0)),
            own[one] * weights.downstream_cap,
        )
        for one in own
    }
    ranked = sorted(own, key=lambda pattern: (-(own[pattern] + credit[pattern]), pattern))
    total = sum(own.values()) + sum(credit.values())
    ranges = drawn_ranks(harmed, {one: credit[one] / own[one] if own[one] else Fraction(0) for one in own}, weights)
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
                "severity": float(sum(severity(e, weights) for e in group) / len(group)),
                "blocked": percent([e for e in group if any(x["user_blocked"] for x in e.events)], group),
                "workflow_failed": percent([e for e in group if any(x["workflow_failed"] for x in e.events)], group),
                "data_loss": percent([e for e in group if any(x["data_loss"] for x in e.events)], group),
                "weight": float(sum(weight(e, weights) for e in group) / len(group)),
                "downstream": float(credit[pattern]),
                "harm": float(own[pattern] + credit[pattern]),
                "share": float((own[pattern] + credit[pattern]) * 100 / total) if total else 0.0,
                "cumulative": float(so_far * 100 / total) if total else 0.0,
                "rank_low": min(low, rank),
                "rank_high": max(high, rank),
            }
        )
    return rows


def fix_first_explain(asked: Asked, pattern: str, weights: Weights = DEFAULT) -> list[Row]:
    """Return the rows of `fix-first --explain`, without the texts of patterns."""
    harmed = grouped(episodes(asked), lambda episode: episode.first["pattern_hash"])
    sums = [row for row in fix_first(asked, weights) if row["pattern_hash"] == pattern]
    if not sums:
        return []
    (total,) = sums
    terms = (
        (total["users"], None, None),
        (total["episodes"], total["not_recovered"], None),
        (None, None, total["weight"]),
        (None, None, float(harm(harmed[pattern], weights))),
        (None, None, total["downstream"]),
        (total["rank"], total["share"], total["harm"]),
    )
    kinds = sorted(
        grouped(harmed[pattern], kind).items(),
        key=lambda each: (-len(each[1]) * weight(each[1][0], weights), [-trait for trait in each[0]]),
    )
    followers = sorted(
        (-excess * harm(harmed[other], weights), other, excess)
        for (one, other), excess in excess_of_following(asked).items()
        if one == pattern
    )
    return [
        *({"section": "harm", "count": c, "share": s, "value": v, "leads_to_hash": None} for c, s, v in terms),
        *(
            {
                "section": "kinds of episodes",
                "term": _told(traits),
                "count": len(group),
                "share": percent(group, harmed[pattern]),
                "value": float(weight(group[0], weights)),
                "leads_to_hash": None,
            }
            for traits, group in kinds
        ),
        *(
            {
                "section": "leads to",
                "count": None,
                "share": float(excess * 100),
                "value": float(-minus_credit),
                "leads_to_hash": other,
            }
            for minus_credit, other, excess in followers
        ),
    ]


def kind(episode: Episode) -> tuple[int, bool, bool, bool]:
    """Return the highest severity of an episode, as a number, and whether it blocked, failed a workflow, lost data."""
    return (
        max(
            SEVERITIES.index(declared) if (declared := (event["severity"] or "").lower()) in SEVERITIES else 1
            for event in episode.events
        ),
        any(event["user_blocked"] is True for event in episode.events),
        any(event["workflow_failed"] is True for event in episode.events),
        any(event["data_loss"] is True for event in episode.events),
    )


def _told(traits: tuple[int, bool, bool, bool]) -> str:
    """Return a kind of episode in words."""
    words = zip(("blocked", "workflow failed", "data lost"), traits[1:], strict=True)
    return ", ".join([SEVERITIES[traits[0]], *(word for word, is_so in words if is_so)])


def severity(episode: Episode, weights: Weights) -> Fraction:
    """Return the weight of the highest severity of an episode."""
    return weights[kind(episode)[0]]


def weight(episode: Episode, weights: Weights) -> Fraction:
    """Return the weight of an episode."""
    _, blocked, failed, lossy = kind(episode)
    more = weights.blocked * blocked + weights.workflow_failed * failed + weights.data_loss * lossy
    return severity(episode, weights) * (1 + more)


def harm(group: Sequence[Episode], weights: Weights, times: Mapping[str, int] | None = None) -> Fraction:
    """Return users times not recovered times weight, each user counted once or as often as is said."""
    count = {episode.user: 1 if times is None else times[episode.user] for episode in group}
    drawn = sum(count[episode.user] for episode in group)
    if not drawn:
        return Fraction(0)
    lost = sum(count[episode.user] for episode in group if episode.outcome != "recovered")
    heavy = sum(count[episode.user] * weight(episode, weights) for episode in group)
    return sum(count.values()) * Fraction(lost, drawn) * heavy / drawn


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


def drawn_ranks(
    harmed: Mapping[str, Sequence[Episode]], credit: Mapping[str, Fraction], weights: Weights
) -> dict[str, tuple[int, int]]:
    """Return between which ranks each pattern is in nine of ten draws of users, by the hash of group and draw."""
    users = {episode.user for group in harmed.values() for episode in group}
    ranks: dict[str, list[int]] = {pattern: [] for pattern in harmed}
    for draw in range(100):
        times = {user: poisson(f"{_md5(user)[:2]}{draw:02}") for user in users}
        order = sorted(harmed, key=lambda p: (-(harm(harmed[p], weights, times) * (1 + credit[p])), p))
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
