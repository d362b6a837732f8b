"""Is every line accounted for, exactly once, whatever the bytes are?"""

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from errcli.cli.main import run
from errcli.errors import InputError
from errcli.ingest.reader import Batch, Reader
from errcli.ingest.redact import Redactor
from errcli.ingest.sources import opened
from tests.support import batches

TIME = "2026-03-01T12:00:00Z"


class Line(NamedTuple):
    """A line of a log, and what has to become of it: an event's own id, a reason, or `blank`."""

    text: bytes
    outcome: str
    is_event: bool = False


def nested(own_id: str, **more: Any) -> dict[str, Any]:
    return {"id": own_id, "userId": "u-1", "timestamp": TIME, "error": {"type": "timeout"}, **more}


def flat(own_id: str) -> dict[str, Any]:
    return {"id": own_id, "user_id": "u-1", "timestamp": TIME, "error_type": "timeout"}


def spread(own_id: str) -> dict[str, Any]:
    return {"id": own_id, "userId": "u-1", "timestamp": TIME, "type": "timeout", "context": {}}


def deep(depth: int) -> bytes:
    """Return a good event but for its input, which nests `depth` lists."""
    return json.dumps(nested("deep") | {"inputData": 0}).replace('"inputData": 0', "").encode()[:-1] + (
        b'"inputData": ' + b"[" * depth + b"]" * depth + b"}"
    )


def event_line(own_id: str, shape: int, spoil: bytes) -> Line:
    record = (nested, flat, spread)[shape](own_id) | {"technical": "@"}
    return Line(json.dumps(record).encode().replace(b"@", spoil), own_id, is_event=True)


OWN_IDS = st.sampled_from([f"e-{number}" for number in range(8)])
# Invalid UTF-8, a lone surrogate, an escaped NUL, a pair of surrogates, a number out of range where text was.
SPOILS = st.sampled_from(
    [b"fine", b"\xff\xfe", b"\\ud800", b"\\u0000", b"\\ud83d\\ude00", b'", "release": 1e999, "x": "']
)
EVENTS = st.builds(event_line, OWN_IDS, st.integers(0, 2), SPOILS)
BLANK = st.sampled_from([b"", b" ", b"\t  "]).map(lambda text: Line(text, "blank"))
NOT_JSON = st.sampled_from(
    [b"2026-03-01 ERROR boom", b'{"user_id": "u"', b'{"a": 1}}', b"{'a': 1}", b'{"a": NaN}', b"\0\0\0", b"\xff", b"]"]
).map(lambda text: Line(text, "not JSON"))
NOT_AN_EVENT = st.sampled_from(
    [
        b"1",
        b"null",
        b"true",
        b'"text"',
        b"{}",
        b'{"userId": "u", "timestamp": 1}',
        b'{"error": "boom", "userId": "u"}',
        b"[1]",
    ]
).map(lambda text: Line(text, "not an event"))
NO_USER = st.sampled_from([None, "", "  ", True, {}, []]).map(
    lambda user: Line(json.dumps(nested("nobody") | {"userId": user}).encode(), "no user")
)
BAD_TIME = st.sampled_from([None, "", "yesterday", "2026-02-30", True, {}, 1e300, "2026-03-01T25:00:00Z"]).map(
    lambda time: Line(json.dumps(nested("never") | {"timestamp": time}).encode(), "bad time")
)
TOO_LONG = st.sampled_from(
    [
        Line(json.dumps(nested("long", technical="x" * (1 << 20))).encode(), "line over 1 MiB"),
        Line(json.dumps(nested("wide")).encode() + b" " * (1 << 20), "line over 1 MiB"),
        Line(json.dumps(nested("wide")).encode() + b" " * (9 << 20), "line over 1 MiB"),
    ]
)
TOO_DEEP = st.sampled_from([101, 500, 100_000]).map(lambda depth: Line(deep(depth), "nesting too deep"))
LINES = st.one_of(EVENTS, EVENTS, EVENTS, BLANK, NOT_JSON, NOT_AN_EVENT, NO_USER, BAD_TIME, TOO_DEEP)
FILES = st.lists(LINES, max_size=12)


