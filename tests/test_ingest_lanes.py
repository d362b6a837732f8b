"""Does the engine read a native line as the format's own code does?

Known and accepted differences, which the generator leaves out: a key that occurs twice in one object; the same field
under two spellings in one record; numbers beyond 17 digits or with exponents; nesting of over 100 levels inside a
field that is not stored.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from errcli.ingest import lines, portions
from errcli.ingest.reading import Reading
from errcli.ingest.redact import Redactor
from errcli.intake import How
from tests.lanes import rows_by_lane

UUID = "a3e5f71d-4e81-470f-bedf-574c603a6e8e"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"

_FIRST, _LAST = datetime(1600, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001
_RAW = "\ue000"
"""Marks a text that stands in a line without its quotes: a number as it was written."""


def raw(number: str) -> str:
    return f"{_RAW}{number}{_RAW}"


ODD_TEXTS = st.sampled_from(
    [
        "", " ", "\t", "\0", "a\0b", "x\ny", "\x01", "\x1f", "\x7f", "\x85", "\xa0", "\u2003", "\u2028", "\ufeff",
        "\u200b",
        "\u00ad", "\u0378", "e\u0301", "é", "漢", "😀", "\U000e0001", "\ufffd", "\ufffe", "true", "false", "null",
        "NULL",
        "{", "}", "[", "]", "{x", "[1]", '{"a": 1.50}', " {}", '"', "\\", "\\n", "'", "/", "~", "|", "!", "\\u0041",
        "1", "1e5",
        "password=hunter2", "token: x", JWT, "4111 1111 1111 1111", "4111111111111111", "AKIAIOSFODNN7EXAMPLE",
        '{"password": "x"}', "{'token': b'x'}", "PASSword=x",
        "passw\\u006frd=hunter2", "-----BEGIN PRIVATE KEY-----", "x" * 200,
    ]
)  # fmt: skip
TEXTS = ODD_TEXTS | st.text(st.characters(exclude_categories=("Cs", "Co")), max_size=6)
NUMBERS = st.integers(-(10**16), 10**16) | st.sampled_from(
    ["0", "-0", "1", "-1", "2", "1.0", "1.10", "-0.0", "0.5", "404", "100.00", "0.001", "12345678.125",
    "4111111111111111",
     "1772366400", "0.1", "99999999999999999"]
).map(raw)  # fmt: skip
TRUTHS = st.booleans() | st.sampled_from(["true", "TRUE", "false", " yes ", "no", "0", "1", "on", "off", "maybe", "y"])
NOTHING = st.sampled_from([None, {}, [], [None], {"a": None}])
SCALARS = st.one_of(st.none(), TEXTS, NUMBERS, TRUTHS)
KEYS = st.sampled_from(["a", "b", "password", "pASSWORD", "Api-Key", "é", "", "card", "a b", '"', "\x1f"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
NAMES = st.one_of(
    TEXTS, NUMBERS, st.sampled_from(["u-1", "u 2", "ann@example.com", " u", "{u}", "[u]"]), NOTHING, TRUTHS
)
OWN_IDS = st.one_of(
    st.sampled_from(
        [UUID, UUID.upper(), UUID.replace("-", ""), f"{{{UUID}}}", f"urn:uuid:{UUID}", f" {UUID}", UUID + "0",
        UUID[:-1],
         UUID.replace("-", "") + "----", "-".join([UUID.replace("-", "")[:30], *UUID[-2:], "-"]), "g" + UUID[1:],
         "a3e5f71d4-e81-470f-bedf-574c603a6e8e", "order-17", "\uff11" * 32, "\uff11" * 12]
    ),
    st.uuids().map(str),
    NAMES,
)  # fmt: skip
TIMES = st.one_of(
    st.sampled_from(
        ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00", "2026-03-01 12:00:00", "2026-03-01t12:00:00z", "2026-03-01",
         "2026-03-01T12:00:00.1Z", "2026-03-01T12:00:00.123456+02:00", "2026-03-01T12:00:00.1234567Z",
         "2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00,5Z", "2026-03-01T12:00Z", "2026-03-01T12Z",
         "20260301T120000Z",
         "2026-W09-7", "2026-060", "2026-03-01T12:00:00-0530", "2026-03-01T12:00:00+02", "2026-03-01T12:00:00+05:30:15",
         "2026-03-01T12:00:00 Z", "2026-03-01T12:00:00 +02:00", " 2026-03-01T12:00:00Z ", "2026-03-01T24:00:00Z",
         "2026-03-01T23:59:60Z", "2026-02-29T12:00:00Z", "2024-02-29T12:00:00Z", "2026-03-01T12:00:00+23:59",
         "2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00-00:00", "0001-01-01T00:00:00Z", "1000-01-01T00:00:00Z",
         "1582-10-10T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00",
         "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-13-01T00:00:00Z", "26-03-01T12:00:00Z",
         "2026-3-1T12:00:00Z",
         "1772366400", "1772366400.25", "1772366400250", "-1772366400", "01772366400", "9223372036854775808",
         "1772366400.123456789", "1772366400.5000005", "9999999999.0000005", "2026-03-01 12:00:00,123",
         "2026-03-01T12:00:00.+0000", "2026-03-01T12:00:00,1234567-2359", "infinity", "-infinity", "epoch", "today", "",
         "2026-03-01T12:00:00\0", "2026-03-01T12:00:00Z\n", "\uff12026-03-01T12:00:00Z"]
    ),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.sampled_from(
        ["1772366400", "1772366400.25", "1772366400250", "1772366400250000", "1772366400250000000", "0", "-1", "1.0",
         "99999999999", "100000000000", "99999999999999", "100000000000000", "99999999999999999", "1772366400.123456",
         "1772366400.1234567", "123456789", "12345678"]
    ).map(raw),
    NOTHING,
    st.booleans(),
)  # fmt: skip
COUNTS = st.one_of(
    st.sampled_from(
        ["5", "0", "007", " 5", "5.0", "-1", "1234567890", "123456789", "2147483648", "\uff19"]
        + [raw(text) for text in ("1", "5", "0", "-2", "2.5", "5.0", "2147483647", "2147483648", "999999999")]
    ),
    NOTHING,
    TRUTHS,
)
# deeper ones are below: where they stand in a field that is not stored, the lanes differ
DEEP = st.sampled_from([97, 98]).map(lambda depth: raw("[" * depth + "]" * depth))
INPUTS = st.one_of(
    JSON,
    st.deferred(lambda: JSON.map(written)),
    st.sampled_from(["{not json", '{"a":1}x', "[1,2]", '{"password": "x", "n": 1.50}', "[" * 200 + "]" * 200]),
    DEEP,
)
LISTS = st.one_of(st.lists(JSON, max_size=3), JSON, st.sampled_from(['["a"]', "E_1", ["a,b", '"'], [["a"]]]))


class Values(NamedTuple):
    """What a field holds: values that the engine may read itself by and large, and odd ones."""

    plain: st.SearchStrategy[Any]
    odd: st.SearchStrategy[Any]


WORDS = st.text(st.characters(exclude_categories=("Cs", "Co")), max_size=5) | st.sampled_from(
    ["", "x", "E_1", "/a", "é\0"]
)
TEXT = Values(WORDS | st.none(), st.one_of(TEXTS, SCALARS, JSON, DEEP))
NAME = Values(st.sampled_from(["u-1", "u-2", "ann@example.com", "é", raw("17")]) | st.uuids().map(str), NAMES)
TRUTH = Values(st.booleans() | st.none(), TRUTHS | SCALARS | JSON)
INPUT = Values(st.dictionaries(KEYS, JSON, max_size=3) | NUMBERS, INPUTS)
LIST = Values(st.lists(WORDS, max_size=3), LISTS)

Place = tuple[str, ...]
Shape = dict[Place, Values]


def inside(name: str, section: dict[str, Values]) -> Shape:
    return {(name, key): values for key, values in section.items()}


def flat(section: dict[str, Values]) -> Shape:
    return {(key,): values for key, values in section.items()}


ERROR = dict.fromkeys(("type", "code", "message", "userMessage", "technical"), TEXT)
CONTEXT = {
    "page": TEXT, "action": TEXT, "workflowId": NAME, "agentId": NAME, "inputData": INPUT, "previousErrors": LIST,
    "release": TEXT,
}  # fmt: skip
IMPACT = {"severity": TEXT, "userBlocked": TRUTH, "workflowFailed": TRUTH, "dataLoss": TRUTH}
RECOVERY = {"attempted": TRUTH, "successful": TRUTH, "method": TEXT, "userAction": TEXT}
COLUMNS = {
    "error_type": TEXT, "error_code": TEXT, "error_message": TEXT, "user_message": TEXT, "technical": TEXT,
    "recovery_attempted": TRUTH, "recovery_successful": TRUTH, "recovery_method": TEXT, "recovery_user_action": TEXT,
}  # fmt: skip
COMMON: Shape = {
    ("id",): Values(st.sampled_from([UUID, "order-17", raw("17")]) | st.uuids().map(str), OWN_IDS),
    ("sessionId",): NAME,
    ("source_id",): NAME,
    ("fingerprint",): TEXT,
    ("occurrences",): Values(st.sampled_from([raw("1"), raw("7"), "7"]), COUNTS),
    **dict.fromkeys((("USERID",), ("Timestamp",), ("level",), ("",)), TEXT),
}
REQUIRED: Shape = {
    ("userId",): NAME,
    ("timestamp",): Values(st.datetimes(_FIRST, _LAST).map(lambda moment: f"{moment.isoformat()}Z"), TIMES),
}
SECTIONS = inside("context", CONTEXT) | inside("impact", IMPACT) | inside("recovery", RECOVERY)
NESTED = inside("error", ERROR) | SECTIONS
SPREAD = flat(ERROR) | SECTIONS
FLAT = flat(COLUMNS) | flat(CONTEXT) | flat(IMPACT)
# each field in a section and at the top level, too
MIXED = NESTED | flat(COLUMNS) | flat(IMPACT)

SHAPES: list[tuple[Shape, list[Place]]] = [
    (NESTED, [("error", "code")]),
    (SPREAD, [("code",), ("context", "page")]),
    (FLAT, [("error_code",)]),
    (MIXED, [("error", "code")]),
    (MIXED, [("error_code",)]),
]


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter.group().lower()}", name)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a record of one of the shapes, of whose fields at most two are odd."""
    shape, must = draw(st.sampled_from(SHAPES))
    shape = shape | COMMON
    paths = list(REQUIRED) + (must if draw(st.integers(0, 5)) else [])
    paths += draw(st.lists(st.sampled_from([path for path in shape if path not in must]), unique=True, max_size=10))
    odd = draw(st.lists(st.sampled_from(paths), max_size=2))
    values = shape | REQUIRED
    record: dict[str, Any] = {}
    for path in draw(st.permutations(paths)):
        *outer, name = path if draw(st.booleans()) else map(snake, path)
        section = record.setdefault(outer[0], {}) if outer else record
        section[name] = draw(values[path].odd if path in odd else values[path].plain)
    for name in draw(st.lists(st.sampled_from(["error", "context", "impact", "recovery"]), max_size=1)):
        if draw(st.booleans()):
            record[name] = draw(st.sampled_from([None, {}, [], [{}], "", "x", "{}", raw("1"), True]))
    return record


