"""How well and how fast does errcli group messages, beside Drain3? Prints tables; exits with 1 over a bound."""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a script, it still finds its neighbours

from bench import data, patterns_drain, patterns_grouping, patterns_growth, patterns_score, patterns_speed, race, table
from bench.patterns_score import FGA_BOUND, GA_BOUND, LabelledSet, Score
from bench.patterns_speed import Speed
from bench.race import Outcome, SkippedError

FOLDER_VARIABLE = "PATTERNS_DATA"
MEAN = "systems, mean"
SPEED = "speed"


class Scored(NamedTuple):
    """One line of the first table: the scores of errcli and of Drain3, where that is installed, and errcli's bounds.

    `stable` says whether a reader finds the same groups before the rollup as after it.
    """

    what: str
    score: Score
    rival: Score | None
    stable: bool
    ga_bound: float | None = None
    fga_bound: float | None = None

    @property
    def broken(self) -> bool:
        """Whether groups hold what must stay apart, are not the same before and after, or match too few templates."""
        below = self.score.ga < (self.ga_bound or 0) or self.score.fga < (self.fga_bound or 0)
        return below or self.score.merged > 0 or not self.stable


def main() -> int:
    """Measure and print; return the exit status."""
    asked = _arguments()
    data.CACHE.mkdir(exist_ok=True)
    table.print_heading(asked.events, asked.pairs)
    with tempfile.TemporaryDirectory(prefix="run-", dir=data.CACHE) as name:
        broken = [line.broken for lines in _measured(asked, Path(name)) for line in lines]
    if not broken:
        print(f"nothing to measure is called {asked.only!r}", file=sys.stderr)
        return 2
    return 1 if any(broken) else 0


def _measured(asked: argparse.Namespace, folder: Path) -> Iterator[Sequence[Scored | Speed | Outcome]]:
    """Yield the lines of table after table; each is printed as soon as it is complete: the next one takes minutes."""
    if scored := _scored(asked.seed, asked.only, folder):
        head = ("what", "GA", "bound", "FGA", "bound", "merged", "on demand", "Drain3 GA", "FGA", "merged", "")
        table.print_table(head, [_scored_cells(line) for line in scored])
        yield scored
    if speeds := _speeds(asked, folder):
        table.print_table(("what", "", "bound", ""), [_speed_cells(line) for line in speeds])
        yield speeds
    races = patterns_growth.races(asked.events, asked.seed, asked.before, asked.pairs)
    if outcomes := race.measured((each for each in races if asked.only in each.what), race.run, folder):
        table.print_ratios(outcomes)
        yield outcomes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=table.at_least(100_000), default=1_000_000, help="to measure the speed with")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another corpus (1)")
    parser.add_argument("--pairs", type=table.at_least(1), default=3, help="runs of each, and of its rival")
    parser.add_argument(
        "--only",
        metavar="NAME",
        default="",
        help="only lines whose first column contains this, or speed",
    )
    parser.add_argument("--before", metavar="REV", help="the revision that loading is held against")
    return parser.parse_args()


def _scored(seed: int, only: str, folder: Path) -> list[Scored]:
    systems = race.measured([each for each in _systems() if only in each.what], _score, folder)
    corpora = [each for each in patterns_score.corpora(seed) if only in each.what]
    return [*systems, *_means(systems), *race.measured(corpora, _score, folder)]


def _systems() -> list[LabelledSet]:
    """Return the systems of the folder that the environment names; without one, say that they are left out."""
    if (folder := _named_folder()) is not None:
        return patterns_score.systems(folder)
    data.say(f"left out: systems: {FOLDER_VARIABLE} names no folder")
    return []


def _named_folder() -> Path | None:
    name = os.environ.get(FOLDER_VARIABLE)
    return Path(name).resolve() if name else None


def _speeds(asked: argparse.Namespace, folder: Path) -> list[Speed]:
    if not SPEED.startswith(asked.only):
        return []
    return patterns_speed.speeds(asked.events, asked.seed, asked.pairs, _named_folder(), folder)


def _score(labelled_set: LabelledSet, folder: Path) -> Scored:
    """Load, group and score messages, and have Drain3 group them too."""
    data.say(f"grouping: {labelled_set.what}")
    labelled = labelled_set.labelled()
    truth = [each.label for each in labelled]
    grouping = patterns_grouping.grouped(labelled, folder)
    try:
        rival = patterns_score.score(truth, patterns_drain.grouped(labelled))
    except SkippedError as reason:
        data.say(f"left out: Drain3 on {labelled_set.what}: {reason}")
        rival = None
    own = patterns_score.score(truth, grouping.kept)
    return Scored(labelled_set.what, own, rival, grouping.kept == grouping.on_demand, None, labelled_set.fga_bound)


def _means(systems: list[Scored]) -> list[Scored]:
    """Return a line with the means of others, unless there is none."""
    if not systems:
        return []
    rivals = [each.rival for each in systems if each.rival is not None]
    own = _mean([each.score for each in systems])
    stable = all(each.stable for each in systems)
    return [Scored(MEAN, own, _mean(rivals) if rivals else None, stable, GA_BOUND, FGA_BOUND)]


def _mean(scores: list[Score]) -> Score:
    ga, fga = (statistics.mean(values) for values in ([s.ga for s in scores], [s.fga for s in scores]))
    return Score(ga, fga, sum(s.merged for s in scores))


def _scored_cells(line: Scored) -> tuple[str, ...]:
    rival = (f"{line.rival.ga:.3f}", f"{line.rival.fga:.3f}", str(line.rival.merged)) if line.rival else ("", "", "")
    return (
        line.what,
        f"{line.score.ga:.3f}",
        f"{line.ga_bound:.2f}" if line.ga_bound else "",
        f"{line.score.fga:.3f}",
        f"{line.fga_bound:.2f}" if line.fga_bound else "",
        str(line.score.merged),
        "same" if line.stable else "other",
        *rival,
        table.verdict(line.broken),
    )


def _speed_cells(line: Speed) -> tuple[str, ...]:
    number = f"{line.value:,.0f}" if line.value >= 100 else f"{line.value:.2f}"
    return line.what, number, f"{'at most' if line.ceiling else 'at least'} {line.bound:,}", table.verdict(line.broken)


if __name__ == "__main__":
    sys.exit(main())
