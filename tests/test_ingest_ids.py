"""Is the same event always the same row: by its UUID, by its source's own id, or by its text?"""

import gzip
import json
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from errcli.event import event_ids, parse_uuid
from errcli.store.connection import StoreOptions, reading
from tests import cases, oracle
from tests.support import Cli, event, write_log

UUID = "a3e5f71d-4e81-470f-bedf-574c603a6e8e"


def ids(cli: Cli) -> list[tuple[str, str | None]]:
    rows = cli("query", "SELECT id, source_id FROM user_errors ORDER BY id", "-f", "json").rows
    return [(row["id"], row["source_id"]) for row in rows]


def test_a_uuid_is_kept(cli: Cli, tmp_path: Path) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(id=UUID)]))
    assert ids(cli) == [(UUID, None)]


@pytest.mark.parametrize("spelling", [UUID.upper(), UUID.replace("-", ""), UUID.replace("-", "").upper()])
def test_another_spelling_of_a_uuid_is_the_same_id(cli: Cli, tmp_path: Path, spelling: str) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(id=UUID)]))
    row = cli("ingest", write_log(tmp_path / "b.jsonl", [event(id=spelling)]), "-f", "json").row
    assert (row["stored"], row["duplicates"]) == (0, 1)
    assert ids(cli) == [(UUID, None)]


@pytest.mark.parametrize(
    "text",
    [f"{{{UUID}}}", f"urn:uuid:{UUID}", f" {UUID}", UUID[:-1], UUID + "0", "g" + UUID[1:], "", "a\0b", "\uff11" * 32],
)
def test_nothing_else_is_a_uuid(text: str) -> None:
    assert parse_uuid(text) is None


def test_an_id_that_is_no_uuid_is_kept_beside_a_derived_one(cli: Cli, tmp_path: Path) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(id="order-17")]))
    assert ids(cli) == [("976e6c16-d061-5c26-84f3-89d3a1943246", "order-17")]


@pytest.mark.parametrize("own_id", ["17", "x", "'; DROP TABLE user_errors; --", "é", "a\0b", "-", "x" * 10_000])
def test_derived_ids_are_uuids_of_version_5_and_lasting(own_id: str) -> None:
    derived, source_id = event_ids(own_id, b"this does not count")
    assert (derived.version, derived.variant, source_id) == (5, uuid.RFC_4122, own_id)
    assert event_ids(own_id, b"nor does this") == (derived, own_id)


def test_a_number_and_the_same_number_as_text_are_one_id(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event(id=17), event(id="17", error_code="again")])
    row = cli("ingest", log, "-f", "json").row
    assert (row["stored"], row["duplicates"]) == (1, 1)
    assert [source_id for _, source_id in ids(cli)] == ["17"]


@pytest.mark.parametrize("no_id", [None, "", "  ", True, {"a": 1}])
def test_what_is_no_id_is_as_if_missing(cli: Cli, tmp_path: Path, no_id: object) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(id=no_id)]))
    ((derived, source_id),) = ids(cli)
    assert (uuid.UUID(derived).version, source_id) == (5, None)


def test_without_an_id_the_same_text_is_the_same_event_wherever_it_stands(cli: Cli, tmp_path: Path) -> None:
    text = json.dumps(event("u-1"))
    (tmp_path / "lines.jsonl").write_text(f"{text}\n  {text}\r\n")
    (tmp_path / "list.json").write_text(f"[{text},\n {text}]")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(text.encode()))
    row = cli("ingest", tmp_path / "lines.jsonl", tmp_path / "list.json", tmp_path / "packed.gz", "-f", "json").row
    assert (row["stored"], row["duplicates"]) == (1, 4)


def test_without_an_id_another_text_is_another_event(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [event("u-1"), event("u-2"), event("u-1", page="/a")])
    assert cli("ingest", log, "-f", "json").row["stored"] == 3


def test_the_same_id_in_another_file_is_a_duplicate_and_the_first_wins(cli: Cli, tmp_path: Path) -> None:
    first = write_log(tmp_path / "1.jsonl", [event(id="a", error_code="first"), event(id="a", error_code="second")])
    later = write_log(tmp_path / "0.jsonl", [event(id="a", error_code="third"), event(id="b", error_code="new")])
    row = cli("ingest", first, later, "-f", "json").row
    assert (row["lines"], row["stored"], row["duplicates"]) == (4, 2, 2)
    codes = cli("query", "SELECT error_code FROM user_errors ORDER BY source_id", "-f", "json").rows
    assert codes == [{"error_code": "first"}, {"error_code": "new"}]


def test_the_first_wins_across_batches_too(cli: Cli, tmp_path: Path) -> None:
    events = [event(id=str(number % 10_001), error_code=str(number)) for number in range(10_003)]
    row = cli("ingest", write_log(tmp_path / "a.jsonl", events), "-f", "json").row
    assert (row["stored"], row["duplicates"]) == (10_001, 2)
    assert cli("query", "SELECT max(CAST(error_code AS INT)) AS last FROM user_errors", "-f", "json").row == {
        "last": 10_000
    }


def place_hashes(options: StoreOptions, places: list[tuple[str, str | None, str | None]]) -> list[str]:
    """Load an event of each place and return its hash."""
    log = [
        event(error_type=kind, page=page, action=action, release=str(n))
        for n, (kind, page, action) in enumerate(places)
    ]
    cases.load(options, log)
    with reading(options) as store:
        return [found for (found,) in store.run("SELECT place_hash FROM user_errors ORDER BY CAST(release AS INT)")]


def test_a_place_hash_tells_missing_parts_from_words_and_parts_from_each_other(tmp_path: Path) -> None:
    places = [
        ("timeout", "/a", "pay"),
        ("timeout", "/a", None),
        ("timeout", "/a", "-"),
        ("timeout", "/a", ""),
        ("timeout", None, "pay"),
        ("timeout", "null", "pay"),
        ("timeout:/a", "pay", None),
        ("timeout", "/a:pay", None),
        ("timeout", "/" + "a" * 1000, None),
        ("timeout", "/" + "a" * 1001, None),
    ]
    hashes = place_hashes(StoreOptions(tmp_path / "s.duckdb"), places)
    assert len(set(hashes)) == len(places)
    assert hashes[0] == "28a78b515927afdf3f038f05e3715e6dba35dd24a45b3b080b2ea1d9651e7c8d"


ODD_TEXTS = st.text(max_size=6) | st.sampled_from(
    [
        "\0",
        "\x01",
        "\x1f",
        "\x7f",
        "\x80",
        "\b\f\n\r\t",
        "\v",
        '"',
        "\\",
        "/",
        "\u2028",
        "\ufeff",
        "😀",
        "e\u0301",
        "</script>",
    ]
)
PLACES = st.tuples(ODD_TEXTS.filter(bool), st.none() | ODD_TEXTS, st.none() | ODD_TEXTS)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=40))
@example([(chr(code), None, None) for code in range(1, 0x100)])
def test_a_place_hash_is_the_sha_256_of_its_parts_as_json(places: list[tuple[str, str | None, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hashes = place_hashes(StoreOptions(Path(folder, "s.duckdb")), places)
    assert hashes == [oracle.place_hash(*place) for place in places]
