"""Does `errcli serve` accept what ingest accepts, answer what the command answers, and let nobody else in?"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from errcli import catalog
from errcli.config import Config, ServeConfig
from errcli.ingest.spool import path_of
from errcli.server.app import build
from errcli.server.serving import Serving, Tokens
from errcli.store.burst import Keeping
from errcli.store.connection import StoreOptions
from tests.processes import holding
from tests.serving import READ, WRITE
from tests.support import Cli, process

NOW = "2026-11-20T17:59:59Z"
EVENT = {"user_id": "u-1", "timestamp": "2026-03-01T12:00:00Z", "error": {"type": "timeout"}}
TRACK = "/api/v1/errors/track"
REQUIRED = {
    "cascade": {"user_id": "u-1077", "session_id": "s-64cc60c1"},
    "fix-first-explain": {"explain": "21919aac"},
    "rate": {"user_id": "u-1077"},
    "user": {"user_id": "u-1077"},
    "user-timeline": {"user_id": "u-1077"},
    "affected": {"pattern": "21919aac"},
    "verify": {"pattern": "21919aac"},
}
"""What an analysis has to be asked for, beside its defaults."""


def client(folder: Path, settings: Config | None = None, tokens: Tokens | None = None, wait: float = 5.0) -> TestClient:
    """Return a client of an app whose store is in a folder; its threads run inside `with`."""
    options = StoreOptions(folder / "errcli.duckdb", wait, threads=1)
    app = build(Serving(settings or Config(), options, Keeping(), "127.0.0.1", tokens, log=False))
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def spooled(folder: Path) -> list[dict[str, Any]]:
    """Return the events that wait, as they are on disk."""
    spool = path_of(folder / "errcli.duckdb")
    return [json.loads(line) for line in spool.read_bytes().splitlines()] if spool.exists() else []


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Return a client of a new store, from which nothing takes the spool in: what is accepted can be looked at."""
    monkeypatch.setattr("errcli.server.ingester.Ingester._take", lambda _: 60.0)
    with client(tmp_path) as connected:
        yield connected


