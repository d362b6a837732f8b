"""What does the report say in words: its figures, each question in one sentence, and what is not known?"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from errcli.analysis import Result
from errcli.report.gather import Answered

NOTHING = "Nothing in this window."

Row = dict[str, Any]


class Figure(NamedTuple):
    """A number to begin with, and what it counts."""

    number: str
    what: str


def figures(answered: list[Answered]) -> list[Figure]:
    """Return the size of it all: errors, users, patterns; none where the window holds no error."""
    results = _results(answered)
    parts, places = results["timeline"].named_rows, results["features"].named_rows
    if not parts or not places:
        return []
    errors, blocked = (sum(part[name] for part in parts) for name in ("errors", "blocked"))
    users, before = places[0]["users_everywhere"], places[0]["users_everywhere_before"]
    return [
        Figure(f"{errors:,}", "errors"),
        Figure(f"{blocked:,}", "of them blocked a user"),
        Figure(f"{users:,}", "users with an error" + ("" if before is None else f", {before:,} in the window before")),
        Figure(f"{results['patterns'].total:,}", "patterns"),
    ]


def in_short(answered: Answered) -> str:
    """Return the answer to a question in a sentence, of the first row of the analysis that answers it."""
    for answer in answered.answers:
        tell = _SENTENCES.get(answer.part.analysis)
        if tell is not None and answer.result.rows:
            return tell(answer.result.named_rows[0])
    return NOTHING


def _named(text: Any) -> str:
    return f"“{text}”"


def _place(row: Row) -> str:
    return f"{row['page'] or '-'} {row['action'] or '-'}"


_SENTENCES: dict[str, Callable[[Row], str]] = {
    "patterns": lambda row: (
        f"{_named(row['pattern'])} met most users: {row['users']:,}, "
        f"with {row['share']:.1f}% of all errors ({row['state']})."
    ),
    "features": lambda row: (
        f"{_place(row)} has most users with an error: {row['users']:,} of {row['users_everywhere']:,}."
    ),
    "stuck": lambda row: (
        f"Most at {row['place']}: {row['stuck']:,} of {row['users']:,} users got stuck; "
        f"{row['dead_end']:.1f}% of {row['episodes']:,} episodes ended in a dead end."
    ),
    "recovery": lambda row: (
        f"Most tried: {row['method'] or 'no named method'}, against {_named(row['pattern'])}: "
        f"{row['successes']:,} of {row['attempts']:,} attempts worked."
    ),
    "fix-first": lambda row: (
        f"{_named(row['pattern'])}: {row['share']:.1f}% of all harm, rank {row['rank_low']:,} to {row['rank_high']:,}."
    ),
}


def unknown(answered: list[Answered]) -> list[str]:
    """Return what a reader should not take from the report: what holds of any log, and what holds of this one."""
    return [*_ALWAYS, *_here(answered)]


_ALWAYS = (
    "Only errors are logged. Silence is not recovery: whoever went quiet may have succeeded, or given up.",
    "Nobody without an error is in the log, so counts of users are no rates: more errors may be more visitors.",
    "Only events of the window count: an episode that began before it is seen from its first event inside.",
    "What leads to what, and what helps, is a correlation and no proof of a cause.",
    "q is the share of false discoveries to be expected if a row and all surer ones are believed.",
)


def _here(answered: list[Answered]) -> Iterator[str]:
    results = _results(answered)
    still = sum(row["open"] > 0 for row in results["stuck"].named_rows)
    if still:
        settle = results["stuck"].params["settle"]
        yield (
            f"{still:,} of the {len(results['stuck'].rows):,} places shown have open episodes: their last event is "
            f"less than {settle} before the end of the window, and nobody can tell yet how they end."
        )
    cut = [f"{name} {len(each.rows):,} of {each.total:,}" for name, each in results.items() if each.truncated]
    if cut:
        yield f"Not all rows are shown: {', '.join(cut)}; pictures have the first ten of them."


def _results(answered: list[Answered]) -> dict[str, Result]:
    return {answer.part.analysis: answer.result for each in answered for answer in each.answers}
