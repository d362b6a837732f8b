"""Are row groups put together where they are small, and left alone where their texts would not fit in memory?"""

import base64
import json
import random
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from errcli.errors import StoreIOError
from errcli.intake import How, Intake
from errcli.store import row_groups
from errcli.store.connection import StoreOptions, reading
from errcli.store.load import workers
from tests.support import Cli

LINES = 150


@pytest.mark.parametrize(
    ("rows", "read_bytes", "size"),
    [
        (122_880, 122_880 * 550, 122_880),
        (600, 600 * 550, 122_880),
        (122_880, 122_880 * 700, 120_832),
        (70_599, 70_599 * 594, 69_632),
        (15_000, 15_000 * 594, 14_336),
        (10_000, 10_000 * 594, 8_192),
        (7_000, 7_000 * 594, 122_880),
        (40_000, 40_000 * 2_000, 38_912),
        (600, 600 * 10_000, 4_096),
        (1_000, 1_000 * 5_000, 8_192),
        (400, 400 * 100_000, 2_048),
        (500, 0, 122_880),
        (0, 0, 2_048),
    ],
)
def test_a_row_group_has_no_more_rows_than_fit_in_memory(rows: int, read_bytes: int, size: int) -> None:
    assert row_groups.size_for(rows, read_bytes) == size


def events(first: int, count: int, size: int) -> str:
    """Return lines of events with so many bytes of input data, which cannot be made much smaller."""
    dice = random.Random(first)  # noqa: S311 - the same bytes every time are what is wanted
    lines = (
        {"id": f"e-{number}", "userId": "u", "timestamp": "2026-03-01T12:00:00Z", "error": {"message": "m"},
         "context": {"inputData": base64.b64encode(dice.randbytes(3 * size // 4)).decode()}}
        for number in range(first, first + count)
    )  # fmt: skip
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def load(options: StoreOptions, log: Path) -> int:
    with workers(options) as crew:
        return Intake(crew, How("native"), []).take(str(log), lambda _: None).stored


@pytest.fixture
def store_of_long_texts(tmp_path: Path) -> Path:
    store, log = tmp_path / "s.duckdb", tmp_path / "long.jsonl"
    log.write_text(events(0, LINES, 1_000_000), "utf-8")
    assert load(StoreOptions(store), log) == LINES
    return store


def test_a_small_load_into_a_store_of_long_texts_does_not_need_memory_for_them(store_of_long_texts: Path) -> None:
    log = store_of_long_texts.with_name("small.jsonl")
    log.write_text(events(LINES, 100, 20), "utf-8")
    options = StoreOptions(store_of_long_texts, memory_limit="80MB")
    assert load(options, log) == 100
    with reading(options) as store:
        assert store.scalar("SELECT count(*) FROM user_errors") == LINES + 100


def test_only_because_row_groups_are_left_as_they_are(
    store_of_long_texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they would not fit shows that the other test is one."""
    monkeypatch.setattr(row_groups, "leave_apart", lambda _: None)
    log = store_of_long_texts.with_name("small.jsonl")
    log.write_text(events(LINES, 100, 20), "utf-8")
    with pytest.raises(StoreIOError):
        load(StoreOptions(store_of_long_texts, memory_limit="80MB"), log)


def test_small_loads_leave_few_row_groups(tmp_path: Path) -> None:
    options, log = StoreOptions(tmp_path / "s.duckdb"), tmp_path / "a.jsonl"
    for number in range(20):
        log.write_text(events(100 * number, 100, 20), "utf-8")
        assert load(options, log) == 100
    assert row_groups_of(options) <= 3


@pytest.fixture
def store_of_middling_loads(tmp_path: Path) -> Path:
    """Return a store of three loads, each of which left 2,048 rows in one row group and the others in another."""
    store, log = tmp_path / "s.duckdb", tmp_path / "a.jsonl"
    for number in range(3):
        log.write_text(events(2_100 * number, 2_100, 2_000), "utf-8")
        assert load(StoreOptions(store), log) == 2_100
    assert row_groups_of(StoreOptions(store)) == 6
    return store


def test_a_rollup_puts_together_what_loads_leave_apart(store_of_middling_loads: Path, cli: Cli) -> None:
    assert cli("rollup", "--db", store_of_middling_loads).code == 0
    assert row_groups_of(StoreOptions(store_of_middling_loads)) == 1


def test_a_rollup_leaves_row_groups_apart_where_the_disk_has_no_room_for_copies(
    store_of_middling_loads: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = store_of_middling_loads.stat().st_size - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert cli("rollup", "--db", store_of_middling_loads).code == 0
    assert row_groups_of(StoreOptions(store_of_middling_loads)) == 6


def test_a_rollup_leaves_long_texts_apart(store_of_long_texts: Path, cli: Cli) -> None:
    before = row_groups_of(StoreOptions(store_of_long_texts))
    assert before > 1
    assert cli("rollup", "--db", store_of_long_texts).code == 0
    assert row_groups_of(StoreOptions(store_of_long_texts)) == before


def test_small_loads_and_rollups_leave_long_lines_that_were_rejected_apart(tmp_path: Path, cli: Cli) -> None:
    options, log = StoreOptions(tmp_path / "s.duckdb"), tmp_path / "a.jsonl"
    log.write_text(events(0, 60_000, 20), "utf-8")  # so that texts are short on the average
    assert load(options, log) == 60_000
    for number in range(3):
        dice = random.Random(number)  # noqa: S311
        rejected = (f"not JSON {base64.b64encode(dice.randbytes(6_000)).decode()}\n" for _ in range(1_500))
        log.write_text(events(60_000 + number, 1, 20) + "".join(rejected), "utf-8")
        assert load(options, log) == 1
    before = row_groups_of(options, "rejected_lines")
    assert before >= 3
    log.write_text(events(60_003, 1, 20), "utf-8")
    assert load(options, log) == 1
    assert row_groups_of(options, "rejected_lines") == before
    assert cli("rollup", "--db", options.path).code == 0
    assert row_groups_of(options, "rejected_lines") == before


def row_groups_of(options: StoreOptions, table: str = "user_errors") -> int:
    with reading(options) as store:
        groups = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info($table)"
        count: int = store.scalar(groups, {"table": table})
    return count
