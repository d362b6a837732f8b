"""Does the accounting add up for logs of all formats, mixed and damaged, with rules and folding at work?"""

import random
import tempfile
from pathlib import Path

import pytest

from errcli.config import Condition
from errcli.errors import InputError
from errcli.ingest.redact import Redactor
from errcli.intake import How, Intake, Taken
from errcli.store.burst import Fold, Keeping
from errcli.store.connection import reading
from errcli.store.load import workers
from tests.cases import empty_store
from tests.support import REPOSITORY, SAMPLE

LOGS = sorted((REPOSITORY / "tests" / "formats" / "data").glob("*.jsonl"))
LINES = [line for log in LOGS for line in log.read_bytes().splitlines()] + SAMPLE.read_bytes().splitlines()[:200]
DAMAGES = (b"null", b"{", b'"', b"\\ud800", b"1e999", b"\n", b"\0", b"\xff")
KEEPING = Keeping({"checked": [Condition("error_type", "=", "validation")]}, 2, Fold(1, 3_600_000_000))


def damaged(line: bytes, source: random.Random) -> bytes:
    """Return a line with up to three bytes changed, pieces missing, or pieces too many."""
    changed = bytearray(line)
    for _ in range(source.choice([0, 0, 1, 3])):
        place = source.randrange(len(changed) + 1)
        kind = source.randrange(3)
        if kind == 0:
            changed[place : place + 1] = bytes([source.randrange(256)])
        elif kind == 1:
            del changed[place : place + source.randrange(20)]
        else:
            changed[place:place] = source.choice(DAMAGES)
    return bytes(changed)


def taken(text: bytes, folder: Path) -> tuple[Taken, int]:
    """Load a text; return what became of it, and how many events the store has."""
    (folder / "a.log").write_bytes(text)
    options = empty_store(folder / "errcli.duckdb")
    with workers(options, KEEPING) as crew:
        result = Intake(crew, How(redactor=Redactor()), []).take(str(folder / "a.log"), lambda _: None)
    with reading(options) as store:
        return result, store.scalar("SELECT count(*) FROM user_errors")


def check_accounting(text: bytes) -> None:
    """Load a text as a log, and require that each of its lines became one thing."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            result, stored = taken(text, Path(folder))
        except InputError:
            return  # refused by name, whole
    parts = (result.stored, result.duplicates, result.folded, result.dropped.total(), result.rejected.total())
    assert sum(parts) + result.blank == result.lines
    assert stored == result.stored


@pytest.mark.parametrize("seed", range(24))
def test_the_lines_of_any_log_add_up(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311
    lines = [damaged(source.choice(LINES), source) for _ in range(source.randrange(1, 80))]
    check_accounting(b"\n".join(lines) + source.choice([b"", b"\n", b"\r\n"]))
