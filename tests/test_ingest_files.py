"""Which files does a path mean, and is each read as what it is, or refused by name with the remedy?"""

import bz2
import gzip
import json
import lzma
import os
import resource
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support import Cli, Event, event, process, write_log

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Packer = Callable[[bytes], bytes]
PACKERS = pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def users(cli: Cli) -> list[str]:
    return [row["user_id"] for row in cli("query", "SELECT user_id FROM user_errors ORDER BY ALL", "-f", "json").rows]


def summary(cli: Cli, *arguments: str | Path) -> dict[str, Any]:
    done = cli("ingest", *arguments, "-f", "json")
    assert done.code == 0, done.err
    return {key: value for key, value in done.row.items() if key != "seconds" and value}


def test_several_paths(cli: Cli, folder: Path) -> None:
    one, two = write_log(folder / "1.jsonl", [event("u-1")]), write_log(folder / "2.txt", [event("u-2")])
    assert summary(cli, one, two) == {"files": 2, "lines": 2, "stored": 2}
    assert users(cli) == ["u-1", "u-2"]


def test_a_directory_means_the_logs_in_it_and_below(cli: Cli, folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    for name in ("a.jsonl", "b.ndjson", "c.json", "D.LOG", "deep/er/e.jsonl"):
        write_log(folder / name, [event(name)])
    (folder / "f.jsonl.gz").write_bytes(gzip.compress(json.dumps(event("f")).encode()))
    (folder / "g.log.zst").write_bytes(zstd.compress(json.dumps(event("g")).encode()))
    for name in ("app.log.1", "app.log.2.gz", "app.jsonl-20261120", "app.log-2026-11-20.gz"):
        text = json.dumps(event(name)).encode()
        (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    for name in ("notes.txt", "app.log.bak", "app.log.1.txt", "log.1", "jsonl"):
        (folder / name).write_text("not a log")
    (folder / "dangling.jsonl").symlink_to(folder / "nowhere")
    assert summary(cli, folder) == {"files": 11, "lines": 11, "stored": 11}
    assert users(cli) == [
        "D.LOG", "a.jsonl", "app.jsonl-20261120", "app.log-2026-11-20.gz", "app.log.1", "app.log.2.gz", "b.ndjson",
        "c.json", "deep/er/e.jsonl", "f", "g",
    ]  # fmt: skip


def test_a_directory_without_logs_is_a_usage_error(cli: Cli, folder: Path) -> None:
    done = cli("ingest", folder)
    assert done.code == 2
    assert "no log file in this directory" in done.err


def test_a_quoted_glob(cli: Cli, folder: Path) -> None:
    for name in ("a1.jsonl", "a2.jsonl", "b1.jsonl", "below/a3.jsonl"):
        (folder / name).parent.mkdir(exist_ok=True)
        write_log(folder / name, [event(name)])
    assert summary(cli, folder / "a*.jsonl")["files"] == 2
    assert summary(cli, folder / "**" / "a*.jsonl") == {"files": 3, "lines": 1, "stored": 1}
    assert users(cli) == ["a1.jsonl", "a2.jsonl", "below/a3.jsonl"]


def test_a_name_that_exists_is_no_glob(cli: Cli, folder: Path) -> None:
    write_log(folder / "events1.jsonl", [event("not asked for")])
    literal = write_log(folder / "events[1].jsonl", [event("asked for")])
    assert summary(cli, literal) == {"files": 1, "lines": 1, "stored": 1}
    assert users(cli) == ["asked for"]


@pytest.mark.parametrize(
    "name", ["a b.jsonl", "it's.jsonl", 'q"q.jsonl', "*.jsonl", "$named;--.jsonl", "é漢.jsonl", "new\nline"]
)
def test_names_are_opened_as_they_are(cli: Cli, folder: Path, name: str) -> None:
    path = write_log(folder / name, [event()])
    assert summary(cli, path)["stored"] == 1
    assert cli("query", "SELECT file FROM ingested_files", "-f", "json").row == {"file": str(path)}


def test_a_name_that_is_no_text_is_opened_and_shown_with_replacement_characters(cli: Cli, folder: Path) -> None:
    path = os.fsdecode(os.fsencode(folder) + b"/\xff.jsonl")
    write_log(Path(path), [event()])
    assert summary(cli, path)["stored"] == 1
    assert cli("query", "SELECT file FROM ingested_files", "-f", "json").row == {"file": f"{folder}/\ufffd.jsonl"}


@pytest.mark.parametrize("path", ["nowhere.jsonl", "nowhere/*.jsonl", "", "no[where", "~nobody"])
def test_a_path_that_means_nothing_is_a_usage_error_before_anything_is_loaded(
    cli: Cli, folder: Path, path: str
) -> None:
    done = cli("ingest", write_log(folder / "a.jsonl", [event()]), path)
    assert done.code == 2
    assert done.out == ""
    assert f"errcli: usage: no such file, {path or chr(39) * 2} (" in done.err
    assert not Path("errcli.duckdb").exists()


def test_an_unreadable_file_leaves_the_others(cli: Cli, folder: Path) -> None:
    good = write_log(folder / "good.jsonl", [event()])
    bad = folder / "bad.jsonl"
    bad.write_bytes("{}".encode("utf-16"))
    late = write_log(folder / "late.jsonl", [event("u-2")])
    done = cli("ingest", good, bad, late, "-f", "json")
    assert done.code == 1
    assert (done.row["files"], done.row["stored"]) == (2, 2)
    assert f"errcli: input: UTF-16 text, {bad} (" in done.err


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b" \r\n\n", b"\xef\xbb\xbf", b"[]", gzip.compress(b"")],
    ids=["nothing", "line end", "blanks", "byte order mark", "list", "packed"],
)
def test_an_empty_file_is_no_failure(cli: Cli, folder: Path, content: bytes) -> None:
    (folder / "a.jsonl").write_bytes(content)
    done = cli("ingest", folder / "a.jsonl", "-f", "json")
    assert (done.code, done.row["files"], done.row["stored"]) == (0, 1, 0)
    assert done.row["lines"] == done.row["blank"]


