"""Which messages are one pattern, and which are not? Shapes, templates, and that order and numbers do not matter."""

import hashlib
import itertools
import json
import random
import re
import string
from functools import cache
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.store import mining
from errcli.store.mining import zeroed
from tests.mined import mined, shapes, shapes_of, templates

PIECES = [
    "a", " ", "0", "1", "29", "404", "returned ", " for ", "٣", "é", ":", "/", "@", ".", "-", "#", "\x01", "HTTP 5",
    "code: ", "<*>",
]  # fmt: skip
NAMES = ["Anna Baker", "Tom", "Mei Ling Ng", "José van der Berg", "Zoë O'Brien"]


def test_messages_that_differ_in_their_digits_alone_are_shaped_together_and_each_keeps_its_status() -> None:
    assert shapes("HTTP 404 after 12 s", "HTTP 500 after 12 s", "HTTP 404 after 31 s", "HTTP 500 after HTTP 500") == [
        "HTTP 404 after <*> s",
        "HTTP 500 after <*> s",
        "HTTP 404 after <*> s",
        "HTTP 500 after HTTP 500",
    ]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.none(), max_size=40))
@settings(max_examples=15, deadline=None)
def test_the_shape_of_a_message_does_not_depend_on_those_shaped_with_it(messages: list[str | None]) -> None:
    connection = duckdb.connect()
    mining.prepare(connection)
    masked = """
        SELECT coalesce(
            mining_masked(message, CASE WHEN mining_may_hold_status(message) THEN mining_status(message) END), ''
        )
        FROM (SELECT mining_plain(?) AS message)
    """
    alone = [connection.execute(masked, [each]).fetchall()[0][0] for each in messages]
    assert shapes(*messages) == alone


# Each # is a digit, the same one or another wherever it stands.
WITH_DIGITS = [
    {"message": "HTTP 50# after # s"},
    {"message": "GET returned #0# for # s"},
    {"message": "# of ## failed with status #00"},
    {"message": "Report # of May"},
    {"message": "Report # of May", "page": "/#/Report #"},
    {"message": "Report # of May", "workflow_id": "Report #"},
    {"message": "Report # of May", "agent_id": "Report #", "page": "/May"},
    {"message": "Report # of May", "session_id": "Report #"},
    {"message": "Report # of May", "user_id": "Report #", "page": "/May"},
    {"message": "Report # of May", "input_data": '{"a#": ["May", {"b": "Report #"}], "c": -#.#}'},
    {"message": "Report # of May", "input_data": f'["May", {{"b": "Report #"}}, "{"long " * 1_000}"]'},
    {"message": "Anna # and Quinn", "input_data": '["\\u00#1nna", "\\u00#1uinn"]'},
]


def with_digits(event: dict[str, str], digits: str) -> dict[str, str]:
    """Return an event with a digit, one after the other, for each #."""
    given = iter(digits)
    return {name: re.sub("#", lambda _: next(given), text) for name, text in event.items()}


FIVE_DIGITS = st.text("45", min_size=5, max_size=5)


@pytest.mark.slow
@given(st.lists(st.builds(with_digits, st.sampled_from(WITH_DIGITS), FIVE_DIGITS), max_size=40))
@settings(max_examples=25, deadline=None)
def test_the_shape_of_an_event_does_not_depend_on_those_that_differ_in_their_digits(
    events: list[dict[str, str]],
) -> None:
    assert shapes_of(events) == [shape_alone(json.dumps(event)) for event in events]


@cache
def shape_alone(event: str) -> str:
    """Return the shape of one event, in JSON, that is shaped with no other."""
    return shapes_of([json.loads(event)])[0]


