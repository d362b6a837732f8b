"""cascades-path: which whole chains of errors are the most frequent?"""

from typing import Annotated

import msgspec

from errcli.analyses.cascades import Params
from errcli.analysis import Analysis, column


class Row(msgspec.Struct, frozen=True):
    """One chain of patterns that sessions have in common, in the window."""

    path: Annotated[
        str, column("The patterns, in order; repetitions of one in a row do not count.", unit="chain", rank=0)
    ]
    sessions: Annotated[int, column("Sessions that went just so, from their first error to their last.", rank=0)]
    share: Annotated[float, column("Of all sessions with two patterns or more.", unit="percent", rank=2)]
    users: Annotated[int, column("Distinct users of these.", rank=1)]
    links: Annotated[int, column("How many patterns the chain has; 9 is more than 8.", rank=3)]
    took_median: Annotated[float, column("Median time from the first error to the last.", unit="seconds", rank=1)]
    ending_blocked: Annotated[float, column("Of these sessions, the last event blocked.", unit="percent", rank=1)]
    path_hashes: Annotated[str, column("The patterns' ids, at most eight.", rank=9)]


ANALYSIS = Analysis(
    name="cascades-path",
    summary="The most frequent whole chains of errors in sessions",
    example="errcli cascades --path",
    params=Params,
    row=Row,
    is_summary=True,
)
