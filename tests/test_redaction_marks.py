"""Do marks stand wherever a secret is replaced, in a text and in JSON of it, and not wherever one is spoken of?"""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import compute

from errcli.ingest.redact import Redactor

REDACTOR = Redactor()


def holds_marks(text: str) -> bool:
    """Search as the engine does: RE2, in UTF-8."""
    found: bool = compute.match_substring_regex(pa.array([text]), REDACTOR.marks)[0].as_py()
    return found


PYTHON_TRACE = """Traceback (most recent call last):
  File "/srv/app/auth/token_store.py", line 88, in get_token
    return self.keys[key]
  File "/srv/app/payments/card_gateway.py", line 7, in charge_card
    self.client.send(request, key=key, timeout=30, passed=True)
KeyError: 'order_17'"""
BROWSER_TRACE = """TypeError: Cannot read properties of undefined (reading 'token')
    at keyHandler (https://app.example.com:8080/static/js/main.5c6e4337.js:3:96466)
    at Object.passEffects (webpack-internal:///./src/pages/card.tsx:41:11)"""
JAVA_TRACE = """java.lang.IllegalStateException: No primary or unique key: authorization failed
\tat com.acme.auth.TokenService.check(TokenService.java:88) ~[auth-1.2.jar!/:?]
\tat com.acme.SecretaryController.lambda$bypass$3(SecretaryController.java:41)
Caused by: javax.crypto.BadPaddingException: Given final block not properly padded"""
GO_TRACE = """panic: runtime error: invalid memory address
goroutine 1 [running]:
main.(*Session).Token(0x0, {0xc000012018, 0x4})
\t/src/session/token.go:41 +0x1d"""


@pytest.mark.parametrize("trace", [PYTHON_TRACE, BROWSER_TRACE, JAVA_TRACE, GO_TRACE])
def test_a_stack_trace_that_speaks_of_keys_and_tokens_holds_no_marks_nor_does_its_json(trace: str) -> None:
    assert REDACTOR.may_hold_secrets(trace.encode())
    assert not holds_marks(trace)
    assert not holds_marks(json.dumps({"error": {"technical": trace}, "context": {"inputData": {"passengers": 2}}}))


@pytest.mark.parametrize(
    "text",
    [
        "token expired", "TokenExpiredError: jwt expired", "card declined", "keyboard shortcut Ctrl-C=copy",
        "basic authentication required", "Bearer token missing", "password too short", "monkey=1", "max_tokens: 4096",
        "https://example.com/a:b@c", "http://host:8080/x?mail=a@b.c", "order 17 of 2026-03-01", "KeyError: 'a'",
        '{"keyboard": "x", "cardType": "visa", "passengers": 3, "tokenCount": 7}', "secretary=Ann", "className=x",
    ],
)  # fmt: skip
def test_what_only_speaks_of_secrets_holds_no_marks(text: str) -> None:
    assert not holds_marks(text)


FRAGMENTS = st.sampled_from([
    "password", "pass", "word", "Pass", "wd", "code", "to", "ken", "token", "Token", "api", "key", "Key", "secret",
    "Secret", "private", "access", "auth", "session", "social", "security", "card", "Card", "number", "no", "credit",
    "otp", "Otp", "OTP", "bearer", "Bearer ", "basic ", "Basic", "pwd", "Pwd", "jwt", "cvv", "ssn", "SSN", "cookie",
    "credential", "value", "header", "hash", "authorization", "Authorization", "secret x", "_", "-", " ", ".", "/",
    "\n", "\t", "\x0b", "\\n", "\\", ": ", "=", ":", "=>", ">", '"', "'", "{", "}", "[", "]", ",", "://", "us", "@",
    "user:pw@", "eyJhbGciOi", "J9.eyJzdWIi", ".x", "AKIA", "IOSFODNN7EXAMPLE", "ghp_", "a" * 20, "4111", "1111 1111",
    "4111111111111111", "\u017f", "\u212a", "\u2013", "é", "x", "X", "1", "\\u0061", "\\u2013", "\\/\\/", "sk_live_",
    "whsec_", "xoxb-", "sk-", "-----BEGIN PRIVATE KEY-----", "b'", 'rB"', "WORD", "en", "abcdefgh", '{"', '": "', '\\"',
])  # fmt: skip
TEXTS = st.lists(FRAGMENTS, max_size=8).map("".join)


def _written(value: Any, as_ascii: bool, spaced: bool) -> str:
    return json.dumps(value, ensure_ascii=as_ascii, indent=1 if spaced else None)


JSON = st.recursive(
    TEXTS | st.sampled_from([4111111111111111, 7, None, True]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(TEXTS, inner, max_size=2)
        | st.builds(_written, inner, st.booleans(), st.booleans())
    ),
    max_leaves=5,
)


@settings(max_examples=600, deadline=None)
@given(TEXTS | JSON.map(json.dumps))
def test_marks_stand_in_every_text_in_which_something_is_replaced(text: str) -> None:
    assert REDACTOR.text(text) == text or holds_marks(text)


@settings(max_examples=600, deadline=None)
@given(JSON, st.booleans(), st.booleans())
def test_marks_stand_in_all_json_in_which_something_is_replaced(value: Any, as_ascii: bool, spaced: bool) -> None:
    text = _written(value, as_ascii, spaced)
    changed = REDACTOR.tree(value) != value
    assert not changed or holds_marks(text)
    assert not changed or holds_marks(text.replace("/", "\\/"))
