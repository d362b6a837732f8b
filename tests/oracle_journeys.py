"""What should the analyses of journeys answer? Plain Python, written from the words of docs/questions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain, pairwise
from statistics import median
from typing import Any

from tests.oracle import Asked, Row
from tests.oracle_audits import false_discoveries, scipy
from tests.oracle_episodes import GAP, Episode, ended, episodes, grouped, in_order, percent, runs_of
from tests.oracle_exposure import NO_RATES, place_of, rates

OVER = ("recovered", "moved on", "dead end", "quiet")


def incidence(group: Sequence[Episode]) -> dict[str, Fraction]:
    """Return the cumulative incidence of each way to end, after Aalen and Johansen, in percent and exact."""
    shares = dict.fromkeys(OVER, Fraction(0))
    lasting = Fraction(1)
    for took in sorted({episode.took for episode in group}):
        at_risk = sum(episode.took >= took for episode in group)
        ending = [episode.outcome for episode in group if episode.took == took and episode.outcome != "open"]
        for outcome in ending:
            shares[outcome] += 100 * lasting / at_risk
        lasting *= 1 - Fraction(len(ending), at_risk)
    return shares


def recovery_quantile(group: Sequence[Episode], share: Fraction) -> float | None:
    """Return the seconds after which a share has recovered, after Kaplan and Meier; None where it never does."""
    not_recovered = Fraction(1)
    for took in sorted({episode.took for episode in group}):
        at_risk = sum(episode.took >= took for episode in group)
        recovered = sum(episode.took == took and episode.outcome == "recovered" for episode in group)
        not_recovered *= 1 - Fraction(recovered, at_risk)
        if not_recovered <= 1 - share:
            return took / timedelta(seconds=1)
    return None


def stuck(asked: Asked, by: str, least: int, gap: timedelta = GAP) -> list[Row]:
    """Return the rows of `stuck`, percents as fractions, without the text of a pattern."""
    key = {"place": lambda e: e.place, "pattern": lambda e: e.first["pattern_hash"]}[by]
    rows = [_stuck_row(name, by, group) for name, group in grouped(episodes(asked, gap), key).items()]
    return [row for row in rows if row["episodes"] >= least]


def _stuck_row(name: Any, by: str, group: Sequence[Episode]) -> Row:
    now = [episode for episode in group if episode.outcome == "open" and episode.is_bad]
    latest = {user: max(e.events[-1]["timestamp"] for e in now if e.user == user) for user in {e.user for e in now}}
    names = sorted(latest, key=lambda user: (-latest[user].timestamp(), user))
    shares = incidence(group)
    return {
        "page": name[0] if by == "place" else None,
        "action": name[1] if by == "place" else None,
        "pattern_hash": name if by == "pattern" else None,
        "episodes": len(group),
        "users": len({episode.user for episode in group}),
        "stuck": len({episode.user for episode in group if episode.outcome == "dead end"} | set(latest)),
        "recovered": shares["recovered"],
        "moved_on": shares["moved on"],
        "dead_end": shares["dead end"],
        "quiet": shares["quiet"],
        "open": 100 - sum(shares.values()),
        "recovery_p50": recovery_quantile(group, Fraction(1, 2)),
        "recovery_p90": recovery_quantile(group, Fraction(9, 10)),
        "stuck_now": len(latest),
        "stuck_users": ", ".join(names[:3]) or None,
    }


def deciding_attempt(episode: Episode) -> Row | None:
    """Return the first event of an episode that succeeded, or else the last in which recovery was tried, or None."""
    succeeded = [event for event in episode.events if event["recovery_successful"]]
    tried = [event for event in episode.events if event["recovery_attempted"]]
    return succeeded[0] if succeeded else tried[-1] if tried else None


def recovery(asked: Asked, by: str, least: int) -> list[Row]:
    """Return the rows of `recovery`, without the text of the pattern and the interval."""

    def way(episode: Episode) -> tuple[Any, ...]:
        attempt = deciding_attempt(episode)
        assert attempt is not None
        action = (attempt["recovery_user_action"] or None) if by == "user-action" else None
        return episode.first["pattern_hash"], attempt["recovery_method"] or None, action

    everything = episodes(asked)
    attempted = [episode for episode in everything if deciding_attempt(episode) is not None]
    rows = []
    for (pattern, method, action), group in grouped(attempted, way).items():
        successes = ended(group, "recovered")
        left = [e for e in everything if e.first["pattern_hash"] == pattern and deciding_attempt(e) is None]
        rows.append(
            {
                "pattern_hash": pattern,
                "method": method,
                "user_action": action,
                "attempts": len(group),
                "successes": len(successes),
                "rate": percent(successes, group),
                "recovery_median": median(e.took / timedelta(seconds=1) for e in successes) if successes else None,
                "dead_end": percent(ended(group, "dead end"), group),
                "unattempted": len(left),
                "dead_end_unattempted": percent(ended(left, "dead end"), left) if left else None,
            }
        )
    rows = [row for row in rows if row["attempts"] >= least]
    return sorted(rows, key=lambda row: (-row["attempts"], row["pattern_hash"], *_last(row, "method", "user_action")))


def messages(asked: Asked, least: int) -> list[Row]:
    """Return the rows of `messages`, without the interval; no text of the tests is known to be generic."""
    everything = episodes(asked)
    last = {
        (e.user, e.first["pattern_hash"]): e
        # of those that begin at the same time, the one whose message comes first
        for e in sorted(
            sorted(
                everything, key=lambda e: (not e.first["user_message"], e.first["user_message"] or ""), reverse=True
            ),
            key=lambda e: e.first["timestamp"],
        )
    }
    groups = grouped(everything, lambda e: e.first["user_message"] or None)
    patterns = {text: len({e.first["pattern_hash"] for e in group}) for text, group in groups.items()}
    kinds = {text: "none" if text is None else "generic" if patterns[text] >= 3 else "specific" for text in groups}
    specific = [episode for text, group in groups.items() if kinds[text] == "specific" for episode in group]
    rows = []
    for text, group in groups.items():
        again = [e for e in group if last[e.user, e.first["pattern_hash"]] is not e]
        recovered = percent(ended(group, "recovered"), group)
        rows.append(
            {
                "user_message": text,
                "kind": kinds[text],
                "times": len(group),
                "users": len({episode.user for episode in group}),
                "patterns": patterns[text],
                "recovered": recovered,
                "repeated": percent(again, group),
                "dead_end": percent(ended(group, "dead end"), group),
                "against_specific": recovered - percent(ended(specific, "recovered"), specific) if specific else None,
            }
        )
    rows = [row for row in rows if row["times"] >= least]
    return sorted(rows, key=lambda row: (-row["times"], *_last(row, "user_message")))


def _last(row: Row, *names: str) -> tuple[Any, ...]:
    """Return a key to sort by in which a null comes last."""
    return tuple((row[name] is None, row[name] or "") for name in names)


def struggling(asked: Asked, least: int, *, baseline: bool) -> list[Row]:
    """Return the rows of `struggling`, but for `q`."""
    assert asked.since is not None
    everything = episodes(asked)
    rows = []
    for user, found in grouped(in_order(asked.within()), lambda e: e["user_id"]).items():
        own = [episode for episode in everything if episode.user == user]
        stuck_at = [e.first["timestamp"] for e in own if e.outcome == "dead end" or (e.outcome == "open" and e.is_bad)]
        expected = expectation(asked, user) if baseline else None
        signs = {
            "loop": any(map(has_loop, grouped(found, lambda e: e["pattern_hash"]).values())),
            "blocked": any(event["user_blocked"] for event in found),
            "dead end": bool(ended(own, "dead end")),
            "open": bool(ended(own, "open")),
        }
        rows.append(
            {
                "user_id": user,
                "errors": sum(event["occurrences"] for event in found),
                "why": ", ".join(name for name, is_so in signs.items() if is_so) or None,
                "stuck_since": min(stuck_at, default=None),
                "last_page": found[-1]["page"],
                "last_action": found[-1]["action"],
                "last_message": found[-1]["user_message"],
                "expected": None if expected is None else float(expected[0] / expected[1]),
                "expected_shape": None if expected is None else float(expected[0]),
            }
        )
    rows = [row for row in rows if row["errors"] >= least]
    return sorted(rows, key=lambda row: (-row["errors"], row["user_id"]))


def has_loop(events: Sequence[Row]) -> bool:
    """Say whether three events of a pattern lie within ten minutes."""
    return any(
        third["timestamp"] - first["timestamp"] <= timedelta(minutes=10)
        for first, third in zip(events, events[2:], strict=False)
    )


def expectation(asked: Asked, user: str) -> tuple[Fraction, Fraction] | None:
    """Return shape and rate of the gamma distribution of a user's errors; None where there is too little history."""
    assert asked.since is not None
    seen = [event for event in asked.events if event["timestamp"] <= asked.until]
    windows = Fraction(
        (asked.since - min(event["timestamp"] for event in seen)) // timedelta(microseconds=1),
        (asked.until - asked.since) // timedelta(microseconds=1),
    )
    if windows < 1:
        return None
    users = sorted({event["user_id"] for event in seen})
    before = {
        name: sum(e["occurrences"] for e in seen if e["user_id"] == name and e["timestamp"] <= asked.since)
        for name in users
    }
    means = [before[name] / windows for name in users]
    mean = sum(means) / len(means)
    if not mean:
        return None
    variance = sum((each - mean) ** 2 for each in means) / len(means) - mean / windows
    variance = max(variance, mean * mean / 10000)
    return mean * mean / variance + before[user], mean / variance + windows


