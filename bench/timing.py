"""How much longer does one process take than another? Pairs of runs, one after the other, and their ratios."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A command line; `before` is done ahead of every run and is not timed."""

    arguments: list[str]
    before: Callable[[], None] = lambda: None


class Pairs(NamedTuple):
    """Wall seconds of a process and of its rival: the runs with the same index followed each other."""

    own: list[float]
    rival: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times as long as the rival each run took."""
        return [own / rival for own, rival in zip(self.own, self.rival, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios: load that comes and goes meets both processes of a pair alike."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles of the ratios: half of the pairs lie between them."""
        if len(self.ratios) == 1:
            return self.ratio, self.ratio
        lower, _, upper = statistics.quantiles(self.ratios, n=4, method="inclusive")
        return lower, upper


def measure(own: Process, rival: Process, pairs: int, folder: Path, *, warm_up: bool = True) -> Pairs:
    """Run both once to warm up, then one after the other `pairs` times, in `folder`."""
    for process in (own, rival) if warm_up else ():
        seconds_of(process, folder)
    times = Pairs([], [])
    for _ in range(pairs):
        times.own.append(seconds_of(own, folder))
        times.rival.append(seconds_of(rival, folder))
    return times


def seconds_of(process: Process, folder: Path) -> float:
    """Return the wall time of a process from start to exit. Raises SystemExit if it fails."""
    process.before()
    began = time.perf_counter()
    done = subprocess.run(
        process.arguments,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    took = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(process.arguments)}: exit code {done.returncode}\n{done.stderr.decode()}")
    return took


def output_of(process: Process, folder: Path) -> str:
    """Return what a process writes to stdout. Raises SystemExit if it fails."""
    process.before()
    done = subprocess.run(process.arguments, cwd=folder, env=environment(folder), capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(process.arguments)}: exit code {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode()


def environment(folder: Path) -> dict[str, str]:
    """Return the environment without anybody's settings of errcli."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ERRCLI_")}
    return kept | {"XDG_CONFIG_HOME": str(folder)}
