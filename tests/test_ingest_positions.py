"""Is of a file that was read before only read what is new, whatever its name and however it changed?"""

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from errcli import intake
from errcli.ingest import lines
from tests.support import Cli, event, write_log

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Packer = Callable[[bytes], bytes]
PACKERS = pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gz", "zst"])


def text_of(*numbers: int, end: str = "\n") -> bytes:
    """Return a line of an event with an id of its own for each number; 40 of them are more than 4,096 bytes."""
    return "".join(
        json.dumps(event(f"u-{number}", id=f"e-{number}", error_message="x" * 20)) + end for number in numbers
    ).encode()


FEW = text_of(*range(3))
MANY = text_of(*range(60))
MORE = text_of(*range(100, 105))


def counts(cli: Cli, *arguments: str | Path) -> dict[str, Any]:
    """Ingest, and return what became of the lines."""
    done = cli("ingest", *arguments, "-f", "json")
    assert done.code == 0, done.err
    return {key: value for key, value in done.row.items() if key not in ("files", "seconds") and value}


def stored(cli: Cli) -> list[str]:
    rows = cli("query", "SELECT source_id FROM user_errors ORDER BY CAST(source_id[3:] AS INT)", "-f", "json").rows
    return [row["source_id"] for row in rows]


def ids(*numbers: int) -> list[str]:
    return [f"e-{number}" for number in numbers]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "app.jsonl"


@pytest.mark.parametrize("text", [FEW, MANY, FEW[:-1], b"\xef\xbb\xbf" + FEW, FEW.replace(b"\n", b"\r\n")])
def test_a_file_that_did_not_change_has_nothing_new(cli: Cli, log: Path, text: bytes) -> None:
    log.write_bytes(text)
    cli("ingest", log)
    loads = cli("query", "SELECT count(*) AS loads FROM ingested_files", "-f", "json").rows
    again = cli("ingest", log, "-f", "json")
    assert (again.code, again.row["files"], again.row["lines"], again.row["duplicates"]) == (0, 1, 0, 0)
    assert again.err == f"errcli: note: nothing new in {log} since its line {text.count(b'user_id')}\n"
    assert cli("query", "SELECT count(*) AS loads FROM ingested_files", "-f", "json").rows == loads