def features(asked: Asked, least: int, exposures: Sequence[Row] = ()) -> list[Row]:
    """Return the rows of `features`, but for `q`."""
    assert asked.since is not None
    before = asked._replace(since=asked.since - (asked.until - asked.since), until=asked.since)
    assert before.since is not None

    def users(events: Iterable[Row]) -> set[str]:
        return {event["user_id"] for event in events}

    is_known = min((event["timestamp"] for event in asked.events), default=asked.until) <= before.since
    began = grouped(episodes(asked), lambda episode: place_of(episode.first))
    earlier = grouped(before.within(), place_of)
    rated, everywhere_rated = rates(asked, exposures)
    everywhere, everywhere_before = len(users(asked.within())), len(users(before.within()))
    rows = []
    for (page, action), found in grouped(asked.within(), place_of).items():
        own, own_before = began.get((page, action), []), len(users(earlier.get((page, action), [])))
        rows.append(
            {
                "page": page,
                "action": action,
                "users": len(users(found)),
                "errors": sum(event["occurrences"] for event in found),
                "blocked": sum(event["occurrences"] for event in found if event["user_blocked"]),
                "recovered": percent(ended(own, "recovered"), own) if own else None,
                "users_before": own_before if is_known else None,
                "change": (
                    float(Fraction(len(users(found)) * everywhere_before, everywhere * own_before) * 100 - 100)
                    if own_before and is_known
                    else None
                ),
                "users_everywhere": everywhere,
                "users_everywhere_before": everywhere_before if is_known else None,
                **rated.get((page, action), NO_RATES),
                **everywhere_rated,
            }
        )
    rows = [row for row in rows if row["users"] >= least]
    return sorted(rows, key=lambda row: (-row["users"], -row["errors"], *_last(row, "page", "action")))


