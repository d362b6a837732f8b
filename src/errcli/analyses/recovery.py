"""recovery: how do users recover from what goes wrong, and does it help?"""

from typing import Annotated, Literal

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option
from errcli.statistics import wilson


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how many attempts make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    by: Annotated[
        Literal["method", "user-action"], option("One row per method, or per method and what the user did.")
    ] = "method"
    min_attempts: Annotated[int, option("Least number of attempts of a row.", ge=1)] = 3


class Row(msgspec.Struct, frozen=True):
    """One way of recovering from one pattern, in the window."""

    pattern: Annotated[str, column("What the messages have in common.", rank=0)]
    pattern_hash: Annotated[str, column("The pattern's id.", unit="hash", rank=6)]
    method: Annotated[str | None, column("How it was tried.", rank=0)]
    user_action: Annotated[str | None, column("What the user did, by user-action.", rank=0)]
    attempts: Annotated[int, column("Episodes in which it succeeded, or was the last attempt.", rank=0)]
    successes: Annotated[int, column("Those of which the log says that they recovered.", rank=4)]
    rate: Annotated[float, column("Successes of all attempts.", unit="percent", rank=0)]
    rate_low: Annotated[float, column("Lower end of its 95% interval.", unit="percent", rank=2)]
    rate_high: Annotated[float, column("Upper end of its 95% interval.", unit="percent", rank=2)]
    recovery_median: Annotated[
        float | None, column("Median time of the successes, from the first error.", unit="seconds", rank=1)
    ]
    dead_end: Annotated[float, column("Attempts that ended in a dead end.", unit="percent", rank=4)]
    unattempted: Annotated[int, column("Episodes of the pattern without any attempt.", rank=7)]
    dead_end_unattempted: Annotated[
        float | None, column("Of those, in a dead end: a correlation, no proof.", unit="percent", rank=5)
    ]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in the intervals, after Wilson."""
    return [_with_interval(row) for row in rows]


def _with_interval(row: Row) -> Row:
    low, high = wilson(row.successes, row.attempts)
    return msgspec.structs.replace(row, rate_low=100 * low, rate_high=100 * high)


ANALYSIS = Analysis(
    name="recovery",
    summary="How users recover from each pattern, and how often it works",
    example="errcli recovery --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
    complete=complete,
)