def test_from_start_reads_all_of_it_again(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    assert counts(cli, log, "--from-start") == {"lines": 60, "duplicates": 60}
    assert counts(cli, log) == {}


@pytest.mark.parametrize("text", [FEW, MANY])
def test_of_a_file_that_grew_only_the_new_lines_are_read(cli: Cli, log: Path, text: bytes) -> None:
    log.write_bytes(text)
    cli("ingest", log)
    log.write_bytes(text + MORE + b"\nbroken\n")
    assert counts(cli, log) == {"lines": 7, "stored": 5, "rejected": 1, "blank": 1}
    before = text.count(b"\n")
    assert cli("query", "SELECT line_number FROM rejected_lines", "-f", "json").row == {"line_number": before + 7}
    assert counts(cli, log) == {}


def test_the_ledger_tells_each_growth(cli: Cli, log: Path) -> None:
    for text in (FEW, FEW + MORE, FEW + MORE + b"\n"):
        log.write_bytes(text)
        cli("ingest", log)
    rows = cli(
        "query", "SELECT bytes, lines, stored, blank FROM ingested_files ORDER BY ingested_at", "-f", "json"
    ).rows
    assert rows == [
        {"bytes": len(FEW), "lines": 3, "stored": 3, "blank": 0},
        {"bytes": len(MORE), "lines": 5, "stored": 5, "blank": 0},
        {"bytes": 1, "lines": 1, "stored": 0, "blank": 1},
    ]


@pytest.mark.slow
def test_a_file_that_grows_line_by_line_is_one_position(cli: Cli, log: Path) -> None:
    for size in range(1, 12):
        log.write_bytes(text_of(*range(size * 5)))
        assert counts(cli, log) == {"lines": 5, "stored": 5}
    sql = "SELECT lines, read_bytes, head_size, tail_size, complete FROM file_positions"
    size = len(text_of(*range(55)))
    expected = {"lines": 55, "read_bytes": size, "head_size": 4096, "tail_size": 4096, "complete": True}
    assert cli("query", sql, "-f", "json").row == expected


@pytest.mark.parametrize("cut", [1, 20, len(MORE) // 5 - 2])
@pytest.mark.parametrize("before", [FEW, MANY])
def test_a_torn_line_is_read_once_it_is_whole(cli: Cli, log: Path, before: bytes, cut: int) -> None:
    log.write_bytes(before + MORE[:cut])
    assert counts(cli, log)["stored"] == before.count(b"\n")
    again = cli("ingest", log, "-f", "json")
    assert (again.row["lines"], again.err.count("it is left for the next run")) == (0, 1)
    log.write_bytes(before + MORE)
    assert counts(cli, log) == {"lines": 5, "stored": 5}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_last_line_without_an_end_may_go_on_with_one(cli: Cli, log: Path, end: bytes) -> None:
    log.write_bytes(FEW[:-1])
    assert counts(cli, log) == {"lines": 3, "stored": 3}
    log.write_bytes(FEW[:-1] + end)
    assert counts(cli, log) == {}
    log.write_bytes(FEW[:-1] + end + MORE + b"broken\n")
    assert counts(cli, log) == {"lines": 6, "stored": 5, "rejected": 1}
    assert cli("query", "SELECT line_number FROM rejected_lines", "-f", "json").row == {"line_number": 9}


def test_a_last_line_whose_end_was_read_by_half_may_go_on(cli: Cli, log: Path) -> None:
    log.write_bytes(FEW[:-1] + b"\r")
    assert counts(cli, log) == {"lines": 3, "stored": 3}
    log.write_bytes(FEW[:-1] + b"\r\n" + MORE)
    assert counts(cli, log) == {"lines": 5, "stored": 5}


def test_crlf_files_grow_like_others(cli: Cli, log: Path) -> None:
    log.write_bytes(text_of(1, 2, end="\r\n"))
    assert counts(cli, log) == {"lines": 2, "stored": 2}
    log.write_bytes(text_of(1, 2, 3, end="\r\n"))
    assert counts(cli, log) == {"lines": 1, "stored": 1}


@pytest.mark.parametrize("text", [FEW, MANY])
def test_a_renamed_file_is_known_and_the_new_one_of_its_name_is_read(cli: Cli, log: Path, text: bytes) -> None:
    log.write_bytes(text)
    cli("ingest", log)
    log.write_bytes(text + text_of(70))
    log.rename(log.with_name("app.jsonl.1"))
    log.write_bytes(MORE)
    assert counts(cli, log.parent) == {"lines": 6, "stored": 6}
    assert counts(cli, log.parent) == {}
    assert stored(cli) == ids(*range(text.count(b"\n")), 70, *range(100, 105))


def test_a_file_that_was_copied_and_truncated_is_read_from_its_beginning(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    shutil.copy(log, log.with_name("app.jsonl.1"))
    log.write_bytes(b"")
    assert counts(cli, log) == {}
    log.write_bytes(MORE)
    assert counts(cli, log.parent) == {"lines": 5, "stored": 5}
    log.write_bytes(MORE + text_of(200))
    assert counts(cli, log.parent) == {"lines": 1, "stored": 1}


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_file_that_was_cut_is_read_from_its_beginning(cli: Cli, log: Path, size: int) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    log.write_bytes(text_of(*range(size)))
    assert counts(cli, log) == {"lines": size, "duplicates": size}
    log.write_bytes(text_of(*range(size), 300))
    assert counts(cli, log) == {"lines": 1, "stored": 1}


def test_a_longer_file_with_the_same_beginning_is_another_one(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    other = text_of(*range(45), *range(200, 300))
    assert other[:4096] == MANY[:4096]
    log.write_bytes(other)
    assert counts(cli, log) == {"lines": 145, "stored": 100, "duplicates": 45}
    log.write_bytes(MANY + MORE)
    assert counts(cli, log) == {"lines": 5, "stored": 5}


def test_one_other_byte_before_the_place_makes_it_another_file(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    log.write_bytes(MANY[:-60] + MANY[-60:].replace(b"x", b"y", 1) + MORE)
    assert counts(cli, log)["lines"] == 65


@PACKERS
def test_a_packed_copy_of_what_was_read_has_nothing_new(cli: Cli, log: Path, pack: Packer) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    log.with_suffix(".packed").write_bytes(pack(MANY))
    assert counts(cli, log.with_suffix(".packed")) == {}


@PACKERS
def test_of_a_packed_copy_only_what_was_not_read_is(cli: Cli, log: Path, pack: Packer) -> None:
    log.write_bytes(FEW)
    cli("ingest", log)
    packed = log.with_suffix(".packed")
    packed.write_bytes(pack(FEW + MANY))
    assert counts(cli, packed) == {"lines": 60, "stored": 57, "duplicates": 3}
    packed.write_bytes(pack(FEW + MANY) + pack(MORE))
    assert counts(cli, packed) == {"lines": 5, "stored": 5}


def test_two_names_of_one_file_are_read_once(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    copy, link = log.with_name("copy.jsonl"), log.with_name("link.jsonl")
    shutil.copy(log, copy)
    link.symlink_to(log)
    assert counts(cli, log, copy, link) == {"lines": 60, "stored": 60}
    assert counts(cli, copy) == {}
    assert counts(cli, link, log) == {}
    log.write_bytes(MANY + MORE)
    assert counts(cli, link, log) == {"lines": 5, "stored": 5}


@pytest.mark.parametrize(
    "how",
    [("--from", "native"), ("--map", "page=context.page"), ("--tz", "Europe/Berlin"), ("--all-levels",)],
    ids=["from", "map", "tz", "all levels"],
)
def test_read_otherwise_it_is_a_file_not_yet_read(cli: Cli, log: Path, how: tuple[str, ...]) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    assert counts(cli, log, *how) == {"lines": 60, "duplicates": 60}
    assert counts(cli, log, *how) == {}
    assert counts(cli, log) == {}


def test_a_list_that_did_not_change_has_nothing_new_and_one_that_grew_is_read_whole(cli: Cli, log: Path) -> None:
    events = [event(f"u-{number}", id=f"e-{number}") for number in range(80)]
    log.write_text(json.dumps(events[:2]))
    assert counts(cli, log) == {"lines": 2, "stored": 2}
    assert counts(cli, log) == {}
    log.write_text(json.dumps(events[:70]))
    assert counts(cli, log) == {"lines": 70, "stored": 68, "duplicates": 2}
    assert counts(cli, log) == {}
    log.write_text(json.dumps(events))
    assert counts(cli, log) == {"lines": 80, "stored": 10, "duplicates": 70}


def test_a_file_of_which_nothing_was_recognised_is_read_again(cli: Cli, log: Path) -> None:
    log.write_text("garbage\n" * 3)
    for _ in range(2):
        done = cli("ingest", log, "-f", "json")
        assert (done.code, done.row["lines"], done.row["rejected"]) == (1, 3, 3)
    log.write_bytes(b"garbage\n" * 3 + FEW)
    assert counts(cli, log) == {"lines": 6, "stored": 3, "rejected": 3}
    assert counts(cli, log) == {}


def test_a_dry_run_tells_what_is_new_and_moves_no_position(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    log.write_bytes(MANY + MORE)
    for arguments in (("--dry-run",), ("--dry-run",), ()):
        assert counts(cli, log, *arguments) == {"lines": 5, "stored": 5}


def test_positions_are_of_a_store(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    assert counts(cli, log, "--db", "other.duckdb") == {"lines": 60, "stored": 60}


def test_damage_that_was_mended_is_read_from_there(cli: Cli, log: Path) -> None:
    text = text_of(*range(2000))
    packed = gzip.compress(text)
    log.write_bytes(packed[: len(packed) // 2])
    first = cli("ingest", log, "-f", "json")
    assert (first.code, 500 < first.row["stored"] < 1500) == (1, True)
    log.write_bytes(packed)
    rest = 2000 - first.row["stored"]
    assert counts(cli, log) == {"lines": rest, "stored": rest}


def test_a_log_that_is_dropped_or_rejected_in_parts_is_not_read_again(cli: Cli, log: Path) -> None:
    log.write_bytes(FEW + b"broken\n" + text_of(0) + b"\n")
    assert counts(cli, log) == {"lines": 6, "stored": 3, "duplicates": 1, "rejected": 1, "blank": 1}
    assert counts(cli, log) == {}


@pytest.fixture
def bursts_of_ten_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MOST_LINES", 10)
    monkeypatch.setattr(intake, "_FULL", 10)
    monkeypatch.setattr(lines, "_MOST_BYTES", 4 << 20)


@pytest.mark.usefixtures("bursts_of_ten_lines")
def test_every_burst_is_a_row_of_the_ledger_and_all_are_one_position(cli: Cli, log: Path) -> None:
    log.write_bytes(text_of(*range(25)))
    assert counts(cli, log) == {"lines": 25, "stored": 25}
    rows = cli("query", "SELECT lines, stored FROM ingested_files ORDER BY ingested_at", "-f", "json").rows
    assert [(row["lines"], row["stored"]) for row in rows] == [(10, 10), (10, 10), (5, 5)]
    assert cli("query", "SELECT lines, complete FROM file_positions", "-f", "json").row == {
        "lines": 25,
        "complete": True,
    }


@pytest.mark.usefixtures("bursts_of_ten_lines")
@pytest.mark.parametrize("fatal", [0, 1, 2, 3, 4])
def test_after_a_stop_between_bursts_exactly_the_rest_is_read(
    cli: Cli, log: Path, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    """Whatever ends a run, it ends between transactions or rolls one back: here an error in the middle of one."""
    from errcli.store import positions

    log.write_bytes(text_of(*range(45)) + b"broken\n")
    move = positions.move
    moves = iter(range(100))

    def failing(*arguments: Any) -> None:
        move(*arguments)
        if next(moves) == fatal:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(positions, "move", failing)
        assert cli("ingest", log).code == 130
    assert counts(cli, log) == {"lines": 46 - 10 * fatal, "stored": 45 - 10 * fatal, "rejected": 1}
    assert stored(cli) == ids(*range(45))
    assert cli("query", "SELECT sum(lines) AS n FROM ingested_files", "-f", "json").row == {"n": 46}
    assert counts(cli, log) == {}


def test_a_position_outlives_a_prune_and_a_compaction(cli: Cli, log: Path) -> None:
    log.write_bytes(MANY)
    cli("ingest", log)
    assert cli("prune", "--keep", "1d", "--compact").code == 0
    assert counts(cli, log) == {}
    log.write_bytes(MANY + write_log(log.with_name("x"), [event("late", "2999-01-01T00:00:00Z")]).read_bytes())
    assert counts(cli, log) == {"lines": 1, "stored": 1}
