"""cascade: which errors followed each other in one session, which of them were one episode, and how did it end?"""

from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Annotated

from errcli.analyses._episodes import EpisodeParams
from errcli.analyses._rows import EventRow
from errcli.analysis import Analysis, Question, argument, column
from errcli.params import parse_duration

_MANY_PAUSES = 3


class Params(EpisodeParams, frozen=True, kw_only=True):
    """Which session of which user."""

    user_id: Annotated[str, argument("The user's id, as it stands in the log.")]
    session_id: Annotated[str, argument("The session's id.")]


class Row(EventRow, frozen=True):
    """One event of the session, and its place in it."""

    # what a narrow terminal shows: how far apart they are rather than how long ago, and where rather than how bad
    timestamp: Annotated[datetime, column("When it happened.", unit="clock", rank=0)]
    page: Annotated[str | None, column("Where.", rank=1)]
    severity: Annotated[str | None, column("low, medium, high, critical.", unit="severity", rank=2)]
    step: Annotated[int, column("Its place in the session, from 1.", rank=10)]
    gap_seconds: Annotated[float | None, column("Since the event before.", unit="pause", rank=0)]
    episode: Annotated[int, column("Number of its episode in the session, from 1.", unit="rail", rank=0)]
    outcome: Annotated[
        str, column("How that ended: recovered, moved on, dead end, quiet, open.", unit="ending", rank=10)
    ]


def notes(asked: Question, rows: list[Row]) -> tuple[str, ...]:
    """Say how to see as one episode what is the same error again and again."""
    settle = parse_duration(asked.params.settle, "--settle").total_seconds()
    pauses = [
        after.gap_seconds
        for before, after in pairwise(rows)
        if before.pattern_hash == after.pattern_hash and before.episode != after.episode
        if before.outcome != "recovered" and after.gap_seconds is not None and after.gap_seconds <= settle
    ]
    if len(pauses) < _MANY_PAUSES:
        return ()
    gap = f"--gap {ceil(max(pauses) / 60)}m"
    return (f"{len(pauses)} pauses part an error from its repetition; {gap} makes one episode of these",)


ANALYSIS = Analysis(
    name="cascade",
    summary="The chain of errors of one session, in time order",
    example="errcli cascade u-1077 s-64cc60c1",
    params=Params,
    row=Row,
    limit=0,
    notes=notes,
)
