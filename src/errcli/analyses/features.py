"""features: which pages and actions are the problem, and is it getting worse?"""

from datetime import UTC, date, time
from typing import Annotated

import msgspec

from errcli.analyses._episodes import EpisodeParams
from errcli.analysis import Analysis, Question, column, option, table
from errcli.statistics import (
    benjamini_hochberg,
    beta_interval,
    beta_posterior,
    prior_weight,
    two_proportions,
)

_MOST_USERS = 10**10
_NO_FILE = (
    "no rates: the log knows only users with errors; --exposure FILE (date, page, action, users) brings the others"
)


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """How many users came to a page and took an action on a UTC day; nothing of what they ran into."""

    date: Annotated[date, msgspec.Meta(description="The day, in UTC.")]
    page: Annotated[str | None, msgspec.Meta(description="Where; none is a place of its own.")]
    action: Annotated[str | None, msgspec.Meta(description="Doing what; none is a place of its own.")] = None
    users: Annotated[int, msgspec.Meta(description="Distinct users, with an error or not.", ge=0, le=_MOST_USERS)]


class Params(EpisodeParams, frozen=True, kw_only=True):
    """When, and how many users make a row."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = "7d"
    min_users: Annotated[int, option("Least number of users of a row.", ge=1)] = 1
    exposure: Annotated[
        str | None,
        table(
            "CSV or JSONL of date, page, action and users, with an error or not: brings rates.", "exposures", Exposure
        ),
    ] = None


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
    exposed: Annotated[
        int | None, column("User-days: users here on each whole day of the window that --exposure has.", rank=2)
    ]
    hit: Annotated[int | None, column("User-days with an error here, of these days.", rank=3)]
    rate: Annotated[
        float | None,
        column(
            "User-days with an error, drawn towards all places the more the fewer they are.", unit="percent", rank=0
        ),
    ]
    rate_low: Annotated[float | None, column("Lower end of its 95% interval.", unit="percent", rank=0)]
    rate_high: Annotated[float | None, column("Upper end of its 95% interval.", unit="percent", rank=0)]
    exposed_everywhere: Annotated[int | None, column("User-days of all places of --exposure.", rank=9)]
    rate_everywhere: Annotated[float | None, column("Mean rate of all places of --exposure.", unit="percent", rank=9)]
    rate_weight: Annotated[
        float | None,
        column("User-days of that rate in this place's; null where the place stands alone.", rank=9),
    ]


def complete(rows: list[Row]) -> list[Row]:
    """Fill in how sure changes are, and the rates."""
    return [_rated(row) for row in _tested(rows)]


def _tested(rows: list[Row]) -> list[Row]:
    """Fill in how sure a change is: two proportions of users, corrected for the number of rows."""
    tested = [
        two_proportions((row.users, row.users_before or 0), (row.users_everywhere, before))
        if (before := row.users_everywhere_before)
        else None
        for row in rows
    ]
    return [msgspec.structs.replace(row, q=q) for row, q in zip(rows, benjamini_hochberg(tested), strict=True)]


def _rated(row: Row) -> Row:
    """Fill in the rate of a place and its interval, from what is known of all places and of this one."""
    if not row.exposed or row.hit is None or row.rate_everywhere is None or _is_contradicted(row):
        return msgspec.structs.replace(row, rate_weight=None)
    everywhere, others = row.rate_everywhere / 100, (row.exposed_everywhere or 0) - row.exposed
    weight = prior_weight(everywhere, row.rate_weight, others)
    a, b = beta_posterior(row.hit, row.exposed, everywhere, weight)
    low, high = beta_interval(a, b)
    return msgspec.structs.replace(
        row, rate=100 * a / (a + b), rate_low=100 * low, rate_high=100 * high, rate_weight=weight
    )


def _is_contradicted(row: Row) -> bool:
    """Whether more users ran into an error than came."""
    return row.hit is not None and row.exposed is not None and row.hit > row.exposed


def notes(asked: Question, rows: list[Row]) -> tuple[str, ...]:
    """Say what the rates stand for, or why there are none."""
    if not rows:
        return ()
    if asked.params.exposure is None:
        return (_NO_FILE,)
    wrong = sum(map(_is_contradicted, rows))
    places = "1 place" if wrong == 1 else f"{wrong:,} places"
    return (_days(asked), *((f"no rate for {places}: more users had an error there than came",) if wrong else ()))


def _days(asked: Question) -> str:
    """Say which days of the file count, or why none does."""
    file, dates = asked.params.exposure, sorted({exposure.date for exposure in asked.tables["exposure"]})
    first, last = _whole_days(asked)
    counted = [day for day in dates if first <= day.toordinal() <= last]
    if counted:
        return f"rates are of the whole days (UTC) of the window that are in {file}: {len(counted)}, {_span(counted)}"
    if first > last:
        return "no rates: the window holds no whole day (UTC)"
    wanted = _span([date.fromordinal(first), date.fromordinal(last)])
    return f"no rates: no day of {file}, {_span(dates)}, is one of the whole days (UTC) of the window, {wanted}"


def _whole_days(asked: Question) -> tuple[int, int]:
    """Return the first and the last day, as ordinals, that lie whole in the window; the first is later if none does."""
    first, last = date.min.toordinal(), date.max.toordinal()
    if asked.since is not None:
        since = asked.since.astimezone(UTC)
        first = since.toordinal() + (since.time() != time())
    if asked.until is not None:
        last = asked.until.astimezone(UTC).toordinal() - 1
    return first, last


def _span(days: list[date]) -> str:
    return f"{days[0]}" if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


ANALYSIS = Analysis(
    name="features",
    summary="Which pages and actions hurt users, and what has changed",
    example="errcli features --since 7d",
    params=Params,
    row=Row,
    is_summary=True,
    looks_back=True,
    complete=complete,
    notes=notes,
)
