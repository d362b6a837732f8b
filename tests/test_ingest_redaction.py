"""Does a secret reach the store by any way, and do ids come through untouched?"""

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errcli.cli.main import run
from tests.support import Cli, Event, event, write_log

CARD = "4111111111111111"
SHAPES = {
    "bearer": "Authorization: Bearer mF_9.B5f-4.1JqM0000",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "stripe": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "url": "postgres://app:correct-horse-battery@db/app",
    "pem": "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END PRIVATE KEY-----",
    "password": "password=correct-horse-battery",
    "python": "{'password': b'correct-horse-battery'}",
    "card": "4111 1111 1111 1111",
}
# The part of each that nobody may find.
CORES = {
    "bearer": "mF_9.B5f-4.1JqM0000",
    "jwt": "dozjgNryP4J3jVmNHl0w5N",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "github": "16C7e42F292c6912E7710c838347Ae178B4a",
    "stripe": "4eC39HqLyjWDarjtT1zdp7dc",
    "url": "correct-horse-battery",
    "pem": "MIIEowIBAAKCAQEA",
    "password": "correct-horse-battery",
    "python": "correct-horse-battery",
    "card": "4111 1111 1111 1111",
}
TEXT_FIELDS = (
    "error_type", "error_code", "error_message", "user_message", "technical", "page", "action", "severity",
    "recovery_method", "recovery_user_action", "release", "fingerprint",
)  # fmt: skip
ID_FIELDS = ("user_id", "session_id", "workflow_id", "agent_id", "id")


def everything(store: str) -> str:
    """Return all values of all tables as text."""
    with duckdb.connect(store, read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        return "\n".join(repr(connection.execute(f'FROM "{table}"').fetchall()) for (table,) in tables)


def escaped(text: str) -> str:
    """Return the inside of a JSON string with every letter and digit written as an escape."""
    return "".join(f"\\u{ord(letter):04X}" if letter.isalnum() else json.dumps(letter)[1:-1] for letter in text)


def in_field(field: str, text: str) -> Event:
    return event(**{field: text})


def in_input(_: str, text: str) -> Event:
    return event(input_data={"a": [1, {"b": text}], text: 2})


def in_json_in_text(field: str, text: str) -> Event:
    return event(**{field: json.dumps({"a": [{"b": f"x {text}"}]})})


def in_previous_errors(_: str, text: str) -> Event:
    return event(previous_errors=["E_1", f"tried {text}", {"message": text}])


def in_an_object(field: str, text: str) -> Event:
    return event() | {field: {"detail": [text]}}


def rejected_without_user(field: str, text: str) -> Event:
    return event("", **{field: text})


PLACES = st.sampled_from([in_field, in_input, in_json_in_text, in_previous_errors, in_an_object, rejected_without_user])
SPOTS = st.tuples(
    st.sampled_from(sorted(SHAPES)),
    PLACES,
    st.sampled_from(TEXT_FIELDS),
    st.sampled_from(["", "x ", "GET /a?b=1 ", "{", '"', "é ", "\n"]),
    st.sampled_from(["", " x", ". Next", ", b", "\n", '"']),
    st.sampled_from(["as it is", "letters escaped", "torn"]),
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(SPOTS, min_size=10, max_size=40))
def test_no_secret_is_in_any_byte_of_the_store(spots: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for name, place, field, before, after, spelling in spots:
            line = json.dumps(place(field, before + SHAPES[name] + after))
            if spelling == "letters escaped":
                line = line.replace(json.dumps(SHAPES[name])[1:-1], escaped(SHAPES[name]))
            lines.append(line[:-1] if spelling == "torn" else line)
        log, store = Path(folder, "a.jsonl"), str(Path(folder, "s.duckdb"))
        log.write_text("\n".join([*lines, json.dumps(event("last"))]) + "\n")
        assert run(["ingest", str(log), "--db", store, "-o", str(Path(folder, "out"))]) == 0
        stored, raw = everything(store), Path(store).read_bytes()
    assert "last" in stored
    for name in {spot[0] for spot in spots}:
        assert CORES[name] not in stored
        assert CORES[name].encode() not in raw


def test_a_subtree_under_a_secret_key_is_gone(cli: Cli, tmp_path: Path) -> None:
    data = {"card": {"number": "1", "name": "Ann"}, "user": {"Password": ["x"], "name": "Ann"}, "apiKey": 5, "n": 1}
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(input_data=data)]))
    stored = cli("query", "SELECT input_data FROM user_errors", "-f", "json").row["input_data"]
    assert json.loads(stored) == {
        "card": "[redacted]",
        "user": {"Password": "[redacted]", "name": "Ann"},
        "apiKey": "[redacted]",
        "n": 1,
    }


