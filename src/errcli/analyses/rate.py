"""rate: how often does one user run into errors?"""

from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Window, argument, column


class Params(Window, frozen=True, kw_only=True):
    """Whose errors, and over which window."""

    user_id: Annotated[str, argument("The user's id, as it stands in the log.")]
    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"


class Row(msgspec.Struct, frozen=True):
    """The user's errors in the window."""

    user_id: Annotated[str, column("Who.", unit="id", rank=0)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    critical_errors: Annotated[int, column("Of severity high or critical.", rank=1)]
    blocking_errors: Annotated[int, column("Errors that blocked the user.", rank=1)]
    days_with_errors: Annotated[int, column("UTC days with an error.", rank=2)]
    daily_average: Annotated[float, column("Errors per day of the window.", rank=1)]


ANALYSIS = Analysis(
    name="rate",
    summary="How often one user runs into errors",
    example="errcli rate u-1077 --since 7d",
    params=Params,
    row=Row,
    limit=0,
)