def test_a_value_with_digits_is_one_in_the_event_that_names_it_alone() -> None:
    assert shapes_of(
        [
            {"message": "Report 1 of May", "page": "/Report 2"},
            {"message": "Report 1 of May", "page": "/Report 1"},
            {"message": "Report 2 of May", "input_data": '{"a": "Report 1"}'},
            {"message": "Report 1 of May", "input_data": '{"a": "Report 1"}'},
            {"message": "Report 1 of May", "user_id": "Report 2"},
            {"message": "Report 1 of May", "user_id": "Report 1"},
            {"message": "Anna of May", "input_data": '["\\u0041nna"]'},
            {"message": "Anna of May", "input_data": '["\\u0051nna"]'},
        ]
    ) == ["Report <*> of May", "<*> of May"] * 3 + ["<*> of May", "Anna of May"]


@pytest.mark.parametrize(
    ("piece", "most_bytes", "parts"),
    [(8_192, 160_000_000, [5]), (2, 1, [2, 2, 1]), (1, 1, [1] * 5), (1, 60, [2, 2, 1])],
)
@pytest.mark.parametrize("at_once", [200_000, 1])
@pytest.mark.parametrize("apart", [1, 150_000])
def test_events_that_are_read_in_parts_have_the_shapes_that_they_have_together(
    monkeypatch: pytest.MonkeyPatch, piece: int, most_bytes: int, parts: list[int], at_once: int, apart: int
) -> None:
    read, plainly = [], zeroed.with_zeros

    def with_zeros(pieces: pa.RecordBatchReader, most: int) -> zeroed.Zeroed:
        found = plainly(pieces, most)
        read.append(found.rows.num_rows)
        return found

    monkeypatch.setattr(mining, "_PIECE", piece)
    monkeypatch.setattr(mining, "_PART", at_once)
    monkeypatch.setattr(mining, "_MOST_SAID", most_bytes)
    monkeypatch.setattr(zeroed, "with_zeros", with_zeros)
    messages = ["Order 17 was not found", "HTTP 404 from api", "Order 18 was not found", "HTTP 500 from api", "Gone"]
    found = ["Order <*> was not found", "HTTP 404 from api", "Order <*> was not found", "HTTP 500 from api", "Gone"]
    assert shapes_of([{"message": message} for message in messages], apart) == found
    assert list(filter(None, read)) == parts


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("boom", duckdb.OperationalError),
        ("Out of Memory Error: full", duckdb.OutOfMemoryException),
        ("IO Error: no space left", duckdb.IOException),
    ],
)
def test_an_engine_that_fails_behind_the_first_piece_says_what_it_says_elsewhere(
    told: str, kind: type[duckdb.Error]
) -> None:
    rows = duckdb.connect().sql(
        "SELECT i AS seq, CASE WHEN i < 50000 THEN 'a' ELSE error($told) END AS said FROM range(100000) AS numbers(i)",
        params={"told": told},
    )
    with pytest.raises(kind, match=told):
        zeroed.with_zeros(rows.to_arrow_reader(1_000), 10**9)


def test_mining_leaves_the_engine_as_it_was_set() -> None:
    connection = duckdb.connect(config={"preserve_insertion_order": True, "disabled_optimizers": "top_n"})
    connection.execute(
        "CREATE TEMP TABLE shapes_to_mine AS"
        " SELECT 1 AS shape_id, 'a' AS error_type, NULL AS error_code, 'Gone' AS shape, 1 AS events"
    )
    mining.mine(connection)
    assert connection.sql("SELECT current_setting('preserve_insertion_order')").fetchall() == [(True,)]
    assert connection.sql("SELECT current_setting('disabled_optimizers')").fetchall() == [("top_n",)]


def test_messages_that_may_have_one_hash_have_shapes_of_their_own() -> None:
    letters = string.ascii_uppercase
    messages = [f"At row {one}, seat {other} is taken" for one in letters for other in letters]
    assert shapes(*messages) == messages


def test_what_the_engine_refuses_to_shape_is_told() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TEMP TABLE to_shape AS SELECT 1 AS seq, 0 AS kind")
    mining.prepare(connection)
    with pytest.raises(duckdb.BinderException):
        mining.shape(connection)


