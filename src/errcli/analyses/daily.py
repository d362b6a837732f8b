"""daily: how many errors did each day bring, by user or in total?"""

from datetime import date
from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Window, column, option


class Params(Window, frozen=True, kw_only=True):
    """Which days, whose errors, and whether users are added up."""

    since: Annotated[
        str | None, msgspec.Meta(description="Start of the window; days that it touches are shown whole.")
    ] = "7d"
    user: Annotated[str | None, option("Only this user.")] = None
    total: Annotated[bool, option("One row a day, all users together.")] = False


class Row(msgspec.Struct, frozen=True):
    """One user's day, or everybody's."""

    date: Annotated[date, column("The UTC day.", rank=0)]
    user_id: Annotated[str | None, column("Who; null where users are added up.", unit="id", rank=0)]
    error_count: Annotated[int, column("Errors, folded ones included.", rank=0)]
    unique_errors: Annotated[int, column("Distinct combinations of type, page and action.", rank=1)]
    blocked_count: Annotated[int, column("Errors that blocked their user.", rank=1)]
    recovery_rate: Annotated[
        float | None,
        column("Successful of attempted recoveries; null without attempts.", unit="percent", rank=1),
    ]


ANALYSIS = Analysis(
    name="daily",
    summary="Errors a day, per user or in total, from the rollups",
    example="errcli daily --since 7d --total",
    params=Params,
    row=Row,
    outlives_pruning=True,
)
