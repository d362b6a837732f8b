"""Of events that say the same but for digits the engine tests one: is what another one says ever missed?"""

import json
import random
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from errcli.ingest import lines
from errcli.ingest.redact import Redactor
from errcli.intake import How
from errcli.store import worker
from tests.lanes import loaded, rows_by_lane
from tests.test_ingest_lanes import LINES

SECRET = "hunter2"  # noqa: S105 - a made-up one
COLUMNS = (
    "error_type", "error_code", "error_message", "user_message", "technical", "page", "action", "severity",
    "recovery_method", "recovery_user_action", "release", "fingerprint",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _looks_at_one_of_few() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "_FEW", 0)
        yield


def line(number: int, **fields: Any) -> str:
    common = {"id": f"e-{number}", "userId": f"u-{number % 7}", "timestamp": f"2026-03-01T12:00:{number % 60:02}Z"}
    return json.dumps(common | {"error_code": "E", "error_message": "Order 17 was not found"} | fields)


def both_lanes(texts: list[str], redactor: Redactor | None) -> str:
    """Hold the lanes against each other and return what is stored, as text."""
    log = "".join(f"{each}\n" for each in texts).encode("utf-8", "surrogateescape")
    by_engine, by_python = rows_by_lane(log, How("native", redactor))
    assert by_engine == by_python
    assert by_engine[0].stored == len(texts)
    return repr(by_engine[1])


@pytest.mark.parametrize("column", COLUMNS)
def test_a_secret_in_any_column_of_one_event_among_others_like_it_is_not_stored(column: str) -> None:
    texts = [line(number) for number in range(30)]
    texts[17] = line(17, **{column: f"password={SECRET}"})
    texts[23] = line(23, **{column: f"token={SECRET}"})
    stored = both_lanes(texts, Redactor())
    assert SECRET not in stored
    assert stored.count("[redacted]") == 2


def test_a_secret_in_a_list_or_in_input_data_is_not_stored() -> None:
    texts = [line(number, previous_errors=["E_1"], input_data={"order": number}) for number in range(30)]
    texts[17] = line(17, previous_errors=["E_1", f"password={SECRET}"], input_data={"order": 17})
    texts[23] = line(23, previous_errors=["E_1"], input_data={"order": 23, "password": SECRET})
    stored = both_lanes(texts, Redactor())
    assert SECRET not in stored
    assert stored.count("[redacted]") == 2


@pytest.mark.parametrize("column", ["error_message", "page", "user_message", "input_data"])
def test_of_numbers_that_differ_in_their_digits_only_the_card_is_replaced(column: str) -> None:
    numbers = ["1764440000000000", "1111111111111111", "4111111111111111", "1764440000000001"]
    stored = both_lanes([line(at, **{column: f"/pay {each} now"}) for at, each in enumerate(numbers)], Redactor())
    assert [number in stored for number in numbers] == [True, True, False, True]


def test_letters_that_are_written_with_digits_in_json_make_a_secret_of_one_event_alone() -> None:
    written = ['{"note": "\\u0090assword=%s"}', '{"note": "\\u0070assword=%s"}', '{"note": "\\u0010assword=%s"}']
    texts = [line(at, input_data=[]).replace("[]", each % f"{SECRET}{at}") for at, each in enumerate(written)]
    stored = both_lanes(texts, Redactor())
    assert [f"{SECRET}{at}" in stored for at in range(3)] == [True, False, True]


@pytest.mark.parametrize("secret", [0, 7, 9])
def test_a_key_of_ones_own_that_ends_in_a_digit_is_told_from_others_like_it(secret: int) -> None:
    # the rows have the numbers of shapes, too: what is replaced is no twin any more of what it was like
    texts = [line(at, error_message=f"field{at}=value{at}x was refused") for at in range(10)]
    stored = both_lanes(texts, Redactor((f"field{secret}",)))
    assert [f"value{at}x" in stored for at in range(10)] == [at != secret for at in range(10)]


