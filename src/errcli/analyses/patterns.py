"""patterns: what is breaking for users, and where?"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from errcli.analysis import Analysis, Window, column, option


class Params(Window, frozen=True, kw_only=True):
    """When, how many errors make a pattern, and by what they are grouped."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1h"
    min_count: Annotated[int, option("Least number of errors of a pattern.", ge=1)] = 3
    by: Annotated[Literal["place"], option("Group by place: type:page:action.")] = "place"


class Row(msgspec.Struct, frozen=True):
    """One pattern in the window."""

    pattern: Annotated[str, column("type:page:action", rank=0)]
    pattern_hash: Annotated[str, column("Its id, for resolve.", unit="hash", rank=2)]
    error_type: Annotated[str, column("Its type.", rank=8)]
    error_code: Annotated[str | None, column("Its most frequent code.", rank=4)]
    page: Annotated[str | None, column("Its page.", rank=9)]
    action: Annotated[str | None, column("Its action.", rank=9)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    users: Annotated[int, column("Distinct users.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked their user.", rank=1)]
    first_seen: Annotated[datetime, column("First error in the window.", rank=5)]
    last_seen: Annotated[datetime, column("Last error in the window.", rank=2)]
    sample_message: Annotated[str | None, column("The newest message.", rank=3)]


ANALYSIS = Analysis(
    name="patterns",
    summary="What is breaking: groups of errors by place",
    example="errcli patterns --since 1h",
    params=Params,
    row=Row,
)
