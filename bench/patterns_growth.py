"""What does grouping cost where events are loaded: a few into a large store, and all, against an older revision?"""

import os
import shlex
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path

from bench import data, ingest, patterns_data
from bench.race import Entry, Race, require
from bench.timing import Process, output_of

GROWTH_BOUND = 0.15
BEFORE_BOUND = 1.25

_FEW = 10_000
_ROOT = Path(__file__).parent.parent


def races(events: int, seed: int, before: str | None, pairs: int) -> Iterator[Race]:
    """Yield the races, with logs of so many events; `before` names the revision of git that is the rival, if any."""
    logs: dict[str, Callable[[], Path]] = {
        "usual log": partial(data.log, events),
        "varied log": partial(patterns_data.log, events, seed),
    }
    for name, log in logs.items():
        yield Race(f"growth, {name}", "all of it", partial(_growth, log, events), GROWTH_BOUND, pairs, warm_up=False)
    if before is not None:
        for name, log in logs.items():
            yield Race(f"ingest, {name}", before, partial(_ingest, log, events, before), BEFORE_BOUND, pairs)


def _growth(log: Callable[[], Path], events: int, folder: Path) -> Entry:
    """Load what follows a log, whose store is rolled up, and ask; the rival loads all and asks."""
    first, rest, before = folder / "first.jsonl", folder / "rest.jsonl", folder / "before.duckdb"
    own, rival = folder / "own.duckdb", folder / "rival.duckdb"
    few = min(_FEW, events // 2)
    with log().open("rb") as lines:
        with first.open("wb") as file:
            file.writelines(islice(lines, events - few))
        rest.write_bytes(lines.read())
    data.load(first, before)
    subprocess.run([data.ERRCLI, "rollup", "--db", before], check=True, stdout=subprocess.DEVNULL)

    def check() -> None:
        require("events stored", (data.rows(own), data.rows(rival)), (events, events))
        answers = [output_of(Process(_ask(store)), folder) for store in (own, rival)]
        require("both answers are the same, with rows", (answers[0] == answers[1], bool(answers[0])), (True, True))

    return Entry(
        _load_and_ask(rest, own, partial(data.copy, before, own)),
        _load_and_ask(log(), rival, partial(rival.unlink, missing_ok=True)),
        check,
    )


def _load_and_ask(log: Path, store: Path, before: Callable[[], None]) -> Process:
    load = [str(data.ERRCLI), "ingest", str(log), "--db", str(store)]
    return Process(["sh", "-c", f"{shlex.join(load)} && {shlex.join(_ask(store))}"], before)


def _ask(store: Path) -> list[str]:
    return [str(data.ERRCLI), "patterns", "--db", str(store), "--now", data.END.isoformat(), "--since", "1d",
            "--min-count", "1", "--limit", "0", "--format", "jsonl"]  # fmt: skip


def _ingest(log: Callable[[], Path], events: int, revision: str, folder: Path) -> Entry:
    """Load a log into a new store with the present code; the rival does so with an older revision's."""
    older, own, rival = _sources(revision, folder / "older"), folder / "own.duckdb", folder / "rival.duckdb"
    require("the rival's code", _location(older, folder), str(older))
    require("the present code", _location(_ROOT / "src", folder), str(_ROOT / "src"))

    def check() -> None:
        require("events stored", (data.rows(own), data.rows(rival)), (events, events))

    return Entry(
        _of_sources(_ROOT / "src", ingest.into_new(log(), own)),
        _of_sources(older, ingest.into_new(log(), rival)),
        check,
    )


def _sources(revision: str, folder: Path) -> Path:
    """Write the sources of a revision into a folder and return where their packages are."""
    archive = subprocess.run(["git", "archive", revision, "src"], cwd=_ROOT, capture_output=True, check=False)  # noqa: S607
    if archive.returncode != 0:
        raise SystemExit(f"git archive {revision}: {archive.stderr.decode().strip()}")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder / "src"


def _of_sources(sources: Path, process: Process) -> Process:
    """Return a process in which these sources are imported, whichever are installed."""
    path = os.pathsep.join(filter(None, (str(sources), os.environ.get("PYTHONPATH"))))
    return process._replace(arguments=["env", f"PYTHONPATH={path}", *process.arguments])


def _location(sources: Path, folder: Path) -> str:
    question = "import errcli, pathlib; print(pathlib.Path(errcli.__file__).parent.parent)"
    return output_of(_of_sources(sources, Process([sys.executable, "-c", question])), folder).strip()