def written(value: Any, *, ascii_only: bool = False, spaced: bool = True) -> str:
    """Return JSON, in which numbers stand as they were written."""
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(", ", ": ") if spaced else (",", ":"))
    mark = json.dumps(_RAW, ensure_ascii=ascii_only)[1:-1]
    return re.sub(f'"{re.escape(mark)}(.*?){re.escape(mark)}"', lambda number: number[1], text)


LINES = st.builds(
    lambda record, ascii_only, spaced, around: (
        around[0] + written(record, ascii_only=ascii_only, spaced=spaced) + around[1]
    ),
    records(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([("", ""), ("", ""), ("", "\r"), (" ", "\t")]),
)


@pytest.fixture(autouse=True, scope="module")
def _small_buffer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_MOST_BYTES", 4 << 20)
        yield


def odd(line: str, what: str) -> Any:
    return pytest.param(line, id=what)


FRAME = '"userId": "u", "timestamp": "2026-03-01T12:00:00Z"'
LATE = '"timestamp": "9999-12-31T23:59:59-01:00"'


@pytest.mark.parametrize(
    "line",
    [
        f'{{{FRAME}, "error": {{"code": "E"}}}}',
        odd(f'{{{FRAME}, "type": "a", "code": "b", "message": "c", "technical": "d", "context": {{}}}}', "spread"),
        odd(f'{{{FRAME}, "user_message": "a"}}', "no error"),
        odd(f'{{{FRAME}, "error": "a", "technical": "b"}}', "a word for an error"),
        odd(f'{{{FRAME}, "error": {{"message": {{"a": "\\u001f"}}}}}}', "control character in a text"),
        odd(
            f'{{{FRAME}, "error": {{"code": "E"}}, "context": {{"inputData": ["\\u000b"]}}}}',
            "control character",
        ),
        odd('{"userId": "u", "error": {"code": "E"}, ' + LATE + "}", "a time after the year 9999"),
        *(
            odd(
                f'{{{FRAME}, "error": {{"code": 1}}, "context": {{"inputData": {"[" * inner + "]" * inner}}}}}',
                f"depth {2 + inner}",
            )
            for inner in (97, 98, 99, 100, 150)
        ),
        odd(f'{{{FRAME}, "error": {{"message": {"[" * 150 + "]" * 150}}}}}', "depth 152 in a text"),
        f'{{{FRAME}, "error": {{"code": "E"}}, "id": "a3e5f71d-4e81-470f-bedf-574c603a6e8e"}}',
        odd(f'{{{FRAME}, "error": {{"code": "E"}}, "id": "a3e5f71d4-e81-470f-bedf-574c603a6e8e"}}', "hyphens"),
        f'{{{FRAME}, "error": {{"code": 1.10}}}}',
        odd(f'{{{FRAME}, "error": {{"code": "E"}}}}' + " " * (1 << 20), "blanks up to over 1 MiB"),
        odd(f'{{{FRAME}, "error": {{"code": "E"}}}}' + " " * (9 << 20), "blanks up to over 9 MiB"),
    ],
)
def test_both_lanes_read_this_line_alike(line: str) -> None:
    by_engine, by_python = rows_by_lane(line.encode() + b"\n", How("native", Redactor()))
    assert by_engine == by_python
    assert by_engine[0].lines == 1


@pytest.mark.parametrize(
    ("time", "is_taken"),
    [
        ("0001-01-02T23:59:59Z", False),
        ("0001-01-03T00:00:00Z", True),
        ("9999-12-29T23:59:59Z", True),
        ("9999-12-30T00:00:00Z", False),
        ("9999-12-29T23:59:59-01:00", False),
    ],
)
def test_both_lanes_take_the_same_first_and_last_times(time: str, is_taken: bool) -> None:
    line = f'{{"userId": "u", "error": {{"code": "E"}}, "timestamp": "{time}"}}\n'
    by_engine, by_python = rows_by_lane(line.encode(), How("native", Redactor()))
    assert by_engine == by_python
    assert (by_engine[0].stored, dict(by_engine[0].rejected)) == ((1, {}) if is_taken else (0, {"bad time": 1}))


def test_lines_of_which_the_engine_reads_some_in_between_are_each_stored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "_MOST", 2)
    line = f'{{{FRAME}, "error": {{"code": "%d", "message": "%s"}}}}\n'
    messages = ["plain", "not \udcff UTF-8", "password=hunter2", "not \udcff UTF-8, token=x", '{\\"a\\": 1}'] * 3
    text = "".join(line % each for each in enumerate(messages)).encode("utf-8", "surrogateescape")
    by_engine, by_python = rows_by_lane(text, How("native", Redactor()))
    assert by_engine == by_python
    assert (by_engine[0].lines, by_engine[0].stored) == (15, 15)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(LINES, min_size=1, max_size=40),
    st.sampled_from([UTC, UTC, ZoneInfo("Europe/Berlin")]),
    st.sampled_from([None, Redactor(), Redactor(("a",))]),
)
def test_both_lanes_give_the_same_rows(drawn: list[str], zone: tzinfo, redactor: Redactor | None) -> None:
    text = "".join(f"{line}\n" for line in drawn).encode()
    by_engine, by_python = rows_by_lane(text, How("native", redactor, None, Reading(zone)))
    assert by_engine == by_python
