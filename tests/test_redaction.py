"""Is every secret replaced, by its key and by its shape, and nothing that is none?"""

import json
import random
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from errcli.ingest.redact import Redactor

REDACTOR = Redactor()
HIDDEN = "[redacted]"


@pytest.mark.parametrize(
    "key",
    [
        "password", "Password", "PASSWORD", "passwd", "pwd", "passphrase", "passcode", "userPassword", "user_password",
        "new-password", "password2", "passwordConfirmation", "password_hash", "dbpassword", "pass", "smtpPass",
        "secret", "secrets", "clientSecret", "client_secret", "client-secret", "CLIENT_SECRET", "secretKey",
        "token", "accessToken", "access_token", "ACCESS-TOKEN", "authToken", "refreshtoken", "csrfToken", "XSRF-TOKEN",
        "X-Auth-Token", "x-amz-security-token", "idToken", "sessionToken",
        "apiKey", "api_key", "API-Key", "APIKEY", "X-Api-Key", "privateKey", "private_key", "accessKey", "signingKey",
        "authorization", "Authorization", "Proxy-Authorization",
        "cookie", "Cookies", "Set-Cookie", "setCookie", "sessionCookie",
        "credential", "credentials", "awsCredentials", "jwt", "bearer", "otp", "otpCode",
        "card", "creditCard", "credit_card", "debitCard", "cardNumber", "card_no", "cardDetails",
        "pASSWORD", "PASSword", "pAsSwOrD", "passWORD", "apIkEY", "aPI_kEY", "toKen", "cOOKIE", "oTPCODE", "sEcReT",
        "cvv", "CVC", "cardCvv", "ssn", "userSsn", "socialSecurityNumber",
    ],
)  # fmt: skip
def test_what_stands_under_a_secret_key_is_replaced_whole(key: str) -> None:
    for value in ("x", 1234, True, ["a", {"b": 1}], {"number": {"deep": "x"}}):
        assert REDACTOR.tree({"form": [{key: value, "other": 1}]}) == {"form": [{key: HIDDEN, "other": 1}]}
    assert REDACTOR.tree({key: None}) == {key: None}
    assert REDACTOR.may_hold_secrets(json.dumps({key: 1}).encode())


@pytest.mark.parametrize(
    "key",
    [
        "keyboard", "keyboardShortcut", "key", "monkey", "primaryKey", "foreign_key", "publicKey", "keys",
        "discard", "cardinality", "dashboard", "cardId", "cardType", "cardDeclined", "wildcard", "cardboard",
        "passenger", "passed", "compass", "bypass", "passive", "boardingPassenger",
        "tokenizer", "tokenCount", "maxTokens", "token_type", "tokenExpired", "tokens_used", "tOKENS_USED",
        "secretary", "SECRETary", "author", "authorId", "aUTHOR", "authority", "authenticated",
        "cookieConsent", "cookieBanner",
        "option", "laptop", "adopt", "session", "sessionId", "user", "userId", "mission", "assn", "email", "amount",
        "", "_", "K",
    ],
)  # fmt: skip
def test_other_keys_are_left_alone(key: str) -> None:
    assert REDACTOR.tree({key: {"a": "x"}}) == {key: {"a": "x"}}


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "bearer": "mF_9.B5f-4.1JqM",
    "jwt": JWT,
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "aws session": "ASIAIOSFODNN7EXAMPLE",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "github fine": "github_pat_11ABCDEFG0123456789_abcdefghij",
    "stripe": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "stripe restricted": "rk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "webhook": "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH",
    "slack": "xoxb-17653672481-19874698323",
    "google": "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
    "model": "sk-proj-abcdefghijklmnopqrstuvwxyz",
    "card": "4111111111111111",
    "card in groups": "5500 0055 5555 5559",
    "card with dashes": "6011-0009-9013-9424",
    "amex": "378282246310005",
    "amex in groups": "3782 822463 10005",
    "old visa": "4222222222222",
    "mastercard 2": "2223003122003222",
    "diners": "30569309025904",
    "jcb": "3530111333300000",
    "long card": "4000000000000000006",
}