def test_events_whose_texts_are_equal_only_if_run_together_have_shapes_of_their_own() -> None:
    assert shapes_of(
        [
            {"message": "Report of May"},
            {"message": "Report of ", "page": "May"},
            {"message": "Report of May", "page": "/", "input_data": '{"a": "May"}'},
            {"message": "Report of May", "page": '/{"a": "May"}'},
        ]
    ) == ["Report of May", "Report of ", "Report of <*>", "Report of May"]


@pytest.mark.parametrize(
    ("message", "shape"),
    [
        ("Order SO-41234 not found", "Order <*> not found"),
        ("connect ECONNREFUSED 10.0.3.7:5432", "connect ECONNREFUSED <*>:<*>"),
        ("Mail to anna.baker@example.com bounced", "Mail to <*> bounced"),
        ("GET https://api.example.com/v1/files failed", "GET <*> failed"),
        ("cannot open /var/uploads/a.csv", "cannot open <*>"),
        ("订单12345不存在", "订单<*>不存在"),
        ("HTTP 404 from catalog", "HTTP 404 from catalog"),
        ("HTTP 500 from catalog", "HTTP 500 from catalog"),
        ("Request failed with status code 503", "Request failed with status code 503"),
        ("Agent 17 stopped with exit code 137", "Agent <*> stopped with exit code 137"),
        ("could not store 12: SQLSTATE 23505", "could not store <*>: SQLSTATE 23505"),
        ("GET /api/orders/1 returned 404", "GET <*> returned 404"),
        ("GET /api/orders/1 returned 404 rows", "GET <*> returned <*> rows"),
        ("Request to https://x.example/a failed: 404 Not Found", "Request to <*> failed: 404 Not Found"),
        ("Order 404 not found", "Order <*> not found"),
        ("Upload of 7 failed with status 404", "Upload of <*> failed with status 404"),
        ("call 3 failed, http_status=404", "call <*> failed, http_status=404"),
        ('"GET /v2 HTTP/1.1" status: 200 len: 1893', '"GET <*> <*>" status: <*> len: <*>'),
        ("upstream answered HTTP/1.1 502", "upstream answered HTTP/1.1 502"),
        ("API call failed (503) for order 12", "API call failed (503) for order <*>"),
        ("SQLSTATE[42S02] while saving 5", "SQLSTATE[42S02] while saving <*>"),
        ("MySQL error 1205 in posting 5", "MySQL error 1205 in posting <*>"),
        ("worker 4 stopped (exit code -9)", "worker <*> stopped (exit code -9)"),
        ("rsync left with code=23", "rsync left with code=23"),
        ("statusCode: 404, order: 1", "statusCode: 404, order: <*>"),
        ("Postal code 94110 is outside our delivery area", "Postal code <*> is outside our delivery area"),
        ("Code 48213 is wrong", "Code <*> is wrong"),
        ("الطلب رقم ١٢٣٤ غير موجود", "الطلب رقم <*> غير موجود"),
        ("第１２３号の注文は存在しません", "第<*>号の注文は存在しません"),
        ("HTTP 404 for \x01 and \x02", "HTTP 404 for   and  "),
        ("Timeout", "Timeout"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_looks_like_a_value_goes_and_a_status_stays(message: str | None, shape: str) -> None:
    assert shapes(message) == [shape]


@pytest.mark.parametrize(
    ("message", "named", "shape"),
    [
        ("Agent nina is busy", {"agent_id": "nina"}, "Agent <*> is busy"),
        ("otto has no access", {"user_id": "otto"}, "<*> has no access"),
        ("No products in lighting", {"page": "/catalog/lighting"}, "No products in <*>"),
        ("Oak Desk is sold out", {"input_data": {"item": {"name": "Oak Desk"}}}, "<*> is sold out"),
        ("Shipping to DE is not available", {"input_data": {"country": "DE"}}, "Shipping to <*> is not available"),
        ("Notebook A5 is sold out", {"input_data": {"product": "Notebook A5"}}, "<*> is sold out"),
        ("Anna Baker knows Anna", {"input_data": {"a": "Anna", "b": "Anna Baker"}}, "<*> knows <*>"),
        ("ユーザー田中さん", {"input_data": {"name": "田中"}}, "ユーザー<*>さん"),
        # a part of a longer word is no value, and neither is what would leave nothing
        ("annabel called anna", {"user_id": "anna"}, "annabel called <*>"),
        ("Timeout", {"input_data": {"reason": "Timeout"}}, "Timeout"),
        ("that is true", {"input_data": {"dryRun": True}}, "that is true"),
        ("go on", {"input_data": {"mode": "on"}}, "go on"),
        ("Order failed", {"user_id": "order"}, "Order failed"),
    ],
)
def test_what_the_event_itself_names_is_a_value(message: str, named: dict[str, Any], shape: str) -> None:
    assert shapes(message, **named) == [shape]


HOSTILE = [
    "\x01", "\x02", "a\x01b <*> c", "<*>", "<*> <*>", "\x00", "😀 \u202e",
    "[" * 500, "'" * 500, "=" * 100, "x" * 1_000_000, " ", "\t\n", "\\1 \\x01", "((((", "a" * 300 + " " + "b" * 300,
]  # fmt: skip


def test_no_message_is_too_odd_and_none_shapes_another_time() -> None:
    first = shapes(*HOSTILE, user_id="\x01", input_data={"a": "\x02", "b": "<*>", "c": "[[["})
    assert len(first) == len(HOSTILE)
    assert all(len(shape) <= 1_003 for shape in first)
    assert shapes(*first) == first
    found = mined((number, "t", None, shape, 1) for number, shape in enumerate(dict.fromkeys(first), 1))
    assert len(found) == len(set(first))


def test_names_of_any_length_are_one_value_even_if_there_are_two_of_them() -> None:
    for count in (2, len(NAMES)):
        assert templates(*(f"User {name} was not found" for name in NAMES[:count])) == {"User <*> was not found"}


def test_two_given_names_and_two_particles_are_one_value_with_the_family_name() -> None:
    names = [*NAMES, "Siobhán Kwame van der Berg", "Ana Lucía de la Cruz"]
    assert templates(*(f"Run of 7 was stopped by {name}" for name in names)) == {"Run of <*> was stopped by <*>"}


def test_several_names_in_a_message_are_values_of_their_own() -> None:
    messages = [f"Contacts {one} and {two} share an address" for one, two in pairwise(NAMES)]
    assert templates(*messages) == {"Contacts <*> and <*> share an address"}


def test_a_name_that_a_message_repeats_is_one_value() -> None:
    messages = [f"Deal 4 belongs to {name}; ask {name} to share it" for name in NAMES[:3]]
    assert templates(*messages) == {"Deal <*> belongs to <*>; ask <*> to share it"}


def test_many_words_at_one_place_are_values() -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    assert templates(*(f"cannot lock the table {word}" for word in words)) == {"cannot lock the table <*>"}


@pytest.mark.parametrize(
    "messages",
    [
        ["Payment declined", "Payment expired", "Payment refunded"],
        ["Subscription is paused", "Subscription is cancelled", "Subscription is past due"],
        ["Read timeout", "Write timeout", "Connect timeout"],
        ["HTTP 404 from catalog service", "HTTP 500 from catalog service", "HTTP 503 from catalog service"],
        ["Agent 7 stopped with exit code 1", "Agent 8 stopped with exit code 137"],
        ["Cannot save draft", "Cannot publish draft", "Cannot delete draft"],
        ["rpc error: code = Internal desc = x", "rpc error: code = Aborted desc = x"],
        ["rsync of 7 left with code=23", "rsync of 8 left with code=255"],
        ["call of 7 failed: status=404", "call of 8 failed: status=500"],
        ["GET /orders/7 returned 404", "GET /orders/8 returned 500"],
        ["支付失败", "支付超时", "支付取消"],
    ],
)
def test_words_and_numbers_that_tell_faults_apart_stay(messages: list[str]) -> None:
    assert len(templates(*messages)) == len(messages)


def test_types_and_codes_are_mined_apart() -> None:
    rows = [
        (number, kind, code, f"User {name} was not found", 1)
        for number, (name, kind, code) in enumerate(
            [("Anna Baker", "a", None), ("Tom Smith", "b", None), ("Ada Ng", "a", "X"), ("Ben Orr", "a", "X")], 1
        )
    ]
    assert mined(rows) == {
        1: "User Anna Baker was not found",
        2: "User Tom Smith was not found",
        3: "User <*> was not found",
        4: "User <*> was not found",
    }


MESSAGES = [
    *(f"User {name} was not found" for name in NAMES),
    *(f"{name} is already a member of {team}" for name, team in zip(NAMES, ["Sales", "Design", "Ops"], strict=False)),
    *(f"Card was {word}" for word in ("declined", "lost", "stolen")),
    *(f"cannot lock the table {word}" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")),
    "客户李娜的余额不足", "客户王伟的余额不足", "客户刘洋的余额不足", "客户陈静怡的余额不足", "<*>", "", "x=1", "x=y",
]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(
    kinds=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from([None, "X"]), st.sampled_from(MESSAGES)), unique=True
    ),
    seed=st.integers(0, 2**16),
)
def test_neither_order_nor_numbers_nor_other_types_change_what_is_found(
    kinds: list[tuple[str, str | None, str]], seed: int
) -> None:
    def grouped(of: list[tuple[str, str | None, str]]) -> dict[tuple[str, str | None, str], str]:
        dice = random.Random(seed)  # noqa: S311
        numbers = dice.sample(range(1, 1000), len(of))
        found = mined((number, *kind, 1) for number, kind in zip(numbers, of, strict=True))
        return {kind: found[number] for number, kind in zip(numbers, of, strict=True)}

    everything = grouped(kinds)
    assert grouped(kinds[::-1]) == everything
    only_a = [kind for kind in kinds if kind[0] == "a"]
    assert grouped(only_a) == {kind: everything[kind] for kind in only_a}


def test_a_text_that_is_new_is_not_taken_for_one_that_has_gone() -> None:
    found = mined([
        (1, "t", None, "user <*> was not found in the big list", 1),
        (2, "t", None, "Anna Berg handed the order to Otto Wolf this morning", 1),
        (3, "t", None, "Nina Kraus handed the order to Emil Stein this morning", 1),
        (4, "t", None, "user Nina was not found in the big list", 1),
    ])  # fmt: skip
    assert found == {
        1: "user <*> was not found in the big list",
        2: "<*> handed the order to <*> this morning",
        3: "<*> handed the order to <*> this morning",
        4: "user <*> was not found in the big list",
    }


def test_a_template_that_is_learned_is_not_taken_for_a_text_that_waits() -> None:
    def rank(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    words = ["".join(letters) for letters in itertools.product("bdfklm", "aeiou", "nprst", "aeiou", "gkz", "aeiou")]
    alike = [text for word in words if rank(text := f"could not open the {word} of that archive here") < "fe"]
    waiting = [text for word in words if rank(text := f"{word} {word[::-1]} went away") > "ff8"]
    assert len(alike) > 10_000
    assert waiting
    found = mined((number, "t", None, text, 1) for number, text in enumerate([*alike[:10_000], *waiting], 1))
    assert set(found.values()) == {"could not open the <*> of that archive here", *waiting}


def test_where_there_are_very_many_what_is_learned_from_some_holds_for_all() -> None:
    dice = random.Random(1)  # noqa: S311
    words = ["".join(dice.choice("abcdefghij") for _ in range(6)) for _ in range(4000)]
    rows = [
        (number, "t", None, f"Request {dice.choice(words)} of {dice.choice(words)} failed on {dice.choice(words)}", 1)
        for number in range(1, 12_001)
    ]
    rows.append((12_001, "t", None, "Disk is full", 1))
    assert set(mined(rows).values()) == {"Request <*> of <*> failed on <*>", "Disk is full"}