def test_a_file_of_garbage_fails_and_says_which_line(cli: Cli, folder: Path) -> None:
    (folder / "a.jsonl").write_text("\n2026-03-01 ERROR boom\nmore\n")
    done = cli("ingest", folder / "a.jsonl", "-f", "json")
    assert (done.code, done.row["lines"], done.row["rejected"], done.row["blank"]) == (1, 3, 2, 1)
    assert "no event recognised in 3 lines (line 2: not JSON)" in done.err


def test_a_file_of_duplicates_is_no_failure(cli: Cli, folder: Path) -> None:
    log = write_log(folder / "a.jsonl", [event()])
    cli("ingest", log)
    assert summary(cli, "--from-start", log) == {"files": 1, "lines": 1, "duplicates": 1}
    same = write_log(folder / "b.jsonl", [event(), event()])
    assert summary(cli, same) == {"files": 1, "lines": 1, "duplicates": 1}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (json.dumps(event()).encode("utf-16"), "UTF-16 text, PATH (iconv -f UTF-16 -t UTF-8 FILE | errcli ingest -)"),
        (
            json.dumps(event()).encode("utf-16-le"),
            "UTF-16 text, PATH (iconv -f UTF-16LE -t UTF-8 FILE | errcli ingest -)",
        ),
        (
            json.dumps(event()).encode("utf-16-be"),
            "UTF-16 text, PATH (iconv -f UTF-16BE -t UTF-8 FILE | errcli ingest -)",
        ),
        (gzip.compress("[]".encode("utf-16")), "UTF-16 text, PATH (iconv -f UTF-16 -t UTF-8 FILE | errcli ingest -)"),
        (bz2.compress(b"x"), "bzip2-compressed, which is not read, PATH (bzip2 -dc FILE | errcli ingest -)"),
        (lzma.compress(b"x"), "xz-compressed, which is not read, PATH (xz -dc FILE | errcli ingest -)"),
        (
            json.dumps(event(), indent=2).encode(),
            "pretty-printed JSON: an event has to be on one line, PATH (jq -c . PATH | errcli ingest -)",
        ),
        (
            b"[]]",
            "a list of records that is no JSON: Extra data: line 1 column 3 (char 2), PATH (is the file complete?)",
        ),
    ],
    ids=["UTF-16", "UTF-16LE", "UTF-16BE", "packed UTF-16", "bzip2", "xz", "pretty", "no list"],
)
def test_what_is_not_read_is_refused_by_name_with_the_remedy(
    cli: Cli, folder: Path, content: bytes, refusal: str
) -> None:
    path = folder / "a.jsonl"
    path.write_bytes(content)
    done = cli("ingest", path)
    assert done.code == 1
    assert done.err.splitlines()[-1] == "errcli: input: " + refusal.replace("PATH", str(path))


EVENTS = [event("u-1"), event("u-2", error_message="[{"), event("u-3")]


def listed(events: list[Event], indent: int | None = None) -> bytes:
    return json.dumps(events, indent=indent).encode()


