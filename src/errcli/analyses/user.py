"""user: what did one user run into, newest first?"""

from typing import Annotated

from errcli.analyses._rows import EventRow
from errcli.analysis import Analysis, Window, argument


class Params(Window, frozen=True, kw_only=True):
    """Whose errors, and when."""

    user_id: Annotated[str, argument("The user's id, as it stands in the log.")]


ANALYSIS = Analysis(
    name="user",
    summary="A user's newest errors",
    example="errcli user u-1077 --limit 10",
    params=Params,
    row=EventRow,
    limit=10,
)
