"""How is a table of results written, with the machine that they were measured on?"""

import argparse
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import duckdb
from bench.race import Outcome


def print_heading(events: int, pairs: int) -> None:
    """Print when, where and on how much was measured."""
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, {events:,} events, {pairs} pairs"
    )


def print_ratios(outcomes: Sequence[Outcome]) -> None:
    """Print what each race took, and its rival."""
    head = ("what", "rival", "seconds", "its", "ratio", "quartiles", "bound", "")
    print_table(head, [_ratio_cells(outcome) for outcome in outcomes])


def print_table(head: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> None:
    """Print a table in Markdown."""
    rows = [head, tuple("---" for _ in head), *body]
    widths = [max(len(row[index]) for row in rows) for index in range(len(head))]
    print()
    for row in rows:
        fill = "-" if row[0] == "---" else " "
        print(f"| {' | '.join(cell.ljust(width, fill) for cell, width in zip(row, widths, strict=True))} |", flush=True)


def _ratio_cells(outcome: Outcome) -> tuple[str, ...]:
    race, times = outcome
    lower, upper = times.spread
    return (
        race.what,
        race.rival,
        f"{statistics.median(times.own):.3f}",
        f"{statistics.median(times.rival):.3f}",
        f"{times.ratio:.2f}",
        f"{lower:.2f} to {upper:.2f}",
        f"{race.bound:.2f}".removesuffix("0"),
        verdict(outcome.broken),
    )


def verdict(broken: bool) -> str:
    """Return what the last column says of a line."""
    return "OVER" if broken else "ok"


def at_least(least: int) -> Callable[[str], int]:
    """Return a reader of a number of the command line that may not be less."""

    def number(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"at least {least:,}")
        return int(text)

    return number
