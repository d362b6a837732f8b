"""check: is something so wrong that somebody has to know? Quiet, or a line for each finding and exit code 10."""

import shlex
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from errcli import catalog, diagnostics, params
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import Now, Tz
from errcli.config import CheckConfig
from errcli.errors import UsageError
from errcli.render.escape import escaped

if TYPE_CHECKING:
    from errcli.store.connection import Store

FIRED = 10
"""Exit code when a rule has something to say."""

_LEAST_EPISODES = 5
_NAMED = 3
_ROUNDING = 1e-9
_DIGITS = 8


class Finding(msgspec.Struct, frozen=True):
    """What a rule has to say; `subject` tells findings of the same rule apart."""

    rule: Annotated[str, column("Which setting of [check].", rank=0)]
    finding: Annotated[str, column("What is wrong.", rank=0)]
    value: Annotated[float, column("What was found.", rank=1)]
    limit: Annotated[float, column("What is allowed.", rank=1)]
    subject: Annotated[str | None, column("Which pattern, or page and action.", rank=2)]

    @property
    def key(self) -> str:
        """What it is known by when it is found again."""
        return f"{self.rule} {self.subject or ''}".rstrip()


def add(app: typer.Typer) -> None:
    """Add `errcli check`."""
    add_command(
        app,
        "check",
        _check,
        summary="Quiet if all is well, else a line a finding and exit code 10",
        example="errcli check --max-critical 0 --since 1h",
        details="For cron, Nagios and CI. Without a rule, in [check] or as an option, it is an error.",
    )


def _check(
    invocation: Invocation,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Start of the window. Default: 1h.")
    ] = None,
    max_critical: Annotated[int | None, typer.Option("--max-critical", min=0, help="Most critical errors.")] = None,
    max_new_users: Annotated[
        int | None, typer.Option("--max-new-users", min=0, help="Most users of a pattern that is new.")
    ] = None,
    no_return: Annotated[
        bool | None, typer.Option("--no-return", help="No pattern may be back after it was resolved.")
    ] = None,
    max_struggling: Annotated[
        int | None, typer.Option("--max-struggling", min=0, help="Most users with six errors or more.")
    ] = None,
    max_dead_end: Annotated[
        float | None, typer.Option("--max-dead-end", help="Most dead ends of a page and action, in percent.")
    ] = None,
    notify_cmd: Annotated[
        str | None, typer.Option("--notify-cmd", metavar="CMD", help="Command that gets findings as JSON.")
    ] = None,
    once_per: Annotated[
        str | None, typer.Option("--once-per", metavar="DURATION", help="How long a finding is not told again.")
    ] = None,
    now: Now = None,
    tz: Tz = None,
) -> None:
    given = {
        "since": since,
        "max_critical": max_critical,
        "max_new_users": max_new_users,
        "no_return": no_return,
        "max_struggling": max_struggling,
        "max_dead_end": max_dead_end,
        "notify_cmd": notify_cmd,
        "once_per": once_per,
    }
    rules = msgspec.structs.replace(
        invocation.config.check, **{name: value for name, value in given.items() if value is not None}
    )
    _require_a_rule(rules)
    with invocation.reading() as store:
        clock = invocation.clock(now, tz, store)
        found = list(_findings(store, rules, clock))
    fresh = _not_told(found, rules, clock, Path(f"{store.path}.check.json"))
    _tell(invocation, fresh, rules, clock)
    if fresh:
        raise typer.Exit(FIRED)


def _require_a_rule(rules: CheckConfig) -> None:
    limits = (rules.max_critical, rules.max_new_users, rules.max_struggling, rules.max_dead_end)
    if not rules.no_return and all(limit is None for limit in limits):
        raise UsageError(
            "no rule to check", "[check]", "give --max-critical 0 or another one; errcli check -h lists them"
        )