@pytest.mark.parametrize(
    "frame", ["{}", "bad {} given", "({})", "value={}, x", "a\n{}\nb", '["{}"]', "é{}é", "\\n{}\\n", "{}."]
)
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_known_by_its_shape(name: str, frame: str) -> None:
    secret = SECRETS[name]
    text = frame.format(f"Bearer {secret}" if name == "bearer" else secret)
    assert REDACTOR.text(text) == text.replace(secret, HIDDEN)
    assert REDACTOR.may_hold_secrets(text.encode())


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Authorization: Bearer abc.DEF-123_x", "Authorization: [redacted]"),
        ("authorization: basic YWRtaW46aHVudGVyMg==", "authorization: [redacted]"),
        ('{\\"Authorization\\":\\"ApiKey abc123\\"}', '{\\"Authorization\\":\\"[redacted]\\"}'),
        ("got Basic YWRtaW46aHVudGVyMg==", "got Basic [redacted]"),
        ("Cookie: sid=abc; theme=dark", "Cookie: [redacted]"),
        (f"key:\n{PEM}\nend", "key:\n[redacted]\nend"),
        (PEM[:40], "[redacted]"),
        (PEM.replace("\n", "\\n") + " x", "[redacted] x"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----", "[redacted]"),
        ("postgres://app:hunter2@db:5432/app", "postgres://[redacted]@db:5432/app"),
        ("redis://:p@ss@cache/0", "redis://[redacted]@cache/0"),
        ("https:\\/\\/bob:pw@host\\/x", "https:\\/\\/[redacted]@host\\/x"),
        ("4111111111111111 and 4012888888881881", "[redacted] and [redacted]"),
        ("4111111111111111,4111111111111111", "[redacted],[redacted]"),
        ("paid with 4111 1111 1111 1111 12/27", "paid with [redacted] 12/27"),
        ("2026 4111-1111-1111-1111", "2026 [redacted]"),
    ],
)
def test_longer_shapes(text: str, redacted: str) -> None:
    assert REDACTOR.text(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("password=hunter2", "password=[redacted]"),
        ("login failed: Password: hunter2 (3 tries)", "login failed: Password: [redacted] (3 tries)"),
        ("dbPassword = 'it is' ok", "dbPassword = '[redacted]' ok"),
        ("/reset?token=abc&user=7", "/reset?token=[redacted]&user=7"),
        ("user[password]=hunter2&x=1", "user[password]=[redacted]&x=1"),
        ("--password=hunter2 --x", "--password=[redacted] --x"),
        ("PGPASSWORD=hunter2 psql", "PGPASSWORD=[redacted] psql"),
        (':password=>"hunter2", :a=>1', ':password=>"[redacted]", :a=>1'),
        ("<password>hunter2</password>", "<password>[redacted]</password>"),
        ("api key: abc123", "api key: [redacted]"),
        ("token: abc123", "token: [redacted]"),
        ("accessToken=abc, a=1", "accessToken=[redacted], a=1"),
        ("password=", "password="),
        ("line\\npassword=hunter2\\nnext", "line\\npassword=[redacted]\\nnext"),
        ('{"a":1,"password":"hunter2"}', '{"a":1,"password":"[redacted]"}'),
        ('{"a" : [ {"apiKey": {"x": ["hunter2"]}} ]}', '{"a":[{"apiKey":"[redacted]"}]}'),
        ('sent {"password": "a\\"hunter2\\"", "b": 1}', 'sent {"password": "[redacted]", "b": 1}'),
        ('sent {"password": {"a": "hunter2"}, "b": 1}', 'sent {"password": [redacted], "b": 1}'),
        ('sent {"password": {"a": "hunter2", "b": 1', 'sent {"password": [redacted]'),
        (
            'sent {\\"password\\": \\"a\\\\\\"hunter2\\", \\"b\\": 1}',
            'sent {\\"password\\": \\"[redacted]\\", \\"b\\": 1}',
        ),
        ('{"password": "hunter2', '{"password": "[redacted]'),
        ('{"password": null, "pwd": true', '{"password": null, "pwd": [redacted]'),
        ('{"p\\u0061ssword": "hunter2"', '{"password": "[redacted]"'),
        ('{"password": "hunter2", "password": null}', '{"password": "[redacted]", "password": null}'),
    ],
)
def test_a_value_after_a_secret_name_is_replaced_in_texts_too(text: str, redacted: str) -> None:
    assert REDACTOR.text(text) == redacted