@pytest.fixture(scope="module")
def sample(sample_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of the sample."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(sample_db, folder / "errcli.duckdb")
    with client(folder) as connected:
        yield connected


def error_of(response: Any) -> dict[str, Any]:
    """Return the error that an answer tells."""
    error: dict[str, Any] = response.json()["error"]
    return error


def test_an_event_is_on_disk_when_it_is_accepted(app: TestClient, tmp_path: Path) -> None:
    answer = app.post(TRACK, json={**EVENT, "id": "a3e5f71d-4e81-470f-bedf-574c603a6e8e"})
    assert (answer.status_code, answer.json()) == (202, {"ids": ["a3e5f71d-4e81-470f-bedf-574c603a6e8e"]})
    assert [(each["id"], each["user_id"]) for each in spooled(tmp_path)] == [
        ("a3e5f71d-4e81-470f-bedf-574c603a6e8e", "u-1")
    ]


def test_a_batch_has_its_ids_in_order(app: TestClient, tmp_path: Path) -> None:
    answer = app.post(TRACK, json=[{**EVENT, "user_id": f"u-{number}"} for number in range(3)])
    assert answer.status_code == 202
    assert {each["id"]: each["user_id"] for each in spooled(tmp_path)} == dict(
        zip(answer.json()["ids"], ["u-0", "u-1", "u-2"], strict=True)
    )


def test_an_event_without_a_time_is_of_now_and_another_each_time(app: TestClient) -> None:
    event = {"user_id": "u-1", "error": {}}
    first, second = app.post(TRACK, json=[event, event]).json()["ids"]
    assert first != second


def test_an_event_with_a_time_and_no_id_is_the_one_that_ingest_makes_of_its_line(
    app: TestClient, tmp_path: Path
) -> None:
    line = json.dumps(EVENT)
    (tmp_path / "a.jsonl").write_text(line)
    assert process("ingest", "a.jsonl", "--db", "other.duckdb", cwd=tmp_path).code == 0
    ids = process("query", "SELECT id FROM user_errors", "--db", "other.duckdb", "-f", "json", cwd=tmp_path).row
    posted = [app.post(TRACK, content=line, headers={"content-type": "application/json"}).json() for _ in range(2)]
    assert posted == [{"ids": [ids["id"]]}] * 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"3", "not an event"),
        (b"{}", "not an event"),
        (b'{"timestamp": 1, "error": {}}', "no user"),
        (b'{"userId": "u", "timestamp": "never", "error": {}}', "bad time"),
        (b'{"userId": "u", "error": {}, "x": ' + b"[" * 200 + b"]" * 200 + b"}", "nesting too deep"),
        (b'{"userId": "u", "error": {}, "x": "' + b"x" * (1 << 20) + b'"}', "line over 1 MiB"),
    ],
)
def test_what_ingest_rejects_is_refused_with_its_reason(
    app: TestClient, tmp_path: Path, body: bytes, reason: str
) -> None:
    answer = app.post(TRACK, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert error_of(answer)["events"] == [{"index": 0, "reason": reason}]
    assert spooled(tmp_path) == []


def test_a_batch_with_a_bad_event_is_refused_whole_and_says_which(app: TestClient, tmp_path: Path) -> None:
    answer = app.post(TRACK, json=[EVENT, {"error": {}}, EVENT, 3])
    assert answer.status_code == 422
    assert error_of(answer)["events"] == [{"index": 1, "reason": "no user"}, {"index": 3, "reason": "not an event"}]
    assert spooled(tmp_path) == []


@pytest.mark.parametrize("body", ["[]", "[1", "[" * 100_000])
def test_a_list_that_holds_no_event_is_refused(app: TestClient, body: str) -> None:
    assert app.post(TRACK, content=body, headers={"content-type": "application/json"}).status_code == 422


def test_secrets_are_redacted_before_they_are_on_disk(app: TestClient, tmp_path: Path) -> None:
    event = {**EVENT, "error": {"message": "password=hunter2"}, "context": {"input_data": {"token": "hunter2"}}}
    assert app.post(TRACK, json=event).status_code == 202
    assert app.post(TRACK, json=[event] * 200).status_code == 202
    assert len(spooled(tmp_path)) == 201
    assert b"hunter2" not in path_of(tmp_path / "errcli.duckdb").read_bytes()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_page_elsewhere_may_send_unasked_is_refused(app: TestClient, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    assert app.post(TRACK, content=json.dumps(EVENT), headers=headers).status_code == 415


def test_a_body_over_the_limit_is_refused_however_it_comes(tmp_path: Path) -> None:
    with client(tmp_path, Config(serve=ServeConfig(max_body=1000, max_batch=3))) as app:
        headers = {"content-type": "application/json"}
        assert app.post(TRACK, content=b" " * 1001, headers=headers).status_code == 413
        assert app.post(TRACK, content=iter([b" " * 600] * 2), headers=headers).status_code == 413
        assert app.post(TRACK, json=[EVENT] * 4).status_code == 422
        assert app.post(TRACK, json=[EVENT] * 3).status_code == 202
        assert app.post("/api/v1/errors/x/resolve", content=b" " * 1001, headers=headers).status_code == 413


def test_a_spool_that_cannot_be_written_accepts_nothing_and_hides_where_it_is(app: TestClient, tmp_path: Path) -> None:
    path_of(tmp_path / "errcli.duckdb").mkdir()
    answer = app.post(TRACK, json=EVENT)
    assert (answer.status_code, error_of(answer)["code"]) == (500, "store-io")
    assert str(tmp_path) not in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("name", catalog.names())
def test_every_analysis_answers_in_the_bytes_of_its_command(
    sample: TestClient, sample_db: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ERRCLI_STORE_THREADS", "1")  # as the server has it: threads add up in no certain order
    question, option = catalog.forms().get(name, (name, None))
    required = REQUIRED.get(name, {})
    own = [f"--{option}", *required.values()] if option == "explain" else [*required.values()]
    own += [f"--{option}"] if option not in (None, "explain") else []
    command = cli(question, *own, "--now", NOW, "-f", "json", "--db", sample_db)
    answer = sample.get(f"/api/v1/{name}", params={"now": NOW} | required)
    assert (command.code, answer.status_code) == (0, 200)
    assert answer.text == command.out
    assert answer.json()["rows"] or name == "verify"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("errors/user/u-1077?limit=3", ["user", "u-1077", "--limit", "3"]),
        ("errors/user/team.lead%40example.org", ["user", "team.lead@example.org"]),
        ("errors/user/a%2Fb", ["user", "a/b"]),
        ("errors/patterns?time_range=7d&min-count=10", ["patterns", "--since", "7d", "--min-count", "10"]),
        ("errors/struggling-users?time_range=1d&baseline=true", ["struggling", "--since", "1d", "--baseline"]),
        ("errors/impact/high?limit=0&tz=Asia/Tokyo", ["impact", "--limit", "0", "--tz", "Asia/Tokyo"]),
    ],
)
def test_the_paths_of_the_specification_answer_as_the_commands_do(
    sample: TestClient, sample_db: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, path: str, words: list[str]
) -> None:
    monkeypatch.setenv("ERRCLI_STORE_THREADS", "1")
    answer = sample.get(f"/api/v1/{path}{'&' if '?' in path else '?'}now={NOW}")
    command = cli(*words, "--now", NOW, "-f", "json", "--db", sample_db)
    assert (answer.status_code, answer.text) == (200, command.out)


@pytest.mark.parametrize(
    ("query", "status", "where", "what"),
    [
        ("patterns?since=soon", 422, "since", "'soon' is not a time"),
        ("errors/patterns?time_range=soon", 422, "time_range", "'soon' is not a time"),
        ("patterns?min_count=x", 422, "min_count", "'x' is not a whole number"),
        ("patterns?min_count=0", 422, "min_count", "0 is less than 1"),
        ("patterns?limit=99999999999999999999", 422, "limit", "99999999999999999999 is too large"),
        ("fix-first?critical=1.5e308", 422, "critical", "1.5e+308 is too large"),
        ("fix-first?blocked=nan", 422, "blocked", "nan is too large"),
        ("patterns?sort=size", 422, "sort", "'size' is none of errors, users, blocked, first-seen, last-seen"),
        ("patterns?sicne=1h", 422, "sicne", "no parameter 'sicne'"),
        ("patterns?since=1h&since=2h", 422, "since", "given twice"),
        ("patterns?tz=Mars", 422, "tz", "'Mars' is not a time zone"),
        ("rate", 422, "user_id", "missing"),
        ("features?exposure=/etc/passwd", 422, "exposure", "no parameter 'exposure'"),
        ("patterns?since=1h&until=2h", 409, "since", None),
        ("verify?pattern=abcdef", 404, None, "no event and no pattern is called 'abcdef'"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused_by_its_name(
    sample: TestClient, query: str, status: int, where: str | None, what: str | None
) -> None:
    answer = sample.get(f"/api/v1/{query}")
    error = error_of(answer)
    assert (answer.status_code, error.get("where")) == (status, where)
    assert what is None or error["what"] == what
    assert "--" not in answer.text


def test_without_a_store_there_is_nothing_to_ask_and_its_path_stays_untold(tmp_path: Path) -> None:
    with client(tmp_path) as app:
        answer = app.get("/api/v1/patterns")
    assert (answer.status_code, error_of(answer)) == (404, {"code": "no-store", "what": "there is no store"})


def test_a_store_that_somebody_holds_is_busy_and_events_are_accepted_all_the_same(
    sample_db: Path, tmp_path: Path
) -> None:
    store = tmp_path / "errcli.duckdb"
    shutil.copyfile(sample_db, store)
    with client(tmp_path, wait=0.2) as app, holding(store):
        for answer in (app.get("/api/v1/patterns"), app.post("/api/v1/errors/21919aac/resolve", json={})):
            assert (answer.status_code, error_of(answer)["code"]) == (503, "store-busy")
            assert answer.headers["retry-after"] == "1"
        assert app.post(TRACK, json=EVENT).status_code == 202


def test_resolve_answers_as_the_command_does(sample_db: Path, tmp_path: Path) -> None:
    shutil.copyfile(sample_db, tmp_path / "errcli.duckdb")
    with client(tmp_path) as app:
        answer = app.post("/api/v1/errors/21919aac/resolve", json={"release": "1.4.3", "note": "relaxed"})
        (row,) = answer.json()["rows"]
        assert (answer.status_code, answer.json()["analysis"]) == (200, "resolve")
        assert (row["target"], row["resolved"], row["release"], row["note"]) == ("pattern", True, "1.4.3", "relaxed")
        assert app.post("/api/v1/errors/21919aac/resolve").status_code == 200
        assert app.post("/api/v1/errors/nothing/resolve").status_code == 404
        assert app.post("/api/v1/errors/21919aac/resolve", json={"realease": "1"}).status_code == 422
    query = "SELECT count(*) AS n FROM resolutions WHERE decision = 'resolved' AND release = '1.4.3'"
    assert process("query", query, "-f", "json", cwd=tmp_path).row == {"n": 1}


GETS = ["/api/v1/patterns", "/api/v1/errors/user/u-1", "/openapi.json", "/docs", "/nope", "/"]


def authorized(token: str) -> dict[str, str]:
    """Return the header that shows a token."""
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("headers", [{}, authorized(WRITE), authorized("x"), {"authorization": READ}])
def test_reading_without_the_token_for_it_learns_nothing(tmp_path: Path, path: str, headers: dict[str, str]) -> None:
    app = client(tmp_path, tokens=Tokens(WRITE, READ))
    answer = app.get(path, headers=headers)
    assert (answer.status_code, answer.json()) == (
        401, {"error": {"code": "unauthorized", "what": "no valid token"}},
    )  # fmt: skip
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", [TRACK, "/api/v1/errors/x/resolve", "/nope"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_writing_without_the_token_for_it_learns_nothing(tmp_path: Path, path: str, method: str) -> None:
    app = client(tmp_path, tokens=Tokens(WRITE, READ))
    for headers in ({}, authorized(READ)):
        assert app.request(method, path, headers=headers, json=EVENT).status_code == 401
    assert spooled(tmp_path) == []


def test_each_token_is_good_for_its_own(tmp_path: Path) -> None:
    with client(tmp_path, tokens=Tokens(WRITE, READ)) as app:
        assert app.post(TRACK, json=EVENT, headers=authorized(WRITE)).status_code == 202
        assert app.get("/openapi.json", headers=authorized(READ)).json()["security"] == [{"token": []}]
        assert app.get("/nope", headers=authorized(READ)).status_code == 404


def test_without_tokens_a_page_that_calls_the_server_by_another_name_is_refused(app: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost:80:80"):
        assert app.get("/openapi.json", headers={"host": host}).status_code == 400
    for host in ("localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"):
        assert app.get("/openapi.json", headers={"host": host}).status_code == 200


def test_without_tokens_a_page_elsewhere_can_send_nothing(app: TestClient, tmp_path: Path) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9"):
        assert app.post(TRACK, json=EVENT, headers={"origin": origin}).status_code == 403
        assert app.post("/api/v1/errors/x/resolve", headers={"origin": origin}).status_code == 403
    assert spooled(tmp_path) == []
    assert app.post(TRACK, json=EVENT, headers={"origin": "http://127.0.0.1"}).status_code == 202
    assert (
        "access-control-allow-origin" not in app.get("/openapi.json", headers={"origin": "https://a.example"}).headers
    )


def test_pages_of_the_origins_that_are_set_may_ask_and_send(tmp_path: Path) -> None:
    origin = {"origin": "https://app.example"}
    settings = Config(serve=ServeConfig(cors_origins=("https://app.example",)))
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for tokens, shown in ((None, {}), (Tokens(WRITE, READ), authorized(WRITE))):
        with client(tmp_path, settings, tokens) as app:
            assert app.options(TRACK, headers=origin | preflight).status_code == 200
            answer = app.post(TRACK, json=EVENT, headers=origin | shown)
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (202, "https://app.example")
            other = {"origin": "https://evil.example"}
            assert app.options(TRACK, headers=other | preflight).status_code == 400


def test_what_nobody_expected_is_told_in_one_line_and_the_answer_says_nothing_of_it(
    app: TestClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr("errcli.server.questions.read", fail)
    answer = app.get("/api/v1/patterns")
    assert (answer.status_code, error_of(answer)["code"]) == (500, "internal")
    assert "secret" not in answer.text
    err = capfd.readouterr().err
    assert "errcli: internal: ValueError: secret detail" in err
    assert "Traceback" not in err


def test_answers_are_not_kept_by_anybody_nor_taken_for_something_else(sample: TestClient) -> None:
    for path in ("/api/v1/patterns", "/nope"):
        headers = sample.get(path).headers
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert headers["content-type"] == "application/json"


def test_the_description_has_every_question_and_no_file(sample: TestClient) -> None:
    described = sample.get("/openapi.json").json()
    assert {f"/api/v1/{name}" for name in catalog.names()} <= described["paths"].keys()
    names = {each["name"] for each in described["paths"]["/api/v1/features"]["get"]["parameters"]}
    assert {"since", "min_users", "limit", "now", "tz"} <= names
    assert "exposure" not in names