@pytest.mark.parametrize("secret", [CARD, SHAPES["jwt"], SHAPES["aws"], SHAPES["url"], "password=x"])
def test_ids_are_never_redacted(cli: Cli, tmp_path: Path, secret: str) -> None:
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(**dict.fromkeys(ID_FIELDS[1:], secret), user=secret)]))
    columns = "user_id, session_id, workflow_id, agent_id, source_id AS id"
    assert cli("query", f"SELECT {columns} FROM user_errors", "-f", "json").row == dict.fromkeys(ID_FIELDS, secret)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ('{"password": "hunter2", "a": 1}', '{"password":"[redacted]","a":1}'),
        ('{"card": {"number": "hunter2"}, "a": 1}', '{"card":"[redacted]","a":1}'),
        ('{"password": {"x": "hunter2"}, "a"', '{"password": [redacted], "a"'),
        ('{"password": {"x": "hunter2", "a"', '{"password": [redacted]'),
        ('{"p\\u0061ssword": "hunter2"', '{"password": "[redacted]"'),
        ("2026-03-01 ERROR password=hunter2 user=7", "2026-03-01 ERROR password=[redacted] user=7"),
        ("login {'password': b'hunter2', 'n': 1}", "login {'password': '[redacted]', 'n': 1}"),
        ("pASSWORD=hunter2 PASSword=u'hunter3'", "pASSWORD=[redacted] PASSword='[redacted]'"),
        ('{"token": "hunter2"}' + "x" * (1 << 20), '{"token": "[redacted]"}' + "x" * 8169),
        ('{"msg": "at C:\\\\x é", "a": 1.50}', '{"msg": "at C:\\\\x é", "a": 1.50}'),
    ],
)
def test_rejected_lines_are_redacted_and_else_kept_as_they_are(cli: Cli, tmp_path: Path, line: str, kept: str) -> None:
    (tmp_path / "a.jsonl").write_text(f"{line}\n")
    cli("ingest", tmp_path / "a.jsonl")
    assert cli("query", "SELECT text FROM rejected_lines", "-f", "json").row == {"text": kept}


def test_what_python_wrote_of_a_secret_is_not_stored(cli: Cli, tmp_path: Path) -> None:
    texts = {"error_message": "login {'password': b'hunter2', 'token': u'abcdef'}", "technical": "password=b'hunter3'"}
    data = {"pASSWORD": "hunter4", "author": "Ann"}
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(**texts, input_data=data)]))
    columns = "error_message, technical, input_data"
    assert cli("query", f"SELECT {columns} FROM user_errors", "-f", "json").row == {
        "error_message": "login {'password': '[redacted]', 'token': '[redacted]'}",
        "technical": "password='[redacted]'",
        "input_data": '{"pASSWORD":"[redacted]","author":"Ann"}',
    }


SECRET = event(error_message="password=hunter2", input_data={"customerPin": "1234", "token": "hunter2"})


def stored(cli: Cli) -> dict[str, Any]:
    row: dict[str, Any] = cli("query", "SELECT error_message, input_data FROM user_errors", "-f", "json").row
    return row


def test_secrets_can_be_kept(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [SECRET])
    with log.open("a") as file:
        file.write("token=hunter2\n")
    cli("ingest", log, "--no-redact")
    assert stored(cli) == {
        "error_message": "password=hunter2",
        "input_data": '{"customerPin":"1234","token":"hunter2"}',
    }
    assert cli("query", "SELECT text FROM rejected_lines", "-f", "json").row == {"text": "token=hunter2"}


def test_a_setting_can_keep_secrets_too(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text("[ingest]\nredact = false\n")
    cli("ingest", write_log(tmp_path / "a.jsonl", [SECRET]))
    assert stored(cli)["error_message"] == "password=hunter2"


def test_more_keys_can_be_secret(cli: Cli, tmp_path: Path) -> None:
    Path("errcli.toml").write_text('[ingest]\nredact_keys = ["customer_pin"]\n')
    cli("ingest", write_log(tmp_path / "a.jsonl", [SECRET, event("u-2", input_data={"customerPin": 7})]))
    rows = cli("query", "SELECT input_data FROM user_errors ORDER BY user_id", "-f", "json").rows
    assert [row["input_data"] for row in rows] == [
        '{"customerPin":"[redacted]","token":"[redacted]"}',
        '{"customerPin":"[redacted]"}',
    ]


def test_a_pattern_is_of_the_redacted_place(cli: Cli, tmp_path: Path) -> None:
    """Or each one-time link would be a pattern of its own, and its hash a trace of the secret."""
    pages = [f"/reset?token={number}abc" for number in range(3)]
    cli("ingest", write_log(tmp_path / "a.jsonl", [event(page=page) for page in pages]))
    sql = "SELECT page, count(*) AS n FROM user_errors GROUP BY page, place_hash"
    assert cli("query", sql, "-f", "json").row == {"page": "/reset?token=[redacted]", "n": 3}


@pytest.mark.slow
def test_a_long_text_made_to_be_searched_slowly_is_not(cli: Cli, tmp_path: Path) -> None:
    """Each of these took a quadratic search hours, at this length; what is stored is what was sent."""
    size = 200_000
    hostile = ["a-" * size, "-eyJAAAAA" * (size // 9), "a.b://" * (size // 6), "4111 " * (size // 5), "\\" * size]
    hostile += [
        "password" * (size // 8),
        "x=" * (size // 2),
        "token: {" * 2000,
        "AKIA" * (size // 4),
        '"a"' * (size // 3),
    ]
    records = [event(f"u-{place:02}", error_message=f"key {text}") for place, text in enumerate(hostile)]
    assert cli("ingest", write_log(tmp_path / "a.jsonl", records), "-f", "json").row["stored"] == len(hostile)