@pytest.mark.parametrize("prefix", ["b", "B", "u", "U", "r", "R", "f", "F", "br", "Rb", "fR", "rF"])
@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("login {'password': ?'hunter2', 'n': 1}", "login {'password': '[redacted]', 'n': 1}"),
        ("login {?'password': ?'hunter2'}", "login {?'password': '[redacted]'}"),
        ("password=?'hunter2' ok", "password='[redacted]' ok"),
        ("token: ?'it is' ok", "token: '[redacted]' ok"),
        ('token = ?"hun\'ter2", x', 'token = "[redacted]", x'),
        ("pwd=?'hun\\'ter2' x", "pwd='[redacted]' x"),
        ("secret=?'hunter2", "secret='[redacted]"),
        ("password=?'' ok", "password='' ok"),
        ('{"a": "{\\"password\\": ?\\"hunter2\\"}', '{"a": "{\\"password\\": \\"[redacted]\\"}'),
        ("{'Authorization': ?'Basic YWRtaW46aHVudGVyMg=='}", "{'Authorization': '[redacted]'}"),
        ("Authorization: ?'ApiKey hunter2 x', a", "Authorization: '[redacted]', a"),
        ("{'Cookie': ?'sid=hunter2; a=b'}", "{'Cookie': '[redacted]'}"),
    ],
)
def test_a_value_that_python_wrote_with_a_prefix_is_replaced_with_it(text: str, redacted: str, prefix: str) -> None:
    text, redacted = text.replace("?", prefix), redacted.replace("?", prefix)
    assert REDACTOR.text(text) == redacted
    assert REDACTOR.text(redacted) == redacted
    assert REDACTOR.may_hold_secrets(text.encode())


