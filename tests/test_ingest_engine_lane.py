"""Which native lines does the engine read itself, so that a log of them is loaded at its speed?"""

import json
from pathlib import Path
from typing import Any

import pytest

from errcli.ingest.reader import Part, Reader
from errcli.ingest.redact import Redactor
from errcli.intake import How
from errcli.store import worker
from tests.lanes import loaded
from tests.test_redaction_marks import BROWSER_TRACE, GO_TRACE, JAVA_TRACE, PYTHON_TRACE

EVENT = {"id": "e-1", "userId": "u-1", "timestamp": "2026-03-01T12:00:00Z", "error": {"message": "Order 17 is gone"}}


@pytest.fixture(autouse=True, params=[0, 20_000], ids=["one of those alike", "each"])
def _looks_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_FEW", request.param)


def with_care(folder: Path, event: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """Load a log of two such lines and return how many of them the format's own code has read."""
    read: list[int] = []
    reread = Reader.reread

    def noted(reader: Reader, part: Part, numbers: list[int]) -> Any:
        read.extend(numbers)
        return reread(reader, part, numbers)

    monkeypatch.setattr(Reader, "reread", noted)
    log = folder / "a.jsonl"
    log.write_text("".join(f"{json.dumps(event | {'id': f'e-{number}'})}\n" for number in (1, 2)), "utf-8")
    taken, _ = loaded(folder, log, How("native", Redactor()))
    assert taken.stored == 2
    return len(read)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        *({"error": {"technical": trace}} for trace in (PYTHON_TRACE, BROWSER_TRACE, JAVA_TRACE, GO_TRACE)),
        *(
            {"timestamp": time}
            for time in (
                1774980000, 1774980000.25, 1774980000.1234567, 1774980000123, 1774980000123456, 1774980000123456789,
                "1774980000123", "2026-03-01 12:00:00,123", "2026-03-01T12:00:00+0000",
                "2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123+02:00",
            )
        ),
        {"userId": 17},
        {"error": {"message": "[404] Not found", "userMessage": "{sorry}"}},
        {"error": {"message": "GET https://api.example.com/keys/17 failed"}},
        {"context": {"inputData": {"key": "x", "cardType": "visa", "passengers": 2, "body": "token missing"}}},
    ],
    ids=lambda fields: json.dumps(fields)[:60],
)  # fmt: skip
def test_the_engine_reads_usual_lines_itself(
    tmp_path: Path, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert with_care(tmp_path, EVENT | fields, monkeypatch) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"error": {"message": "password=hunter2"}},
        {"error": {"message": "m", "technical": f"{PYTHON_TRACE}\nAuthorization: Bearer abc.DEF-123_x"}},
        {"error": {"message": ["a list"]}},
        {"context": {"inputData": {"token": "x"}}},
        {"timestamp": "2026-03-01T12:00Z"},
    ],
    ids=lambda fields: json.dumps(fields)[:60],
)
def test_the_format_reads_what_may_hold_a_secret_or_is_unusual(
    tmp_path: Path, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert with_care(tmp_path, EVENT | fields, monkeypatch) == 2
