"""recent: what did users run into last, whoever they are?"""

from typing import Annotated

import msgspec

from errcli.analyses._rows import EventRow
from errcli.analysis import Analysis, Window


class Params(Window, frozen=True, kw_only=True):
    """When."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "1h"


ANALYSIS = Analysis(
    name="recent",
    summary="The newest errors, whoever ran into them",
    example="errcli recent --since 15m",
    params=Params,
    row=EventRow,
)