def test_what_stands_behind_the_beginning_of_a_long_message_is_looked_at() -> None:
    beginning = "Order 17 was not found. " * 50
    ends = ["is all, so far", f"token={SECRET}x", "and that is it"]
    assert len(set(map(len, ends))) == 1
    assert SECRET not in both_lanes(
        [line(at, error_message=beginning + end) for at, end in enumerate(ends)], Redactor()
    )


# Where the engine's hash of a text may be equal: in the last bytes of two of its pieces of eight.
LETTERS = string.ascii_lowercase


def test_a_secret_is_found_behind_texts_that_have_its_hash() -> None:
    ends = string.ascii_letters + " .,;:-/"
    without = [line(at, error_message=f"Has pasl=000000{end} refused") for at, end in enumerate(ends)]
    secret = [line(100 + at, error_message=f"Has pass=482913{end} refused") for at, end in enumerate(ends)]
    assert "482913" not in both_lanes(without + secret, Redactor())


def test_pages_that_may_have_one_hash_are_places_of_their_own(tmp_path: Path) -> None:
    pages = [f"/shops-{one}/order-{other}" for one in LETTERS for other in LETTERS]
    (tmp_path / "a.jsonl").write_text("".join(f"{line(at, page=page)}\n" for at, page in enumerate(pages)), "utf-8")
    loaded(tmp_path, tmp_path / "a.jsonl", How("native", None))
    with duckdb.connect(str(tmp_path / "s.duckdb"), read_only=True) as connection:
        ((places,),) = connection.execute("SELECT count(DISTINCT place_hash) FROM user_errors").fetchall()
    assert places == 676


DEEP = "[" * 150 + "]" * 150


@pytest.mark.parametrize(
    ("message", "user_message"),
    [(f" {DEEP}", None), (" " * len(DEEP), f" {DEEP}"), ("", f" {DEEP}")],
    ids=["blank before it", "of blanks", "empty"],
)
def test_a_list_that_nests_too_deep_is_told_from_a_text_that_looks_like_it(
    message: str, user_message: str | None
) -> None:
    text = line(1, error_message=message, user_message=user_message)
    nested = line(2, error_message="DEEP", user_message=user_message).replace('"DEEP"', DEEP)
    by_engine, by_python = rows_by_lane(f"{text}\n{nested}\n".encode(), How("native", None))
    assert by_engine == by_python
    assert (by_engine[0].stored, by_engine[0].rejected.total()) == (1, 1)


@pytest.mark.parametrize("few", [0, 100, 10_000])
def test_what_was_replaced_once_is_not_looked_at_again(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_FEW", few)
    monkeypatch.setattr(lines, "_FIRST_BYTES", 10_000)  # some parts to a burst
    messages = [f"password={SECRET}" if number % 50 == 11 else f"Order {number} failed" for number in range(1000)]
    messages[45] = f"not \udcff UTF-8, password={SECRET}"  # put aside before the engine reads the others
    texts = [line(at, error_message="?").replace('"?"', f'"{each}"') for at, each in enumerate(messages)]
    stored = both_lanes(texts, Redactor())
    assert SECRET not in stored
    assert stored.count("[redacted]") == 21


def with_other_digits(text: str, chance: random.Random) -> str:
    """Return a line whose digits in texts are others; a line that is no event any more is refused by both lanes."""
    return re.sub(r"(?<=[a-zA-Z =/])[0-9]", lambda _: str(chance.randrange(10)), text)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(LINES, min_size=1, max_size=8),
    st.randoms(use_true_random=False),
    st.sampled_from([None, Redactor(), Redactor(("a",))]),
)
def test_lines_that_differ_in_digits_are_read_by_both_lanes_alike(
    drawn: list[str], chance: random.Random, redactor: Redactor | None
) -> None:
    texts = [with_other_digits(each, chance) for each in drawn * 5]
    by_engine, by_python = rows_by_lane("".join(f"{each}\n" for each in texts).encode(), How("native", redactor))
    assert by_engine == by_python
