"""struggling: which users hit many errors at once?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Window, column, option


class Params(Window, frozen=True, kw_only=True):
    """When, and how many errors make a user struggle."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1h"
    min_errors: Annotated[int, option("Least number of errors of a user.", ge=1)] = 6


class Row(msgspec.Struct, frozen=True):
    """One user in the window."""

    user_id: Annotated[str, column("Who.", unit="id", rank=0)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked the user.", rank=1)]
    first_seen: Annotated[datetime, column("First error in the window.", rank=2)]
    last_seen: Annotated[datetime, column("Last error in the window.", rank=1)]


ANALYSIS = Analysis(
    name="struggling",
    summary="Users who hit many errors at once",
    example="errcli struggling --since 1h --min-errors 6",
    params=Params,
    row=Row,
)