def cascades(asked: Asked, least: int) -> list[Row]:
    """Return the rows of `cascades`, without the texts of patterns."""
    sessions = runs_of(asked)
    pattern = [[run[0]["pattern_hash"] for run in runs] for runs in sessions.values()]
    runs = Counter(chain.from_iterable(pattern))
    follows = grouped(
        (
            (one[0]["pattern_hash"], other[0]["pattern_hash"], key, other[0]["timestamp"] - one[-1]["timestamp"])
            for key, found in sessions.items()
            for one, other in pairwise(found)
        ),
        lambda each: each[:2],
    )
    arrivals = Counter({other: 0 for _, other in follows})
    for (_, other), found in follows.items():
        arrivals[other] += len(found)
    reports = reported(asked)
    rows = []
    for one, other in {**follows, **reports}:
        found = follows.get((one, other), [])
        where = {key for _, _, key, _ in found}
        with_first = [names for names in pattern if one in names]
        other_runs = sum(runs.values()) - runs[other]
        usual = Fraction(arrivals[other], other_runs) if arrivals[other] else None
        blocked = [key for key in where if sessions[key][-1][-1]["user_blocked"]]
        rows.append(
            {
                "pattern_hash": one,
                "leads_to_hash": other,
                "sessions": len(where),
                "users": len({user for user, _ in where}),
                "times": len(found),
                "probability": len(found) * 100 / runs[one] if runs[one] else None,
                "lift": float(Fraction(len(found), runs[one]) / usual) if runs[one] and usual else None,
                "q": None,
                "gap_median": median(gap / timedelta(seconds=1) for *_, gap in found) if found else None,
                "ending_blocked": percent(blocked, list(where)) if found else None,
                "root_share": percent([n for n in with_first if n[0] == one], with_first) if with_first else None,
                "runs": runs[one],
                "arrivals": arrivals[other],
                "other_runs": other_runs,
                "reported": reports[one, other],
            }
        )
    rows = [row for row in rows if row["sessions"] >= least or row["reported"] >= least]
    tested = [row for row in rows if row["sessions"] >= least]
    for row, q in zip(tested, false_discoveries([_more_than_chance(row) for row in tested]), strict=True):
        row["q"] = q
    return sorted(
        rows,
        key=lambda r: (-r["sessions"], -r["times"], -r["reported"], r["pattern_hash"], r["leads_to_hash"]),
    )


