"""impact: which unresolved errors are severe, or block users?"""

from errcli.analyses._rows import EventRow
from errcli.analysis import Analysis, Window


class Params(Window, frozen=True, kw_only=True):
    """When; without a start, everything unresolved."""


ANALYSIS = Analysis(
    name="impact",
    summary="Unresolved errors that are severe or block users",
    example="errcli impact --since 1d",
    params=Params,
    row=EventRow,
)