@pytest.mark.parametrize("text", ["tokens_used=b'7'", "author: b'Ann'", "secretary=u'Ann'", "authorId=b'hunter2'"])
def test_a_prefix_makes_no_secret_of_what_is_none(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_letters_that_are_no_prefix_are_part_of_the_value() -> None:
    assert REDACTOR.text("password=bur'x' password=x'y'") == "password=[redacted]'x' password=[redacted]'y'"


def test_a_secret_name_with_its_capitals_anywhere_is_known_in_texts_too() -> None:
    assert REDACTOR.text("pASSWORD=hunter2, PASSword: hunter3") == "pASSWORD=[redacted], PASSword: [redacted]"


@pytest.mark.parametrize(
    "text",
    [
        "token expired", "TokenExpiredError: jwt expired", "Invalid token: signature", "Unexpected token < in JSON",
        "card declined", "card: declined", "keyboard shortcut Ctrl-C=copy", "discard changes", "passenger: Ann",
        "authorization failed", "basic authentication required", "Basic Authentication failed", "bearer token missing",
        "password too short", "cookies are disabled", "author: Ann", "monkey=1", "cookie: missing",
        "at com.acme.TokenService.check(TokenService.java:88)", "max_tokens: 4096", "passed=3, secretary=Ann",
        "order 4111111111111112", "order 1234567890123456", "invoice 9876-5432-1098-7654", "4111 1111 1111",
        "+49 151 1234567890", "+4915112345678901", "(555) 123-4567", "0049 4111 1111 1111",
        "amount 4111.11", "0.4111111111111111", "4,111,111,111,111,111", "1772366400000000000", "4111111111111111.5",
        "2026-03-01T12:00:00.123456789Z", "2026-03-01 12:00:00 - 4000", "20260301120000",
        "a3e5f71d-4e81-470f-bedf-574c603a6e8e", "41111111-1111-4111-8111-411111111111",
        "d41d8cd98f00b204e9800998ecf8427e", "a4111111111111111b",
        "https://example.com/a:b@c", "http://host:8080/x?mail=a@b.c", "ann@example.com", "ssh://git@host/x",
        "ghp_short", "AKIA", "eyJ.x.y", "xoxo-hugs", "task-force-one-two-three-four-five", "C:\\temp\\key=1",
        '{"a": 1, "b": [1.0, 2e3]}', '{"keyboard": "x"}', "", "[redacted]",
    ],
)  # fmt: skip
def test_what_only_speaks_of_secrets_or_looks_like_one_survives(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_numbers_that_are_cards_are_replaced_and_others_are_kept() -> None:
    value = {"a": 4111111111111111, "b": [4111111111111112, 1772366400000, -4111111111111111, 4111111111111111.5, True]}
    assert REDACTOR.tree(value) == value | {"a": HIDDEN}


def test_a_secret_in_a_key_is_replaced() -> None:
    assert REDACTOR.tree({f"GET {JWT}": 1}) == {"GET [redacted]": 1}


def test_names_of_ones_own_are_secret_in_any_spelling() -> None:
    own = Redactor(("customer_pin", "Kundennummer", "контракт", " ", ""))
    for key in ("customer_pin", "customerPin", "CUSTOMER-PIN", "customerpin", "cust omer.pin"):
        assert own.tree({key: "1234"}) == {key: HIDDEN}
    assert own.tree({"kundenNummer": 7, "контракт": 8, "pin": 9, "": 1}) == {
        "kundenNummer": HIDDEN,
        "контракт": HIDDEN,
        "pin": 9,
        "": 1,
    }
    assert own.text("customer-pin: 1234, pin: 5678") == "customer-pin: [redacted], pin: 5678"
    assert REDACTOR.tree({"customer_pin": "1234"}) == {"customer_pin": "1234"}


FRAGMENTS = st.sampled_from([
    "password", "pass", "word", "to", "ken", "token", "api", "key", "_", "-", " ", ".", "\n", "\\n", ": ", "=", ":",
    '"', "'", "{", "}", "[", "]", ",", "://", "user:pw@", "Bearer ", "eyJhbGciOi", "J9.eyJzdWIi", ".x", "AKIA",
    "IOSFODNN7EXAMPLE", "ghp_", "a" * 20, "4111", "1111", "1111 1111", "4111111111111111", "\u017f", "\u212a", "\u0130",
    "pa\u00dfword", "cookie", "secret", "x", "customer", "pin", "\\u0061", "\\/\\/", "authorization", "sk_live_",
    "-----BEGIN PRIVATE KEY-----", "card", "cvv", "b'", 'rB"', "pASS", "WORD", "TOK", "en",
])  # fmt: skip
TEXTS = st.lists(FRAGMENTS | st.text(max_size=5), max_size=6).map("".join)
JSON = st.recursive(
    TEXTS | st.integers(0, 10**17) | st.just(4111111111111111) | st.none() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OWN = Redactor(("customerPin",))
FILLER = b" " * 600_000  # with it lines are many, which an automaton searches


@settings(max_examples=400, deadline=None)
@given(JSON, st.booleans())
def test_a_line_that_holds_a_secret_is_never_passed_over(value: Any, as_ascii: bool) -> None:
    line = json.dumps(value, ensure_ascii=as_ascii).encode()
    slashed = line.replace(b"/", b"\\/")
    if OWN.tree(value) != value:
        assert OWN.may_hold_secrets(line)
        assert OWN.may_hold_secrets(slashed)
        assert OWN.which_may_hold_secrets([b"", line, slashed, FILLER]) == [False, True, True, False]


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(), max_size=5))
def test_of_many_lines_none_is_searched_that_alone_would_be_passed_over(lines: list[bytes]) -> None:
    one_by_one = [OWN.may_hold_secrets(line) for line in lines]
    assert OWN.which_may_hold_secrets(lines) == one_by_one
    together = OWN.which_may_hold_secrets([*lines, FILLER])
    assert together[-1] is False
    assert all(alone for alone, among_many in zip(one_by_one, together, strict=False) if among_many)


PIECES = st.sampled_from(
    ["pa55word=", "password1=", "token: 7", "AKIAIOSFODNN7EXAMPLE", "\\u0009", "basic ", "2cvv':", "\\u0070",
     "\\u009f", "\\u00e9", "4111 1111 1111 1111", "17644", "4111-", "pin7", "P-i-n 7", "x", " "]
) | st.text("0123456789", max_size=16)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=5).map("".join), st.randoms(use_true_random=False))
def test_traces_and_marks_whatever_digits_stand_wherever_the_others_stand_and_in_what_differs_in_digits(
    text: str, chance: random.Random
) -> None:
    redactor = Redactor(("pin7", "2fa"))
    others = re.sub("[0-9]", lambda _: str(chance.randrange(10)), text)
    for exact, whatever_digits in (
        (redactor.traces, redactor.traces_whatever_digits),
        (redactor.marks, redactor.marks_whatever_digits),
    ):
        if re.search(exact, text):
            assert re.search(whatever_digits, text)
            assert re.search(whatever_digits, others)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_what_was_redacted_stays_as_it_is(text: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


def luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


@given(st.integers(0, 10**14 - 1), st.sampled_from(["", " ", "-"]), st.sampled_from(["4", "51", "55"]))
def test_of_sixteen_digits_one_in_ten_is_a_card(number: int, between: str, prefix: str) -> None:
    digits = (prefix + str(number).zfill(15))[:16]
    text = between.join(digits[place : place + 4] for place in range(0, 16, 4))
    assume(between or not text.startswith("0"))
    assert (REDACTOR.text(f"no. {text}!") == f"no. {HIDDEN}!") == luhn(digits)
