"""fix-first: which pattern does the most harm, so that it should be fixed first, and how sure is that?"""

from typing import Annotated

import msgspec

from errcli.analyses._harm import HarmParams, weights
from errcli.analysis import Analysis, Question, column

_MOST = 50


class Row(msgspec.Struct, frozen=True):
    """One pattern in the window. harm = users * not_recovered / 100 * weight + downstream."""

    rank: Annotated[int, column("Its place, the most harm first.", rank=0)]
    pattern: Annotated[str, column("What the messages have in common.", rank=0)]
    pattern_hash: Annotated[str, column("The pattern's id.", unit="hash", rank=1)]
    users: Annotated[int, column("Distinct users.", rank=0)]
    episodes: Annotated[int, column("Episodes of theirs.", rank=5)]
    not_recovered: Annotated[float, column("Episodes that did not recover.", unit="percent", rank=2)]
    severity: Annotated[float, column("Mean weight of severity of an episode.", rank=4)]
    blocked: Annotated[float, column("Episodes that blocked.", unit="percent", rank=4)]
    workflow_failed: Annotated[float, column("Episodes in which a workflow failed.", unit="percent", rank=5)]
    data_loss: Annotated[float, column("Episodes in which data was lost.", unit="percent", rank=5)]
    weight: Annotated[float, column("Mean weight of an episode, of all that.", rank=2)]
    downstream: Annotated[float, column("Credit for harm of the patterns that follow more often than else.", rank=3)]
    harm: Annotated[float, column("Users times not recovered times weight, plus downstream.", rank=0)]
    share: Annotated[float, column("Of all harm.", unit="percent", rank=1)]
    cumulative: Annotated[float, column("Of all harm, with the ranks before.", unit="percent", rank=2)]
    rank_low: Annotated[int, column("Its best rank in nine of ten draws of other users like these.", rank=0)]
    rank_high: Annotated[int, column("Its worst rank in these.", rank=0)]


def notes(asked: Question, rows: list[Row]) -> tuple[str, ...]:
    """Say how few patterns do most of the harm, and what an episode weighs."""
    if not rows or not rows[0].harm:
        return ()
    most = next(row for row in rows if row.cumulative >= _MOST or row is rows[-1])
    which = "the first pattern does" if most.rank == 1 else f"the first {most.rank:,} patterns do"
    return (f"{which} {most.cumulative:.1f}% of the harm of all {len(rows):,}", weights(asked.params))


ANALYSIS = Analysis(
    name="fix-first",
    summary="What to fix first: the harm that each pattern does to users",
    example="errcli fix-first --since 7d",
    params=HarmParams,
    row=Row,
    limit=10,
    is_summary=True,
    notes=notes,
)
