"""cascade: which errors followed each other in one session?"""

from typing import Annotated

from errcli.analyses._rows import EventRow
from errcli.analysis import Analysis, Window, argument, column


class Params(Window, frozen=True, kw_only=True):
    """Which session of which user."""

    user_id: Annotated[str, argument("The user's id, as it stands in the log.")]
    session_id: Annotated[str, argument("The session's id.")]


class Row(EventRow, frozen=True):
    """One event of the session, and its place in it."""

    step: Annotated[int, column("Its place in the session, from 1.", rank=0)]
    gap_seconds: Annotated[float | None, column("Since the event before.", unit="seconds", rank=0)]


ANALYSIS = Analysis(
    name="cascade",
    summary="The chain of errors of one session, in time order",
    example="errcli cascade u-1077 s-64cc60c1",
    params=Params,
    row=Row,
    limit=0,
)
