"""patterns: what is breaking for users, how much, where, since when, and is it getting worse?"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from errcli.analysis import Analysis, Window, column, option


class Params(Window, frozen=True, kw_only=True):
    """When, how many errors make a pattern, by what they are grouped, and which ones are wanted."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1h"
    min_count: Annotated[int, option("Least number of errors of a pattern.", ge=1)] = 3
    by: Annotated[
        Literal["template", "place"], option("Group by what messages have in common, or by type:page:action.")
    ] = "template"
    type: Annotated[str | None, option("Only errors of this type.")] = None
    page: Annotated[str | None, option("Only errors on this page.")] = None
    state: Annotated[
        Literal["new", "growing", "ongoing", "back", "resolved", "ignored"] | None,
        option("Only patterns of this state; default: all but the ignored ones."),
    ] = None
    sort: Annotated[
        Literal["errors", "users", "blocked", "first-seen", "last-seen"], option("What comes first, the most of it.")
    ] = "errors"


class Row(msgspec.Struct, frozen=True):
    """One pattern in the window."""

    pattern: Annotated[str, column("What the messages have in common, <*> for what differs; or the place.", rank=0)]
    pattern_hash: Annotated[str, column("Its id, for resolve.", unit="hash", rank=0)]
    error_type: Annotated[str, column("Its most frequent type.", rank=9)]
    error_code: Annotated[str | None, column("Its most frequent code.", rank=6)]
    page: Annotated[str | None, column("Its most frequent page.", rank=5)]
    action: Annotated[str | None, column("Its most frequent action.", rank=10)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    users: Annotated[int, column("Distinct users.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked their user.", rank=3)]
    first_seen: Annotated[datetime, column("First error in the window.", rank=8)]
    last_seen: Annotated[datetime, column("Last error in the window.", rank=4)]
    sample_message: Annotated[str | None, column("The newest message.", rank=11)]
    state: Annotated[
        str,
        column(
            "new: first seen in the window; growing; ongoing; back: seen after it was resolved; resolved; ignored.",
            rank=1,
        ),
    ]
    trend: Annotated[str, column("Errors in each twelfth of the window, oldest first.", unit="trend", rank=1)]
    share: Annotated[float, column("Of all errors in the window.", unit="percent", rank=7)]
    page_share: Annotated[float, column("Of its errors those on its page.", unit="percent", rank=11)]
    action_share: Annotated[float, column("Of its errors those with its action.", unit="percent", rank=11)]


ANALYSIS = Analysis(
    name="patterns",
    summary="What is breaking: errors by what their messages share",
    example="errcli patterns --since 1h",
    params=Params,
    row=Row,
    is_summary=True,
)