def reported(asked: Asked) -> Counter[tuple[str, str]]:
    """Return how many events name a pattern's code among their previous errors, by that pattern and their own."""
    errors: dict[str, Counter[str]] = {}
    for event in asked.within(lambda e: e["error_code"] is not None):
        errors.setdefault(event["error_code"], Counter())[event["pattern_hash"]] += event["occurrences"]
    meant = {code: min(counts, key=lambda name: (-counts[name], name)) for code, counts in errors.items()}
    return Counter(
        (pattern, event["pattern_hash"])
        for event in asked.within()
        for pattern in {meant[code] for code in event["previous_errors"] or () if code in meant}
        if pattern != event["pattern_hash"]
    )


def _more_than_chance(row: Row) -> float:
    """Return how likely a pair is to occur so often by chance."""
    times, runs, arrivals = row["times"], row["runs"], row["arrivals"]
    table = [[times, runs - times], [arrivals - times, row["other_runs"] - runs - arrivals + times]]
    return float(scipy.fisher_exact(table, alternative="greater").pvalue)


def cascade(asked: Asked, user: str, session: str, gap: timedelta) -> list[Row]:
    """Return for each event of a session the number of its episode and how that ended."""
    found = [each for each in episodes(asked, gap) if (each.user, each.first["session_id"]) == (user, session)]
    numbered = enumerate(sorted(found, key=lambda each: _time_of(each.first)), 1)
    ended_as = {event["id"]: (number, each.outcome) for number, each in numbered for event in each.events}
    events = in_order(event for each in found for event in each.events)
    return [
        {"id": event["id"], "step": step, "episode": ended_as[event["id"]][0], "outcome": ended_as[event["id"]][1]}
        for step, event in enumerate(events, 1)
    ]


def user_timeline(asked: Asked, user: str, gap: timedelta) -> list[Row]:
    """Return for each pattern of a user its errors in each of 48 parts of the window, and its last one."""
    assert asked.since is not None
    endings = {event["id"]: each.outcome for each in episodes(asked, gap) for event in each.events}
    rows = []
    for pattern, events in grouped(
        in_order(asked.within(lambda e: e["user_id"] == user)), lambda e: e["pattern_hash"]
    ).items():
        parts = [[0, False] for _ in range(48)]
        for event in events:
            # the window is open at its start: its first microsecond is the first of the first part
            passed = event["timestamp"] - asked.since - timedelta(microseconds=1)
            part = parts[passed * 48 // (asked.until - asked.since)]
            part[0] += event["occurrences"]
            part[1] = part[1] or event["user_blocked"] is True
        last = events[-1]
        rows.append(
            {
                "pattern_hash": pattern,
                "errors": sum(event["occurrences"] for event in events),
                "blocked": sum(event["occurrences"] for event in events if event["user_blocked"]),
                "strip": " ".join(f"{errors}{'!' if blocked else ''}" for errors, blocked in parts),
                "first_seen": events[0]["timestamp"],
                "last_seen": last["timestamp"],
                "page": last["page"],
                "outcome": endings[last["id"]],
                "session_id": last["session_id"],
            }
        )
    return sorted(rows, key=lambda row: (row["first_seen"], row["pattern_hash"]))


def _time_of(event: Row) -> tuple[datetime, str]:
    return event["timestamp"], event["id"]
