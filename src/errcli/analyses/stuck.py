"""stuck: where do users get stuck, how do they get on, and who is stuck right now?"""

from typing import Annotated, Literal

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, by what episodes are grouped, and how many make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    by: Annotated[Literal["place", "pattern"], option("Group by page and action, or by pattern.")] = "place"
    min_episodes: Annotated[int, option("Least number of episodes of a row.", ge=1)] = 3


class Row(msgspec.Struct, frozen=True):
    """One page and action, or one pattern, in the window."""

    place: Annotated[str, column("Page and action, or the pattern.", rank=0)]
    pattern_hash: Annotated[str | None, column("The pattern's id, by pattern.", unit="hash", rank=2)]
    episodes: Annotated[int, column("Episodes that began here: one thing going wrong for one user.", rank=2)]
    users: Annotated[int, column("Distinct users.", rank=0)]
    stuck: Annotated[int, column("Users with a dead end here, or with an open episode that looks like one.", rank=0)]
    recovered: Annotated[float, column("Episodes of which the log says that they recovered.", unit="percent", rank=1)]
    moved_on: Annotated[float, column("After which the session went on with another pattern.", unit="percent", rank=3)]
    dead_end: Annotated[
        float, column("The session's last, with the user blocked or high severity.", unit="percent", rank=0)
    ]
    quiet: Annotated[float, column("The session's last, and neither.", unit="percent", rank=4)]
    open: Annotated[float, column("Of which nobody can tell yet.", unit="percent", rank=5)]
    recovery_p50: Annotated[
        float | None, column("Time in which half would recover, if nothing else ended it.", unit="seconds", rank=2)
    ]
    recovery_p90: Annotated[float | None, column("In which nine of ten would.", unit="seconds", rank=8)]
    stuck_now: Annotated[int, column("Users whose open episode looks like a dead end.", rank=1)]
    stuck_users: Annotated[str | None, column("Three of them, the newest first.", unit="id", rank=7)]
    page: Annotated[str | None, column("The page, by place.", rank=9)]
    action: Annotated[str | None, column("The action, by place.", rank=9)]


ANALYSIS = Analysis(
    name="stuck",
    summary="Where users get stuck, how they get on, who is stuck now",
    example="errcli stuck --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
)
