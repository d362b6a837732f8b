"""Does who writes wait for a dashboard? Decisions on a store that one shows, against the same beside one of another."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import data
from bench.race import Entry, Race
from bench.timing import Process

_BOUND = 1.3

_ASKS = """\
import sys
from pathlib import Path
from errcli.config import Config
from errcli.dashboard.questions import Ask, Questions, Setting
from errcli.store.connection import StoreOptions
asks = [Ask("timeline"), Ask("patterns", {"min_count": 1}, 200)]
asks += [Ask(name, {}, 200) for name in ("struggling", "impact", "recent")]
questions = Questions(Setting(StoreOptions(Path(sys.argv[1])), Config(), "1h", "1s", sys.argv[2]))
while True:
    answers = questions.ask(asks)
    print(len(answers.results), flush=True)
"""

_WRITES = """\
import subprocess, sys, time
from pathlib import Path
from errcli.store.connection import StoreOptions, writing
asking = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2], sys.argv[4]], stdout=subprocess.PIPE)
assert asking.stdout.readline() == b"5\\n"
try:
    for number in range(30):
        with writing(StoreOptions(Path(sys.argv[3]))) as store, store.transaction():
            store.run("UPDATE user_errors SET page = '/written' WHERE id = (SELECT min(id) FROM user_errors)")
        time.sleep(0.05)
finally:
    asking.kill()
    asking.wait()
"""


def races(events: int, pairs: int) -> Iterator[Race]:
    """Yield the race."""
    yield Race("dashboard beside a writer", "another's dashboard", partial(_beside, events), _BOUND, pairs)


def _beside(events: int, folder: Path) -> Entry:
    written, other = folder / "written.duckdb", folder / "other.duckdb"
    for path in (written, other):
        data.copy(data.store(events), path)
    program, now = [sys.executable, "-c", _WRITES, _ASKS], data.END.isoformat()
    return Entry(
        Process([*program, str(written), str(written), now]), Process([*program, str(other), str(written), now])
    )
