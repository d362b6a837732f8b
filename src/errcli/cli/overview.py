"""overview: the five questions on one screen, each with the command that goes deeper."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
import typer

from errcli import catalog
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now, Tz

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from errcli.store.connection import Store

Row = dict[str, Any]


class OverviewLine(msgspec.Struct, frozen=True):
    """One line of the answer to one of the questions; the last one names the command that goes deeper."""

    question: Annotated[str, column("The question, and of what the share is.", unit="section", rank=0)]
    name: Annotated[str | None, column("Which pattern, or page and action.", rank=0)]
    users: Annotated[int | None, column("Distinct users.", rank=0)]
    share: Annotated[float | None, column("What the question says.", unit="percent", rank=0)]
    value: Annotated[str | None, column("What else there is to know, or the command.", rank=0)]


class _Question(NamedTuple):
    """One question: which analysis answers it, asked how, and what of its rows is told."""

    words: str
    analysis: str
    asked: dict[str, Any]
    told: Callable[[Row], tuple[str, int | None, float | None, str | None]]


def _place(row: Row) -> str:
    return f"{row['page'] or '-'} {row['action'] or '-'}"


_QUESTIONS = (
    _Question(
        "What is breaking? (of all errors)",
        "patterns",
        {"min_count": 1, "sort": "users"},
        lambda row: (row["pattern"], row["users"], row["share"], row["state"]),
    ),
    _Question(
        "Which features are the problem? (change of users)",
        "features",
        {},
        lambda row: (_place(row), row["users"], row["change"], "none before" if row["users_before"] == 0 else None),
    ),
    _Question(
        "Where do users get stuck? (episodes in a dead end)",
        "stuck",
        {"min_episodes": 1},
        lambda row: (row["place"], row["stuck"], row["dead_end"], row["stuck_users"] and f"now: {row['stuck_users']}"),
    ),
    _Question(
        "How do they recover? (attempts that worked)",
        "recovery",
        {"min_attempts": 1},
        lambda row: (row["pattern"], None, row["rate"], f"{row['method'] or '-'}, {row['attempts']:,} attempts"),
    ),
    _Question(
        "What should be fixed first? (of all harm)",
        "fix-first",
        {},
        lambda row: (row["pattern"], row["users"], row["share"], f"rank {row['rank_low']} to {row['rank_high']}"),
    ),
)


def add(app: typer.Typer) -> None:
    """Add `errcli overview`."""
    add_command(
        app,
        "overview",
        _overview,
        summary="The five questions on one screen, for the morning",
        example="errcli overview --since 1d",
        details="What is breaking, where, who is stuck, how they recover, what to fix first; and what to type next.",
    )


def _overview(
    invocation: Invocation,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="Start of the window.")] = "1d",
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="End of the window; default: now.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Lines of each question.")] = 3,
    now: Now = None,
    tz: Tz = None,
) -> None:
    given = {"since": since, "until": until}
    again = [
        word
        for name, value in (("since", since), ("until", until), ("now", now))
        if value
        for word in (f"--{name}", value)
    ]
    with invocation.reading() as store:
        clock = invocation.clock(now, tz, store)
        lines: list[OverviewLine] = []
        for each in _QUESTIONS:
            asked = invocation.params_of(catalog.get(each.analysis), each.asked | given)
            lines += _answer(store, each, asked, clock, limit, again)
    rows: list[msgspec.Struct] = [*lines]
    invocation.answer_rows("overview", OverviewLine, rows, now=clock, **given)


def _answer(
    store: "Store", question: _Question, asked: msgspec.Struct, clock: "datetime", limit: int, again: list[str]
) -> "Iterator[OverviewLine]":
    """Yield the first rows of an answer, and the command for all of them."""
    from errcli import runner

    result = runner.run(store, catalog.get(question.analysis), asked, clock, limit)
    for row in result.named_rows:
        yield OverviewLine(question.words, *question.told(row))
    if not result.rows:
        yield OverviewLine(question.words, "nothing in this window", None, None, None)
    yield OverviewLine(question.words, None, None, None, shlex.join(["errcli", question.analysis, *again]))