@pytest.mark.parametrize(
    "content",
    [
        listed(EVENTS),
        listed(EVENTS, indent=2),
        b"\xef\xbb\xbf \n" + listed(EVENTS) + b"\n",
        b'{"Records": ' + listed(EVENTS) + b"}",
        b'{\n  "Records" : ' + listed(EVENTS, indent=2) + b', "more": 1}',
        gzip.compress(listed(EVENTS)),
        listed([*EVENTS, event("u-4")]).replace(b"u-4", b"\\ud800"),
    ],
    ids=["array", "pretty", "marked", "Records", "pretty Records", "packed", "surrogate"],
)
def test_a_list_of_records_is_read(cli: Cli, folder: Path, content: bytes) -> None:
    (folder / "a.json").write_bytes(content)
    assert summary(cli, folder / "a.json")["stored"] >= 3
    assert users(cli)[:3] == ["u-1", "u-2", "u-3"]


def test_records_are_counted_and_rejected_by_their_number_in_the_list(cli: Cli, folder: Path) -> None:
    (folder / "a.json").write_bytes(listed([event(), {}, event("u-2"), 7, event(time="never")]))  # type: ignore[list-item]
    assert summary(cli, folder / "a.json") == {"files": 1, "lines": 5, "stored": 2, "rejected": 3}
    sql = "SELECT line_number, reason, text FROM rejected_lines ORDER BY ALL"
    assert cli("query", sql, "-f", "json").rows == [
        {"line_number": 2, "reason": "not an event", "text": "{}"},
        {"line_number": 4, "reason": "not an event", "text": "7"},
        {"line_number": 5, "reason": "bad time", "text": json.dumps(event(time="never"))},
    ]


@pytest.mark.parametrize(
    "first", ["[]", "[1, 2]", '[{"a": 1}]', "[{", "[2026-03-01] INFO started", "{", '{"Records": []}']
)
def test_a_first_line_that_looks_like_a_list_does_not_make_the_file_one(cli: Cli, folder: Path, first: str) -> None:
    path = folder / "a.jsonl"
    path.write_text(f"{first}\n{json.dumps(event('u-1'))}\n{json.dumps(event('u-2'))}\n")
    assert summary(cli, path) == {"files": 1, "lines": 3, "stored": 2, "rejected": 1}
    assert cli("query", "SELECT line_number FROM rejected_lines", "-f", "json").row == {"line_number": 1}


def test_gzip_is_told_by_its_content_and_may_have_several_members(cli: Cli, folder: Path) -> None:
    members = [gzip.compress(f"{json.dumps(event(user))}\n".encode()) for user in ("u-1", "u-2")]
    (folder / "packed.jsonl").write_bytes(b"".join(members) + b"\0" * 512)
    write_log(folder / "plain.gz", [event("u-3")])
    assert summary(cli, folder / "packed.jsonl", folder / "plain.gz")["stored"] == 3
    assert users(cli) == ["u-1", "u-2", "u-3"]


def test_zstd_is_told_by_its_content_and_may_have_several_frames(cli: Cli, folder: Path) -> None:
    frames = [zstd.compress(f"{json.dumps(event(user))}\n".encode()) for user in ("u-1", "u-2")]
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    (folder / "packed.jsonl").write_bytes(frames[0] + skippable + zstd.compress(b"") + frames[1])
    write_log(folder / "plain.zst", [event("u-3")])
    assert summary(cli, folder / "packed.jsonl", folder / "plain.zst")["stored"] == 3
    assert users(cli) == ["u-1", "u-2", "u-3"]


@pytest.mark.parametrize("magic", [b"\x50\x2a\x4d\x18", b"\x5f\x2a\x4d\x18"])
@pytest.mark.parametrize("size", [0, 4, 10_000])
def test_a_zstd_may_begin_with_frames_that_are_to_be_skipped(cli: Cli, folder: Path, magic: bytes, size: int) -> None:
    skippable = magic + size.to_bytes(4, "little") + b"x" * size
    frame = zstd.compress(f"{json.dumps(event('u-1'))}\n".encode())
    (folder / "packed.zst").write_bytes(skippable + skippable + frame + skippable + frame)
    assert summary(cli, folder / "packed.zst") == {"files": 1, "lines": 2, "stored": 1, "duplicates": 1}
    assert users(cli) == ["u-1"]


@pytest.mark.parametrize("text", ["lines", "list"])
def test_a_packed_list_is_read_with_either(cli: Cli, folder: Path, text: str) -> None:
    plain = listed(EVENTS) if text == "list" else b"".join(json.dumps(each).encode() + b"\n" for each in EVENTS)
    (folder / "a.zst").write_bytes(zstd.compress(plain))
    assert summary(cli, folder / "a.zst")["stored"] == 3


