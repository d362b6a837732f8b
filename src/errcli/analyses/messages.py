"""messages: what are users told when something goes wrong, and does it help them?"""

from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option
from errcli.statistics import wilson


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how often a message has to be shown to make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    min_times: Annotated[int, option("Least number of episodes in which it was shown.", ge=1)] = 3


class Row(msgspec.Struct, frozen=True):
    """One message to users in the window; null stands for none at all."""

    user_message: Annotated[str | None, column("What the user was shown.", rank=0)]
    kind: Annotated[
        str, column("generic: speaks of an error of no name, or serves many patterns; specific; none.", rank=1)
    ]
    times: Annotated[int, column("Episodes in which it was shown first.", rank=0)]
    users: Annotated[int, column("Distinct users.", rank=2)]
    patterns: Annotated[int, column("Distinct patterns that show it.", rank=3)]
    recovered: Annotated[float, column("Episodes of which the log says that they recovered.", unit="percent", rank=0)]
    recovered_low: Annotated[float, column("Lower end of its 95% interval.", unit="percent", rank=4)]
    recovered_high: Annotated[float, column("Upper end of its 95% interval.", unit="percent", rank=4)]
    repeated: Annotated[
        float, column("Episodes after which the user ran into the same pattern again.", unit="percent", rank=1)
    ]
    dead_end: Annotated[float, column("Episodes that ended in a dead end.", unit="percent", rank=2)]
    against_specific: Annotated[
        float | None,
        column("Recovered, in percentage points more than after all specific messages together.", rank=0),
    ]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in the intervals, after Wilson."""
    return [_with_interval(row) for row in rows]


def _with_interval(row: Row) -> Row:
    low, high = wilson(row.recovered * row.times / 100, row.times)
    return msgspec.structs.replace(row, recovered_low=100 * low, recovered_high=100 * high)


ANALYSIS = Analysis(
    name="messages",
    summary="What users are told, and whether it helps them to go on",
    example="errcli messages --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
    complete=complete,
)
