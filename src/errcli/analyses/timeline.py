"""timeline: when did errors come, how many, and how many users did they meet?"""

from datetime import datetime
from typing import Annotated

import msgspec

from errcli.analysis import Analysis, Window, column


class Params(Window, frozen=True, kw_only=True):
    """When."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"


class Row(msgspec.Struct, frozen=True):
    """One of 48 equal parts of the window, `(starts_at, ends_at]`."""

    part: Annotated[int, column("Its number, from 1.", rank=9)]
    starts_at: Annotated[datetime, column("Where it begins.", unit="clock", rank=0)]
    ends_at: Annotated[datetime, column("Where it ends.", unit="clock", rank=5)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    users: Annotated[int, column("Distinct users who ran into one.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked their user.", rank=0)]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in the bounds of the parts, of rows that have those of the window."""
    return [_bounded(row, len(rows)) for row in rows]


def _bounded(row: Row, parts: int) -> Row:
    length = row.ends_at - row.starts_at
    starts_at = row.starts_at + length * (row.part - 1) / parts
    return msgspec.structs.replace(row, starts_at=starts_at, ends_at=row.starts_at + length * row.part / parts)


ANALYSIS = Analysis(
    name="timeline",
    summary="When errors came, and how many users they met",
    example="errcli timeline --since 7d",
    params=Params,
    row=Row,
    limit=0,
    is_summary=True,
    complete=complete,
)