def written(lines: Iterable[Line], ends: Iterable[bytes], mark: bytes = b"") -> bytes:
    return mark + b"".join(line.text + end for line, end in zip(lines, ends, strict=True))


def is_list_of_lines(lines: list[Line]) -> bool:
    """Whether the first line does not make the whole a JSON list."""
    first = next((line.text for line in lines if line.text.strip()), b"")
    return not first.startswith(b"[")


def read(path: Path, redactor: Redactor | None = None) -> Batch:
    """Return what all records of a file became, each in the order of the file."""
    whole = Batch()
    with opened(str(path)) as source:
        for batch in batches(Reader(source, "native", redactor)):
            assert batch.lines == len(batch.events) + len(batch.rejected) + batch.dropped.total() + batch.blank
            whole.lines += batch.lines
            whole.blank += batch.blank
            whole.events += batch.events
            whole.rejected += batch.rejected
    whole.events.sort(key=lambda numbered: numbered[0])
    whole.rejected.sort(key=lambda line: line.line_number)
    return whole


def passed(path: Path) -> int:
    """Return how many bytes the passages add up to."""
    with opened(str(path)) as source:
        return sum(part.passage.size for part in Reader(source, "native", None).parts() if part.passage)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(LINES, LINES, LINES, TOO_LONG), st.sampled_from([b"\n", b"\r\n"])), max_size=12),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_every_line_becomes_one_thing(lines_and_ends: list[tuple[Line, bytes]], mark: bytes) -> None:
    lines = [line for line, _ in lines_and_ends]
    assume(is_list_of_lines(lines) and (lines or not mark))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.log")
        path.write_bytes(written(lines, [end for _, end in lines_and_ends], mark))
        batch = read(path, Redactor())
        assert passed(path) == path.stat().st_size
    assert batch.lines == len(lines)
    assert batch.blank == sum(line.outcome == "blank" for line in lines)
    assert [(number, event.source_id) for number, event in batch.events] == [
        (number, line.outcome) for number, line in enumerate(lines, 1) if line.is_event
    ]
    assert [(line.line_number, line.reason) for line in batch.rejected] == [
        (number, line.outcome) for number, line in enumerate(lines, 1) if not line.is_event and line.outcome != "blank"
    ]


def ledger_of(lines: list[Line], known: set[str]) -> dict[str, int]:
    """Count by hand what a load of these lines does to a store that knows some ids."""
    ids = [line.outcome for line in lines if line.is_event]
    fresh = set(ids) - known
    blank = sum(line.outcome == "blank" for line in lines)
    return {
        "lines": len(lines),
        "stored": len(fresh),
        "duplicates": len(ids) - len(fresh),
        "folded": 0,
        "dropped": 0,
        "rejected": len(lines) - len(ids) - blank,
        "blank": blank,
    }


COUNTS = "lines, stored, duplicates, folded, dropped, rejected, blank"
NAMES = COUNTS.split(", ")


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(FILES, min_size=1, max_size=3))
def test_files_ledger_rejects_and_events_agree_and_later_loads_add_nothing(drawn: list[list[Line]]) -> None:
    """What was read before and recognised is not read again, but from the start: then all of it is duplicates."""
    # no file is the beginning of another one
    files = [[Line(b"log %d" % number, "not JSON"), *lines] for number, lines in enumerate(drawn)]
    again = [lines for lines in files if not any(line.is_event for line in lines)]
    known: set[str] = set()
    ledgers: list[list[tuple[int, ...]]] = []
    for loaded in (files, again, files):
        ledgers.append([])
        for lines in loaded:
            ledgers[-1].append(tuple(ledger_of(lines, known).values()))
            known |= {line.outcome for line in lines if line.is_event}
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"{number}.jsonl")) for number in range(len(files))]
        for path, lines in zip(paths, files, strict=True):
            Path(path).write_bytes(written(lines, [b"\n"] * len(lines)))
        store, out = str(Path(folder, "s.duckdb")), Path(folder, "out.json")
        for ledger, how in zip(ledgers, ([], [], ["--from-start"]), strict=True):
            run(["ingest", *how, *paths, "--db", store, "-f", "json", "-o", str(out)])
            (row,) = json.loads(out.read_text())["rows"]
            assert [row[name] for name in NAMES] == [sum(column) for column in zip([0] * 7, *ledger, strict=True)]
            assert row["lines"] == sum(row[name] for name in NAMES[1:])
        with duckdb.connect(store, read_only=True) as connection:
            in_ledger = connection.execute(f"SELECT {COUNTS} FROM ingested_files ORDER BY rowid").fetchall()
            ids = connection.execute("SELECT source_id FROM user_errors").fetchall()
            rejects = connection.execute("SELECT file, line_number, reason FROM rejected_lines").fetchall()
    assert in_ledger == [counts for ledger in ledgers for counts in ledger]
    assert sorted(ids) == sorted((own_id,) for own_id in known)
    assert sorted(rejects) == sorted(
        (path, number, line.outcome)
        for path, lines in zip(paths, files, strict=True)
        for number, line in enumerate(lines, 1)
        if not line.is_event and line.outcome != "blank"
    )


