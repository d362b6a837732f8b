"""Which texts of an event that the engine has read does the format's own code have to see?"""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.ingest.care import Care
from errcli.ingest.redact import Redactor

REDACTOR = Redactor()
FILLER = " " * 600_000  # with it texts are many, which an automaton searches
FRAGMENTS = st.sampled_from(
    [
        "\n",
        "\x1f",
        "{",
        '{"',
        "{}",
        "[",
        "[1",
        "[]",
        "\\u001f",
        "\\u0061",
        "password",
        "=x",
        "4111111111111111",
        "é",
        "a",
    ]
)


def needed(texts: list[str], redactor: Redactor | None) -> list[int]:
    return Care(redactor).needed(pa.array(texts, pa.string()))


@pytest.mark.parametrize("filler", [[], [FILLER]])
@pytest.mark.parametrize("redactor", [None, REDACTOR])
def test_what_is_json_where_a_text_belongs_needs_care(filler: list[str], redactor: Redactor | None) -> None:
    texts = ["Timeout", '{"a": 1}', "T\n{}", "T\n[1]", "T {}", "[x]", '"\\u0012"', 'T\x1f{"a": 1}', ""]
    assert needed(texts + filler, redactor) == [1, 2, 3, 6]


@pytest.mark.parametrize("filler", [[], [FILLER]])
def test_what_may_be_a_secret_needs_care_where_secrets_are_replaced(filler: list[str]) -> None:
    texts = ["Timeout", "password=hunter2", "card\x1f4111 1111 1111 1111", "a"]
    assert needed(texts + filler, REDACTOR) == [1, 2]
    assert needed(texts + filler, None) == []


@given(st.lists(st.lists(FRAGMENTS, max_size=4).map("".join), max_size=6), st.sampled_from([None, REDACTOR]))
@settings(max_examples=150, deadline=None)
def test_many_texts_are_judged_as_few(texts: list[str], redactor: Redactor | None) -> None:
    assert needed([*texts, FILLER], redactor) == needed(texts, redactor)


@given(st.lists(FRAGMENTS, max_size=5).map("".join))
@settings(max_examples=150, deadline=None)
def test_a_text_with_a_secret_needs_care(text: str) -> None:
    if REDACTOR.text(text) != text:
        assert needed([text], REDACTOR) == [0]
