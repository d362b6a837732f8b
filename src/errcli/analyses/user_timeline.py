"""user-timeline: when did each pattern befall one user, and how did it end?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, argument, column


class Params(EpisodeParams, frozen=True, kw_only=True):
    """Whose errors, and when."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1d"
    user_id: Annotated[str, argument("The user's id, as it stands in the log.")]


class Row(msgspec.Struct, frozen=True):
    """One pattern that the user ran into."""

    pattern: Annotated[str, column("What the messages have in common, <*> for what differs.", rank=0)]
    pattern_hash: Annotated[str, column("Its id.", unit="hash", rank=5)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked the user.", rank=3)]
    strip: Annotated[
        str,
        column("Errors in each of 48 parts of the window, oldest first; ! where one blocked.", unit="strip", rank=0),
    ]
    first_seen: Annotated[datetime, column("First error in the window.", rank=8)]
    last_seen: Annotated[datetime, column("Last error in the window.", rank=4)]
    page: Annotated[str | None, column("Where the last one was.", rank=2)]
    outcome: Annotated[str, column("How the last episode ended: recovered, moved on, dead end, quiet, open.", rank=1)]
    session_id: Annotated[str | None, column("The session of the last one, for cascade.", unit="id", rank=6)]


ANALYSIS = Analysis(
    name="user-timeline",
    summary="One user's day on a strip of time, a line a pattern",
    example="errcli user u-1077 --timeline",
    params=Params,
    row=Row,
    limit=0,
)