def is_json(text: bytes) -> bool:
    """Ask another parser."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text.decode("utf-8", "replace"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


def spliced(parts: list[tuple[bytes, int, int]]) -> bytes:
    return b"".join(part[start : start + length] for part, start, length in parts)


PIECES = st.one_of(
    st.binary(max_size=20),
    EVENTS.map(lambda line: line.text + b"\n"),
    st.sampled_from(
        [b"\n", b"\r\n", b"{", b"[", b'{"Records": [', b"]}", b"\x1f\x8b\x08", b"\xff\xfe", b"\xef\xbb\xbf"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(PIECES, st.integers(0, 3), st.integers(0, 200)), max_size=8).map(spliced))
@example(b"[]\n" + json.dumps(flat("e-1")).encode())
@example(b'{"Records": [')
@example(b"[" * 100_000)
@example(b"\x1f\x8b")
@example(b"\x0b0")
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.log")
        path.write_bytes(data)
        try:
            batch = read(path, Redactor())
        except InputError:
            return
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if data.startswith(b"\x1f\x8b") or b"}\0" in data or re.match(rb"(\xef\xbb\xbf)?\s*(\[|\{\s*\"Records\")", data):
        return
    for rejected in batch.rejected:
        record = lines[rejected.line_number - 1].strip()  # outer white space of ASCII, of which JSON knows a part only
        assert is_json(record) == (rejected.reason != "not JSON")


def test_a_line_of_exactly_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    frame = len(json.dumps(nested("long", technical="")))
    longest = json.dumps(nested("long", technical="x" * ((1 << 20) - frame))).encode()
    longer = longest.replace(b"xxx", b"xxxx", 1)
    path = tmp_path / "a.jsonl"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + longest + b"\r\n" + longest + b"\n" + longer + b"\r\r\n" + longer)
        batch = read(path)
        assert [event.source_id for _, event in batch.events] == ["long", "long"]
        assert [(line.line_number, line.reason) for line in batch.rejected] == [
            (3, "line over 1 MiB"),
            (4, "line over 1 MiB"),
        ]
        assert all(len(line.text) <= 8192 for line in batch.rejected)


def test_a_hundred_levels_are_read_and_one_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(deep(99) + b"\n" + deep(100) + b"\n")
    batch = read(path)
    assert [event.source_id for _, event in batch.events] == ["deep"]
    assert [(line.line_number, line.reason) for line in batch.rejected] == [(2, "nesting too deep")]


def test_brackets_inside_text_are_no_nesting(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(json.dumps(nested("e", technical="[" * 500)).encode())
    batch = read(path)
    assert [event.technical for _, event in batch.events] == ["[" * 500]


def test_more_lines_than_a_batch_holds_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(flat("e-1")).encode()
    path.write_bytes((good + b"\n") * 10_000 + b"broken\n" + (good + b"\n") * 5 + b"broken\n")
    batch = read(path)
    assert batch.lines == 10_007
    assert [line.line_number for line in batch.rejected] == [10_001, 10_007]
