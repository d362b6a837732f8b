"""features: which pages and actions are the problem, and is it getting worse?"""

from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, column, option
from errcli.statistics import benjamini_hochberg, two_proportions


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how many users make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    min_users: Annotated[int, option("Least number of users of a row.", ge=1)] = 1


class Row(msgspec.Struct, frozen=True):
    """One page and action in the window."""

    page: Annotated[str | None, column("Where.", rank=0)]
    action: Annotated[str | None, column("Doing what.", rank=0)]
    users: Annotated[int, column("Distinct users who ran into an error here.", rank=0)]
    errors: Annotated[int, column("Errors, folded ones included.", rank=0)]
    blocked: Annotated[int, column("Errors that blocked their user.", rank=2)]
    recovered: Annotated[
        float | None,
        column("Episodes that began here of which the log says that they recovered.", unit="percent", rank=2),
    ]
    users_before: Annotated[
        int | None, column("Distinct users in the window before; null where the log begins later than that.", rank=3)
    ]
    change: Annotated[
        float | None,
        column("More users here, of all users with errors, than in the window before.", unit="percent", rank=1),
    ]
    q: Annotated[
        float | None, column("False discovery rate at which the change is none of chance's, of all rows.", rank=4)
    ]
    users_everywhere: Annotated[int, column("Distinct users with an error anywhere.", rank=9)]
    users_everywhere_before: Annotated[int | None, column("The same in the window before.", rank=9)]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in how sure a change is: two proportions of users, corrected for the number of rows."""
    comparable = [(row, row.users_before or 0, before) for row in rows if (before := row.users_everywhere_before)]
    tested = [
        two_proportions((row.users, users_before), (row.users_everywhere, before))
        for row, users_before, before in comparable
    ]
    rates = {(row.page, row.action): q for (row, *_), q in zip(comparable, benjamini_hochberg(tested), strict=True)}
    return [msgspec.structs.replace(row, q=rates.get((row.page, row.action))) for row in rows]


ANALYSIS = Analysis(
    name="features",
    summary="Which pages and actions hurt users, and what has changed",
    example="errcli features --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
    looks_back=True,
    complete=complete,
)
