"""affected: which users did a pattern hit, and how often?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Window, column, pattern


class Params(Window, frozen=True, kw_only=True):
    """Which pattern, and when; without a start, all that is stored."""

    pattern: Annotated[str, pattern("A pattern's hash; 6 digits of it are enough.")]


class Row(msgspec.Struct, frozen=True):
    """One user who ran into the pattern."""

    user_id: Annotated[str, column("Who.", unit="id", rank=0)]
    errors: Annotated[int, column("Errors of the pattern, folded ones included.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked the user.", rank=0)]
    first_seen: Annotated[datetime, column("First of them in the window.", rank=3)]
    last_seen: Annotated[datetime, column("Last of them in the window.", rank=0)]
    last_page: Annotated[str | None, column("Page of the last one.", rank=1)]
    last_action: Annotated[str | None, column("Action of the last one.", rank=2)]


ANALYSIS = Analysis(
    name="affected",
    summary="Users whom a pattern hit, and how often",
    example="errcli affected 3f2a9c --since 7d",
    params=Params,
    row=Row,
)