@pytest.mark.slow
@PACKERS
def test_a_line_of_many_letters_does_not_fill_the_memory(cli: Cli, folder: Path, pack: Packer) -> None:
    line = json.dumps(event("u-1")).encode() + b"\n"
    (folder / "bomb").write_bytes(pack(line + b"x" * (200 << 20) + b"\n" + line.replace(b"u-1", b"u-2")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert summary(cli, folder / "bomb") == {"files": 1, "lines": 3, "stored": 2, "rejected": 1}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


LINES, LIST = ("", "\n", "\n"), ("[", ",", "]")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "secret", "signs"),
    [
        pytest.param(400, "", LINES, id="lines"),
        pytest.param(200, "password=hunter2", LINES, id="lines with secrets"),
        pytest.param(310, "", LIST, id="one list"),
        pytest.param(200, "password=hunter2", LIST, id="one list with secrets"),
    ],
)
def test_many_events_of_nearly_a_mebibyte_do_not_fill_the_memory(
    folder: Path, count: int, secret: str, signs: tuple[str, str, str]
) -> None:
    first, between, last = signs
    with (folder / "long.jsonl").open("w") as file:
        for number in range(count):
            text = secret + f" at step {number}" * 55_000
            file.write((between if number else first) + json.dumps(event(f"u-{number}", technical=text)))
        file.write(last)
    done = process("ingest", "long.jsonl", "-f", "json", cwd=folder)
    assert (done.code, done.row["stored"]) == (0, count)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000


def packed_log(count: int, pack: Packer = gzip.compress) -> tuple[bytes, list[str]]:
    """Return a packed file of events whose texts hardly compress, and their users."""
    events = [event(f"u-{number:05}", technical=sha256(b"%d" % number).hexdigest()) for number in range(count)]
    text = "".join(f"{json.dumps(each)}\n" for each in events)
    return pack(text.encode()), [each["user_id"] for each in events]


@PACKERS
def test_a_truncated_stream_keeps_what_decoded_and_says_so(cli: Cli, folder: Path, pack: Packer) -> None:
    packed, expected = packed_log(20_000, pack)
    (folder / "a.gz").write_bytes(packed[: len(packed) // 2])
    done = cli("ingest", folder / "a.gz", "-f", "json")
    assert done.code == 1
    assert 8_000 < done.row["stored"] < 11_000
    assert users(cli) == expected[: done.row["stored"]]
    assert (
        f"damaged: the compressed stream ends early, {folder / 'a.gz'} (its first {done.row['lines']:,} lines"
        in done.err
    )


@PACKERS
def test_a_stream_with_a_wrong_byte_keeps_what_came_before(cli: Cli, folder: Path, pack: Packer) -> None:
    packed, expected = packed_log(20_000, pack)
    half = len(packed) // 2
    (folder / "a.gz").write_bytes(packed[:half] + b"\xff" * 40 + packed[half + 40 :])
    done = cli("ingest", folder / "a.gz", "-f", "json")
    assert done.code == 1
    assert "damaged: " in done.err
    assert set(expected[:8_000]) <= set(users(cli))


def test_a_gzip_with_a_wrong_checksum_keeps_every_line(cli: Cli, folder: Path) -> None:
    packed, expected = packed_log(50)
    (folder / "a.gz").write_bytes(packed[:-8] + b"\1\2\3\4" + packed[-4:])
    done = cli("ingest", folder / "a.gz")
    assert done.code == 1
    assert "damaged: " in done.err
    assert users(cli) == expected


@PACKERS
def test_garbage_after_a_stream_is_damage(cli: Cli, folder: Path, pack: Packer) -> None:
    packed, expected = packed_log(3, pack)
    (folder / "a.gz").write_bytes(packed + b"garbage")
    done = cli("ingest", folder / "a.gz")
    assert done.code == 1
    assert users(cli) == expected


@PACKERS
@pytest.mark.parametrize("keep", [4, 5, 15])
def test_a_stream_that_hardly_began_is_damage_and_no_event(cli: Cli, folder: Path, keep: int, pack: Packer) -> None:
    (folder / "a.gz").write_bytes(packed_log(3, pack)[0][:keep])
    done = cli("ingest", folder / "a.gz", "-f", "json")
    assert (done.code, done.row["lines"]) == (1, 0)
    assert "damaged: the compressed stream ends early" in done.err


def test_half_a_list_is_no_list(cli: Cli, folder: Path) -> None:
    packed = gzip.compress(listed(EVENTS))
    (folder / "a.gz").write_bytes(packed[:-12])
    done = cli("ingest", folder / "a.gz", "-f", "json")
    assert (done.code, done.row["stored"]) == (1, 0)
    assert "nothing of it was loaded" in done.err