def _findings(store: "Store", rules: CheckConfig, clock: datetime) -> Iterator[Finding]:
    if rules.max_critical is not None:
        yield from _critical(store, rules.since, rules.max_critical, clock)
    if rules.max_new_users is not None or rules.no_return:
        for row in _rows(store, "patterns", {"since": rules.since, "min_count": 1}, clock):
            yield from _of_pattern(row, rules)
    if rules.max_struggling is not None:
        rows = _rows(store, "struggling", {"since": rules.since}, clock)
        if len(rows) > rules.max_struggling:
            names = ", ".join(row["user_id"] for row in rows[:_NAMED])
            more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
            yield Finding(
                "max_struggling",
                f"{_users(len(rows))} struggling: {names}{more}",
                len(rows),
                rules.max_struggling,
                None,
            )
    if rules.max_dead_end is not None:
        for row in _rows(store, "stuck", {"since": rules.since, "min_episodes": _LEAST_EPISODES}, clock):
            if row["dead_end"] > rules.max_dead_end + _ROUNDING:
                text = (
                    f"an estimated {row['dead_end']:.1f}% of {row['episodes']:,} episodes at {row['place']}"
                    " end in a dead end"
                )
                yield Finding("max_dead_end", text, row["dead_end"], rules.max_dead_end, row["place"])


def _critical(store: "Store", since: str, most: int, clock: datetime) -> Iterator[Finding]:
    from errcli.store.sql import statement

    start, end = params.resolve_window(since, None, clock)
    errors = store.scalar(statement("check_critical"), {"since": start or params.BEGINNING, "until": end})
    if errors > most:
        what = "critical error" if errors == 1 else "critical errors"
        yield Finding("max_critical", f"{errors:,} {what}, at most {most:,} allowed", errors, most, None)


def _of_pattern(row: dict[str, Any], rules: CheckConfig) -> Iterator[Finding]:
    name = f"{row['pattern_hash'][:_DIGITS]} {row['pattern']}"
    most = rules.max_new_users
    if most is not None and row["state"] == "new" and row["users"] > most:
        yield Finding(
            "max_new_users",
            f"{_users(row['users'])} hit by a new pattern: {name}",
            row["users"],
            most,
            row["pattern_hash"],
        )
    if rules.no_return and row["state"] == "back":
        yield Finding("no_return", f"back after it was resolved: {name}", row["errors"], 0, row["pattern_hash"])


def _users(count: int) -> str:
    return "1 user" if count == 1 else f"{count:,} users"


def _rows(store: "Store", name: str, asked: dict[str, Any], clock: datetime) -> list[dict[str, Any]]:
    from errcli import runner

    analysis = catalog.get(name)
    return runner.run(store, analysis, analysis.params(**asked), clock).named_rows


def _not_told(found: list[Finding], rules: CheckConfig, clock: datetime, memory: Path) -> list[Finding]:
    """Return what was not told within `once_per`, and remember it; what is found no more is forgotten."""
    if rules.once_per is None:
        return found
    span = params.parse_duration(rules.once_per, "--once-per")
    try:
        told = msgspec.json.decode(memory.read_bytes(), type=dict[str, datetime])
    except (FileNotFoundError, msgspec.DecodeError):
        told = {}
    fresh = [each for each in found if each.key not in told or clock - told[each.key] >= span]
    kept = {each.key: told.get(each.key, clock) for each in found} | {each.key: clock for each in fresh}
    waiting = memory.with_name(f"{memory.name}.new")
    try:
        waiting.write_bytes(msgspec.json.encode(kept))
        waiting.replace(memory)
    except OSError as error:
        diagnostics.note(f"{memory} cannot be written, so all of this is told again: {error.strerror}")
    return fresh


def _tell(invocation: Invocation, found: list[Finding], rules: CheckConfig, clock: datetime) -> None:
    if invocation.format == "table":
        invocation.write("".join(f"{each.rule}: {escaped(each.finding)}\n" for each in found).encode())
    else:
        invocation.answer_rows("check", Finding, [*found], now=clock, **msgspec.structs.asdict(rules))
    if found and rules.notify_cmd:
        _notify(rules.notify_cmd, found)


def _notify(command: str, found: list[Finding]) -> None:
    """Give findings to a command; that it fails is said, and changes nothing."""
    try:
        words = shlex.split(command)
        # stdout is for data of errcli's own
        done = subprocess.run(  # noqa: S603 - the user's own command
            words, input=msgspec.json.encode(found), stdout=subprocess.DEVNULL, check=False
        )
    except (OSError, ValueError) as error:
        diagnostics.note(f"--notify-cmd {command}: {error}")
    else:
        if done.returncode != 0:
            diagnostics.note(f"--notify-cmd {command}: exit code {done.returncode}")
