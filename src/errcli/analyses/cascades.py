"""cascades: which error leads to which?"""

from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Graph, Window, column, option
from errcli.statistics import benjamini_hochberg, fisher_greater


class Params(Window, frozen=True, kw_only=True):
    """When, and in how many sessions one has to follow the other."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    min_sessions: Annotated[int, option("Least number of sessions of a row.", ge=1)] = 3


class Row(msgspec.Struct, frozen=True):
    """One pattern that is directly followed by another one, in the window."""

    pattern: Annotated[str, column("What comes first.", rank=0)]
    leads_to: Annotated[str, column("What follows directly; repetitions of the first in between do not count.", rank=0)]
    pattern_hash: Annotated[str, column("The id of what comes first.", unit="hash", rank=7)]
    leads_to_hash: Annotated[str, column("The id of what follows.", unit="hash", rank=7)]
    sessions: Annotated[int, column("Sessions in which it does; 0 where only previous errors say so.", rank=0)]
    users: Annotated[int, column("Distinct users of these.", rank=3)]
    times: Annotated[int, column("How often it does.", rank=5)]
    probability: Annotated[
        float | None, column("Of all runs of the first, those that the other one follows.", unit="percent", rank=1)
    ]
    lift: Annotated[float | None, column("How many times as probable as behind any other pattern than itself.", rank=1)]
    q: Annotated[
        float | None,
        column("False discovery rate at which that is more than chance, of rows with enough sessions.", rank=2),
    ]
    gap_median: Annotated[float | None, column("Median time between the two.", unit="seconds", rank=2)]
    ending_blocked: Annotated[
        float | None, column("Of these sessions, the last event blocked.", unit="percent", rank=3)
    ]
    root_share: Annotated[
        float | None, column("Of all sessions with the first, those that it opens.", unit="percent", rank=4)
    ]
    runs: Annotated[int, column("How often the first occurs in sessions, repetitions aside.", rank=8)]
    arrivals: Annotated[int, column("How often the other one follows on whatever it is.", rank=8)]
    other_runs: Annotated[int, column("Runs of all patterns but the other one, which cannot follow itself.", rank=8)]
    reported: Annotated[
        int, column("Events of the second that name the code of the first among their previous errors.", rank=6)
    ]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in how sure it is, by Fisher's exact test, corrected for the number of rows with enough sessions."""
    tested = [
        None if row.q is None else fisher_greater(row.times, row.runs, row.arrivals, row.other_runs) for row in rows
    ]
    return [msgspec.structs.replace(row, q=q) for row, q in zip(rows, benjamini_hochberg(tested), strict=True)]


ANALYSIS = Analysis(
    name="cascades",
    summary="Which error leads to which within a session",
    example="errcli cascades --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
    complete=complete,
    graph=Graph("pattern_hash", "pattern", "leads_to_hash", "leads_to", "sessions", "probability", "root_share"),
)
