"""How well do groups of messages match the templates that the messages were made from?"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.patterns_corpus import FAMILIES, Json, Labelled, corpus
from bench.race import SkippedError


class Score(NamedTuple):
    """What is said of a grouping.

    `ga`: the share of messages whose group holds exactly the messages of their template (Zhu et al. 2019).
    `fga`: the harmonic mean of the share of groups and the share of templates that match so (Loghub-2.0): a rare
    template counts as much as a frequent one.
    `merged`: the groups that hold several of the templates that must stay apart.
    """

    ga: float
    fga: float
    merged: int


class LabelledSet(NamedTuple):
    """Messages to group: `labelled` makes them, `fga_bound` is what FGA must be at least, where that is said."""

    what: str
    labelled: Callable[[], list[Labelled]]
    fga_bound: float | None = None


GA_BOUND, FGA_BOUND = 0.98, 0.96
"""What the means over all systems must be at least."""

CORPUS_BOUNDS = {300: 0.90, 600: 0.95, 6_000: 0.99}
"""Least FGA by number of messages."""

_FAMILY_OF = {member: family for family, members in FAMILIES.items() for member in members}
_SECONDS_A_DAY = 86_400


def score(truth: Sequence[str], groups: Sequence[object]) -> Score:
    """Return how well groups match the true labels of the same messages."""
    true_sizes, group_sizes = Counter(truth), Counter(groups)
    pairs = Counter(zip(truth, groups, strict=True))
    exact = [size for (label, group), size in pairs.items() if size == true_sizes[label] == group_sizes[group]]
    fga = 2 * len(exact) / (len(true_sizes) + len(group_sizes))
    return Score(sum(exact) / len(truth), fga, merged(truth, groups))


def merged(truth: Sequence[str], groups: Sequence[object]) -> int:
    """Return how many groups hold more than one member of one family of the corpus."""
    members: dict[tuple[object, str], set[str]] = defaultdict(set)
    for label, group in zip(truth, groups, strict=True):
        if label in _FAMILY_OF:
            members[group, _FAMILY_OF[label]].add(label)
    return len({group for (group, _), labels in members.items() if len(labels) > 1})


def systems(folder: Path) -> list[LabelledSet]:
    """Return the systems of a folder, a CSV file each. Raises SkippedError where there is none."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise SkippedError(f"no .csv file in {folder}")
    return [LabelledSet(f"system {file.stem}", partial(_system, file)) for file in files]


def corpora(seed: int) -> list[LabelledSet]:
    """Return the corpus in its sizes."""
    return [
        LabelledSet(f"corpus {count:,}", partial(_corpus, count, seed), bound) for count, bound in CORPUS_BOUNDS.items()
    ]


def _system(file: Path) -> list[Labelled]:
    """Read messages and true templates: the first two columns, below a header."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        _, *rows = csv.reader(lines)
    return [
        Labelled(template, _event_of(file.stem, message, number))
        for number, (message, template, *_) in enumerate(rows, start=1)
    ]


def _event_of(system: str, message: str, number: int) -> Json:
    """Make an event that says no more than the message, of a user who occurs in none."""
    hours, seconds = divmod(number % _SECONDS_A_DAY, 3600)
    return {
        "id": str(number),
        "userId": "nobody-in-particular",
        "timestamp": f"2026-03-01T{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}Z",
        "error": {"type": system, "message": message},
    }


def _corpus(count: int, seed: int) -> list[Labelled]:
    """Make events of the corpus; by their numbers their groups are found again."""
    return [
        each._replace(event=each.event | {"id": str(number)})
        for number, each in enumerate(corpus(count, seed), start=1)
    ]
