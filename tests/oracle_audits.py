"""What should `verify`, `severity-audit` and `cascades --path` answer? From the headers of their SQL, with scipy."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from fractions import Fraction
from statistics import median

import pytest

from tests.oracle import Asked, Row
from tests.oracle_episodes import GAP, Episode, ended, episodes, grouped, percent, runs_of

scipy = pytest.importorskip("scipy.stats")

GRAVITY = ("low", "medium", "high", "critical")
MICROSECOND = timedelta(microseconds=1)


def verify(asked: Asked, pattern: str, gap: timedelta = GAP) -> list[Row]:
    """Return the row of `verify`, without the texts of patterns."""
    start = asked.since.timestamp() if asked.since else float("-inf")
    made = [
        each
        for each in asked.decisions
        if each.target == pattern and each.resolved and start < each.at.timestamp() and each.at <= asked.until
    ]
    if not made:
        return []
    resolved = made[-1].at
    everything = episodes(asked, gap)
    own = [episode for episode in everything if episode.first["pattern_hash"] == pattern]
    others = [episode for episode in everything if episode.first["pattern_hash"] != pattern]
    before, after = ([e for e in own if (e.first["timestamp"] > resolved) == is_after] for is_after in (False, True))
    began = min((episode.first["timestamp"] for episode in before), default=None)
    since_then = [e for e in others if began is not None and began <= e.first["timestamp"] <= resolved]
    afterwards = [e for e in others if e.first["timestamp"] > resolved]
    times = None if began is None else Fraction((resolved - began) // MICROSECOND, 1_000_000)
    times_after = Fraction((asked.until - resolved) // MICROSECOND, 1_000_000)
    counts = len(before[1:]), len(after)
    ratio = _ratio(counts, (times, times_after))
    low, high = _interval(counts, (times, times_after))
    others_ratio = _ratio((len(since_then), len(afterwards)), (times, times_after))
    new = newcomers(before, others, lambda episode: bool(episode.first["timestamp"] > resolved))
    return [
        {
            "pattern_hash": pattern,
            "resolved_at": resolved,
            "release": made[-1].release,
            "verdict": _verdict(low, high, after),
            "episodes_before": len(before),
            "episodes_after": len(after),
            "users_before": len({episode.user for episode in before}),
            "users_after": len({episode.user for episode in after}),
            "time_before": None if times is None else float(times),
            "time_after": float(times_after),
            "ratio": None if ratio is None else float(ratio),
            "ratio_low": low,
            "ratio_high": high,
            "others_ratio": None if others_ratio is None else float(others_ratio),
            "displaced": len(set().union(*new.values())),
            "displaced_to_hash": min(new, key=lambda other: (-len(new[other]), other), default=None),
        }
    ]


def _ratio(counts: tuple[int, int], times: tuple[Fraction | None, Fraction]) -> Fraction | None:
    """Return the second rate as a multiple of the first, None where there is none."""
    if not (times[0] and times[1] and counts[0]):
        return None
    return (counts[1] / times[1]) / (counts[0] / times[0])


def _interval(counts: tuple[int, int], times: tuple[Fraction | None, Fraction]) -> tuple[float | None, float | None]:
    """Return the exact interval of the ratio: that of a binomial share, its odds times those of the times."""
    if not (times[0] and times[1]):
        return None, None
    before, after = counts
    scale = float(times[0] / times[1])
    low = scale * _odds(0.025, after, before + 1) if after else 0.0
    return low, scale * _odds(0.975, after + 1, before) if before else None


def _odds(p: float, a: int, b: int) -> float:
    return float(scipy.beta.ppf(p, a, b) / scipy.beta.ppf(1 - p, b, a))


def _verdict(low: float | None, high: float | None, after: Sequence[Episode]) -> str:
    if low is not None and low > 1:
        return "more"
    if high is not None and high < 1:
        return "fewer" if after else "gone"
    return "unclear"


def newcomers(
    before: Sequence[Episode], others: Sequence[Episode], is_after: Callable[[Episode], bool]
) -> dict[str, set[str]]:
    """Return of each other pattern the users to whom it is new at a place where they had an episode before."""
    hit = {(episode.user, episode.place) for episode in before}
    met = grouped(others, lambda e: (e.user, e.place, e.first["pattern_hash"]))
    found: dict[str, set[str]] = {}
    for (user, place, pattern), group in met.items():
        if (user, place) in hit and all(map(is_after, group)):
            found.setdefault(pattern, set()).add(user)
    return found


def severity_audit(asked: Asked, least: int) -> list[Row]:
    """Return the rows of `severity-audit`, without the texts of patterns."""
    over = [e for e in episodes(asked) if e.first["session_id"] is not None and e.outcome != "open"]
    levels = grouped(over, gravest)
    rows = []
    for (pattern, severity), group in grouped(over, lambda e: (e.first["pattern_hash"], gravest(e))).items():
        if len(group) < least:
            continue
        elsewhere = [e for e in levels[severity] if e.first["pattern_hash"] != pattern]
        blocked = [e for e in group if any(event["user_blocked"] for event in e.events)]
        going_on = [e for e in blocked if not has_stopped(e)]
        stopped, stopped_elsewhere = (list(filter(has_stopped, found)) for found in (group, elsewhere))
        rows.append(
            {
                "pattern_hash": pattern,
                "severity": severity,
                "episodes": len(group),
                "users": len({episode.user for episode in group}),
                "blocked": percent(blocked, group),
                "recovered": percent(ended(group, "recovered"), group),
                "went_on": percent(ended(group, "moved on"), group),
                "stopped": percent(stopped, group),
                "stopped_elsewhere": percent(stopped_elsewhere, elsewhere) if elsewhere else None,
                "q": None,
                "blocked_going_on": percent(going_on, blocked) if blocked else None,
                "episodes_stopped": len(stopped),
                "episodes_elsewhere": len(elsewhere),
                "episodes_stopped_elsewhere": len(stopped_elsewhere),
                "episodes_blocked": len(blocked),
                "episodes_blocked_going_on": len(going_on),
            }
        )
    compared = [row for row in rows if row["episodes_elsewhere"]]
    for row, q in zip(compared, false_discoveries([_difference(row) for row in compared]), strict=True):
        row["q"] = q
    rows = [row | {"verdict": _judgement(row)} for row in rows]
    return sorted(
        rows,
        key=lambda r: (r["verdict"] == "as declared", -r["episodes"], r["pattern_hash"], r["severity"]),
    )


def gravest(episode: Episode) -> str:
    """Return the gravest severity with which an episode was declared; what is not known is medium."""
    declared = ((event["severity"] or "").lower() for event in episode.events)
    return max((each if each in GRAVITY else "medium" for each in declared), key=GRAVITY.index)


def has_stopped(episode: Episode) -> bool:
    """Say whether nothing else follows and the log says no recovery."""
    return episode.outcome in ("dead end", "quiet")


def _difference(row: Row) -> float:
    """Return the p-value of two equal shares."""
    table = [
        [row["episodes_stopped"], row["episodes"] - row["episodes_stopped"]],
        [row["episodes_stopped_elsewhere"], row["episodes_elsewhere"] - row["episodes_stopped_elsewhere"]],
    ]
    if 0 in (table[0][0] + table[1][0], table[0][1] + table[1][1]):
        return 1.0
    return float(scipy.chi2_contingency(table, correction=False).pvalue)


def false_discoveries(p_values: Sequence[float]) -> list[float]:
    """Return the false discovery rate of each of some p-values."""
    return [float(q) for q in scipy.false_discovery_control(p_values)] if p_values else []


def _judgement(row: Row) -> str:
    verdicts = []
    if row["q"] is not None and row["q"] < 0.05:
        if row["stopped"] > row["stopped_elsewhere"] and row["severity"] in ("low", "medium"):
            verdicts.append("worse")
        if row["stopped"] < row["stopped_elsewhere"] and row["severity"] in ("high", "critical"):
            verdicts.append("milder")
    if row["episodes_blocked"]:
        share = scipy.binomtest(row["episodes_blocked_going_on"], row["episodes_blocked"])
        if share.proportion_ci(0.95, method="wilson").low > 1 / 2:
            verdicts.append("blocked go on")
    return ", ".join(verdicts) or "as declared"


def cascades_path(asked: Asked, least: int) -> list[Row]:
    """Return the rows of `cascades --path`."""
    chains = {key: runs for key, runs in runs_of(asked).items() if len(runs) > 1}
    rows = []
    for (names, links), found in grouped(
        chains.items(), lambda item: (tuple(run[0]["pattern_hash"] for run in item[1][:8]), min(len(item[1]), 9))
    ).items():
        texts = [run[0]["template"] for run in found[0][1][:8]]
        took = [(runs[-1][-1]["timestamp"] - runs[0][0]["timestamp"]) / timedelta(seconds=1) for _, runs in found]
        rows.append(
            {
                "path": " → ".join(texts + ["…"] * (links > 8)),
                "sessions": len(found),
                "share": percent(found, list(chains)),
                "users": len({user for (user, _), _ in found}),
                "links": links,
                "took_median": median(took),
                "ending_blocked": percent([runs for _, runs in found if runs[-1][-1]["user_blocked"]], found),
                "path_hashes": " ".join(names),
            }
        )
    rows = [row for row in rows if row["sessions"] >= least]
    return sorted(rows, key=lambda row: (-row["sessions"], -row["links"], row["path"], row["path_hashes"]))
