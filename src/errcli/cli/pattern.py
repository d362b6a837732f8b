"""pattern: everything about one pattern on one screen, and what to type next."""

import shlex
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from errcli import diagnostics, params
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now, Tz

if TYPE_CHECKING:
    from collections.abc import Iterator

    from errcli.store.connection import Store
    from errcli.store.pattern import Line
    from errcli.store.resolve import Group

HASH = typer.Argument(metavar="HASH", help="A pattern's hash, or a place's; 6 digits of it are enough.")
_DIGITS = 8


class PatternLine(msgspec.Struct, frozen=True):
    """One line of one of the blocks."""

    section: Annotated[str, column("The block.", unit="section", rank=0)]
    name: Annotated[str | None, column("Which figure, field, place of the template, user or decision.", rank=0)]
    value: Annotated[str | None, column("Its value, message, note or command.", rank=0)]
    errors: Annotated[int | None, column("Errors; for recovery attempts; for a difference events.", rank=0)]
    users: Annotated[int | None, column("Distinct users.", rank=0)]
    share: Annotated[float | None, column("Of the pattern's errors; of attempts that worked.", unit="percent", rank=0)]
    elsewhere: Annotated[float | None, column("Share among all other events.", unit="percent", rank=0)]
    score: Annotated[float | None, column("How sure a difference is: from 3 on.", rank=0)]
    timestamp: Annotated[datetime | None, column("When.", rank=0)]


def add(app: typer.Typer) -> None:
    """Add `errcli pattern`."""
    add_command(
        app,
        "pattern",
        _pattern,
        summary="Everything about one pattern, on one screen",
        example="errcli pattern 3f2a9c",
        details="Its values, users, places, what is different about it, samples, history, and what to type next.",
    )


def _pattern(
    invocation: Invocation,
    pattern: Annotated[str, HASH],
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Start of the window; default: all that is stored.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="End of the window; default: now.")
    ] = None,
    now: Now = None,
    tz: Tz = None,
) -> None:
    from errcli.store import resolve
    from errcli.store.pattern import blocks, history

    text = params.well_formed(pattern)
    with invocation.reading() as store:
        clock = invocation.clock(now, tz, store)
        start, end = params.resolve_window(since, until, clock)
        target = resolve.require_group(store, text)
        found = _row(store, target, since, until, clock)
        lines = list(_summary(store, target.pattern_hash, found))
        if found is not None:
            template = found["pattern"] if target.shape_id is not None else None
            lines += blocks(store, target.pattern_hash, template, start or params.BEGINNING, end)
        lines += history(store, target.pattern_hash)
        lines += _next(lines, target, f" --now {shlex.quote(now)}" if now else "")
    rows: list[msgspec.Struct] = [PatternLine(*msgspec.structs.astuple(line)) for line in lines]
    invocation.answer_rows("pattern", PatternLine, rows, now=clock, pattern_hash=target.pattern_hash)
    if found is None:
        diagnostics.note("none of its events lies in the window, or they were pruned: the counts are those of all time")


def _row(
    store: "Store", target: "Group", since: str | None, until: str | None, clock: datetime
) -> dict[str, Any] | None:
    """Return what `patterns` says of it, None where there is no event of it in the window."""
    from errcli import catalog, runner

    analysis = catalog.get("patterns")
    by = "place" if target.shape_id is None else "template"
    for state in (None, "ignored"):
        asked = analysis.params(since=since, until=until, min_count=1, by=by, state=state)
        for row in runner.run(store, analysis, asked, clock).named_rows:
            if row["pattern_hash"] == target.pattern_hash:
                return row
    return None


def _summary(store: "Store", pattern_hash: str, row: dict[str, Any] | None) -> "Iterator[Line]":
    from errcli.store.pattern import Line, left_over

    if row is None:
        left = left_over(store, pattern_hash)
        if left is not None:
            yield Line("pattern", "pattern", left.template)
            yield Line("pattern", "type", left.error_type)
            yield Line("pattern", "hash", pattern_hash)
            yield Line("pattern", "errors", errors=left.errors, users=left.users)
            yield Line("pattern", "first seen", timestamp=left.first_seen)
            yield Line("pattern", "last seen", timestamp=left.last_seen)
        return
    yield Line("pattern", "pattern", row["pattern"])
    yield Line("pattern", "type", " ".join(filter(None, (row["error_type"], row["error_code"]))))
    yield Line("pattern", "hash", pattern_hash)
    yield Line("pattern", "state", row["state"])
    yield Line("pattern", "errors", errors=row["errors"], users=row["users"], share=row["share"])
    yield Line("pattern", "blocked", errors=row["blocked"])
    yield Line("pattern", "first seen", timestamp=row["first_seen"])
    yield Line("pattern", "last seen", timestamp=row["last_seen"])


def _next(lines: "list[Line]", target: "Group", clock: str) -> "Iterator[Line]":
    """Yield commands that go on from here, with the same clock."""
    from errcli.store.pattern import Line

    short = target.pattern_hash[:_DIGITS]
    user = next((line.value for line in lines if line.section == "users"), None)
    if user is not None:
        yield Line("next", value=f"errcli user {shlex.quote(user)} --timeline{clock}")
    if target.shape_id is not None:
        if any(line.section == "history" for line in lines):
            yield Line("next", value=f"errcli verify {short}{clock}")
        yield Line("next", value=f"errcli fix-first --explain {short}{clock}")
        yield Line("next", value=f"errcli explain {short}")
    yield Line("next", value=f"errcli resolve {short} --note ...")
    yield Line("next", value=f"errcli ignore {short} --until 7d")
