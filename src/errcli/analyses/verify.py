"""verify: is a pattern gone since it was resolved, or do its users run into something else?"""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, Question, column, pattern
from errcli.statistics import rate_ratio


class Params(EpisodeParams, frozen=True, kw_only=True):
    """Which pattern, and when."""

    pattern: Annotated[str, pattern("A pattern's hash; 6 digits of it are enough.")]


class Row(msgspec.Struct, frozen=True):
    """The pattern before and after its last resolution in the window."""

    pattern: Annotated[str, column("What the messages have in common.", rank=0)]
    pattern_hash: Annotated[str, column("The pattern's id.", unit="hash", rank=1)]
    resolved_at: Annotated[datetime, column("When it was last resolved.", rank=0)]
    release: Annotated[str | None, column("The release that was to mend it.", rank=2)]
    verdict: Annotated[
        str, column("gone, fewer or more, where the interval of the ratio says so; else unclear.", rank=0)
    ]
    episodes_before: Annotated[int, column("Episodes from the first one in the window until it was resolved.", rank=0)]
    episodes_after: Annotated[int, column("Episodes that began afterwards.", rank=0)]
    users_before: Annotated[int, column("Distinct users of the former.", rank=1)]
    users_after: Annotated[int, column("Distinct users of the latter.", rank=1)]
    time_before: Annotated[
        float | None, column("From its first episode until it was resolved.", unit="seconds", rank=2)
    ]
    time_after: Annotated[float, column("Since then.", unit="seconds", rank=2)]
    ratio: Annotated[
        float | None,
        column(
            "Episodes per time afterwards, as a multiple of before; the first of all counts in no rate.",
            rank=0,
        ),
    ]
    ratio_low: Annotated[float | None, column("Lower end of its exact 95% interval.", rank=0)]
    ratio_high: Annotated[float | None, column("Upper end of it.", rank=0)]
    others_ratio: Annotated[float | None, column("The same multiple of the episodes of all other patterns.", rank=1)]
    displaced: Annotated[
        int, column("Users of before who now run into another pattern at the place, one that is new to them.", rank=0)
    ]
    displaced_to: Annotated[str | None, column("The pattern that most of these run into.", rank=1)]
    displaced_to_hash: Annotated[str | None, column("Its id.", unit="hash", rank=2)]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in the interval of the ratio, and what it says."""
    return [_with_interval(row) for row in rows]


def _with_interval(row: Row) -> Row:
    if not row.time_before or not row.time_after:
        return msgspec.structs.replace(row, verdict="unclear")
    counts = row.episodes_before - 1, row.episodes_after
    low, high = rate_ratio(counts, (row.time_before, row.time_after))
    if low > 1:
        verdict = "more"
    elif high is None or high >= 1:
        verdict = "unclear"
    else:
        verdict = "fewer" if row.episodes_after else "gone"
    return msgspec.structs.replace(row, ratio_low=low, ratio_high=high, verdict=verdict)


def notes(_: Question, rows: list[Any]) -> tuple[str, ...]:
    """Say what to do with a pattern that was not resolved."""
    return () if rows else ("it was not resolved in the window: errcli resolve HASH, and ask again later",)


ANALYSIS = Analysis(
    name="verify",
    summary="Whether a pattern is gone since it was resolved",
    example="errcli verify 3f2a9c",
    params=Params,
    row=Row,
    limit=0,
    is_summary=True,
    complete=complete,
    notes=notes,
)
