"""severity-audit: do the severities that the application declares fit what became of its users?"""

from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option
from errcli.statistics import benjamini_hochberg, two_proportions, wilson

AS_DECLARED = "as declared"
_SURE = 0.05
_MILD, _GRAVE = ("low", "medium"), ("high", "critical")


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how many episodes make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "30d"
    min_episodes: Annotated[int, option("Least number of episodes of a row.", ge=1)] = 10


class Row(msgspec.Struct, frozen=True):
    """One pattern and one of the severities that it was declared with, in the window."""

    pattern: Annotated[str, column("What the messages have in common.", rank=0)]
    pattern_hash: Annotated[str, column("The pattern's id.", unit="hash", rank=5)]
    severity: Annotated[str, column("The gravest of the episode, as declared.", unit="severity", rank=0)]
    verdict: Annotated[
        str, column("worse or milder than others declared so; whether blocked users go on; or as declared.", rank=0)
    ]
    episodes: Annotated[int, column("Episodes in sessions that are over.", rank=3)]
    users: Annotated[int, column("Distinct users.", rank=5)]
    blocked: Annotated[float, column("Episodes that were declared to block.", unit="percent", rank=4)]
    recovered: Annotated[float, column("Of which the log says that they recovered.", unit="percent", rank=4)]
    went_on: Annotated[float, column("After which the session went on with another pattern.", unit="percent", rank=4)]
    stopped: Annotated[
        float, column("After which it did not, and of which the log says no recovery.", unit="percent", rank=0)
    ]
    stopped_elsewhere: Annotated[
        float | None, column("The same of all other patterns declared so.", unit="percent", rank=0)
    ]
    q: Annotated[float | None, column("False discovery rate at which the two differ, of all rows.", rank=2)]
    blocked_going_on: Annotated[
        float | None, column("Of episodes declared to block, those that did not stop.", unit="percent", rank=2)
    ]
    episodes_stopped: Annotated[int, column("Episodes that stopped.", rank=9)]
    episodes_elsewhere: Annotated[int, column("Episodes of all other patterns declared so.", rank=9)]
    episodes_stopped_elsewhere: Annotated[int, column("Those of them that stopped.", rank=9)]
    episodes_blocked: Annotated[int, column("Episodes that were declared to block.", rank=9)]
    episodes_blocked_going_on: Annotated[int, column("Those of them that did not stop.", rank=9)]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in how sure a difference is, by two proportions, corrected for the number of rows, and what that says.

    What is not as declared comes first.
    """
    judged = map(_judged, rows, benjamini_hochberg([_difference(row) for row in rows]))
    return sorted(judged, key=lambda row: row.verdict == AS_DECLARED)


def _difference(row: Row) -> float | None:
    """Return how likely a difference as great is by chance, None where there is nothing to compare with."""
    if not row.episodes_elsewhere:
        return None
    return two_proportions(
        (row.episodes_stopped, row.episodes_stopped_elsewhere), (row.episodes, row.episodes_elsewhere)
    )


def _judged(row: Row, q: float | None) -> Row:
    found = []
    if q is not None and row.stopped_elsewhere is not None and q < _SURE:
        if row.stopped > row.stopped_elsewhere and row.severity in _MILD:
            found.append("worse")
        if row.stopped < row.stopped_elsewhere and row.severity in _GRAVE:
            found.append("milder")
    if row.episodes_blocked and wilson(row.episodes_blocked_going_on, row.episodes_blocked)[0] > 1 / 2:
        found.append("blocked go on")
    return msgspec.structs.replace(row, q=q, verdict=", ".join(found) or AS_DECLARED)


ANALYSIS = Analysis(
    name="severity-audit",
    summary="Whether declared severities fit what became of the users",
    example="errcli severity-audit --since 30d",
    params=Params,
    row=Row,
    is_summary=True,
    complete=complete,
)
