"""What does a report cost beyond its questions: drawing and writing, against the questions asked in one process?"""

import json
import sys
from functools import partial
from pathlib import Path

from bench import data
from bench.race import Entry, Race
from bench.timing import Process

from errcli.report.sections import SECTIONS

BOUND = 2.0
LARGEST = 600_000
"""Bytes of a page that is mailed."""

_QUESTIONS = """\
import json, sys
from datetime import datetime
from pathlib import Path

from errcli import catalog, runner
from errcli.render import Screen, render
from errcli.store.connection import StoreOptions, reading

with reading(StoreOptions(Path(sys.argv[1]))) as store:
    for name, asked in json.loads(sys.argv[3]):
        analysis = catalog.get(name)
        given = analysis.params(**asked, since="7d")
        result = runner.run(store, analysis, given, datetime.fromisoformat(sys.argv[2]), analysis.limit)
        sys.stdout.buffer.write(render(result, "json", Screen()))
"""


def races(events: int, pairs: int) -> list[Race]:
    """Return the line about the report of a store of so many events."""
    return [Race("report", "its questions alone", partial(_report, events), BOUND, pairs)]


def _report(events: int, folder: Path) -> Entry:
    store, script, page = data.store(events), folder / "questions.py", folder / "report.html"
    script.write_text(_QUESTIONS, "utf-8")
    now = data.END.isoformat()
    asked = json.dumps([(part.analysis, part.asked) for section in SECTIONS for part in section.parts])
    own = [str(data.ERRCLI), "report", "-o", str(page), "--since", "7d", "--now", now, "--db", str(store)]
    return Entry(
        Process(own), Process([sys.executable, str(script), str(store), now, asked]), partial(_require_small, page)
    )


def _require_small(page: Path) -> None:
    size = page.stat().st_size
    data.say(f"report: {size:,} bytes")
    if size > LARGEST:
        raise SystemExit(f"report: {size:,} bytes, where {LARGEST:,} is the most")
