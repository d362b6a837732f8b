"""struggling: which users hit many errors at once, is that unusual for them, and what are they stuck at?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option
from errcli.statistics import benjamini_hochberg, gamma_poisson_tail


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how many errors make a user struggle."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1h"
    min_errors: Annotated[int, option("Least number of errors of a user.", ge=1)] = 6
    baseline: Annotated[bool, option("Compare with the user's own errors before, and everybody's.")] = False


class Row(msgspec.Struct, frozen=True):
    """One user in the window."""

    user_id: Annotated[str, column("Who.", unit="id", rank=0)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked the user.", rank=1)]
    first_seen: Annotated[datetime, column("First error in the window.", rank=6)]
    last_seen: Annotated[datetime, column("Last error in the window.", rank=1)]
    why: Annotated[
        str | None,
        column("loop: a pattern three times in ten minutes; blocked; dead end; open: nobody can tell yet.", rank=0),
    ]
    stuck_since: Annotated[
        datetime | None, column("Start of the first dead end, or of an open episode that looks like one.", rank=2)
    ]
    last_page: Annotated[str | None, column("Page of the last error.", rank=1)]
    last_action: Annotated[str | None, column("Action of the last error.", rank=3)]
    last_message: Annotated[str | None, column("What the user was shown last.", rank=4)]
    expected: Annotated[float | None, column("Errors to be expected in such a window, with --baseline.", rank=0)]
    expected_shape: Annotated[
        float | None, column("Shape of the gamma distribution that the expectation is the mean of.", rank=9)
    ]
    q: Annotated[
        float | None,
        column("False discovery rate at which this is more than was to be expected, with --baseline.", rank=0),
    ]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in how unusual the errors are, where expectations are known; corrected for the number of users shown."""
    rates = benjamini_hochberg([_tail(row) for row in rows])
    return [msgspec.structs.replace(row, q=q) for row, q in zip(rows, rates, strict=True)]


def _tail(row: Row) -> float | None:
    if row.expected is None or row.expected_shape is None:
        return None
    return gamma_poisson_tail(row.errors, row.expected_shape, row.expected_shape / row.expected)


ANALYSIS = Analysis(
    name="struggling",
    summary="Users who hit many errors at once, and what stops them",
    example="errcli struggling --since 1h --min-errors 6",
    params=Params,
    row=Row,
    is_summary=True,
    complete=complete,
)
