"""Does a server lose or double an event, hold the store, or fail to end, as a process among others?"""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("fastapi")

from tests.processes import holding, in_shell
from tests.serving import READ, TOKENS, WRITE, serving, stored
from tests.support import REPOSITORY, process

pytestmark = pytest.mark.slow  # each test starts servers

POST = REPOSITORY / "bench" / "post.py"


def events(count: int, user: str = "u-1") -> list[dict[str, object]]:
    """Return different events with ids of their own."""
    return [
        {"id": f"{user}-{number}", "user_id": user, "timestamp": "2026-03-01T12:00:00Z", "error": {"type": "timeout"}}
        for number in range(count)
    ]


def test_what_is_accepted_is_in_the_store_when_the_server_has_ended(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        ids = server.post(events(3)).json()["ids"]
        assert server.end() == 0
    assert [row["id"] for row in stored(tmp_path)] == sorted(ids)
    assert (tmp_path / "errcli.duckdb.spool").read_bytes() == b""


def test_ctrl_c_ends_it_as_interrupted_after_it_took_in_what_waits(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.post(events(3)).status_code == 202
        assert server.end(signal.SIGINT) == 130
        assert server.log.splitlines()[-1].startswith("errcli: interrupted")
    assert len(stored(tmp_path)) == 3


def test_after_a_kill_the_next_server_takes_in_every_accepted_event_once(tmp_path: Path) -> None:
    accepted: list[str] = []
    for round_number in range(2):
        with serving(tmp_path) as server:
            for number in range(10):
                accepted += server.post(events(5, f"u-{round_number}-{number}")).json()["ids"]
            server.end(signal.SIGKILL)
    with serving(tmp_path) as server:
        assert server.end() == 0
    assert [row["id"] for row in stored(tmp_path)] == sorted(accepted)


def test_while_somebody_holds_the_store_events_wait_and_are_taken_in_later(tmp_path: Path) -> None:
    assert process("track", "--user", "u-0", cwd=tmp_path).code == 0
    with serving(tmp_path) as server:
        with holding(tmp_path / "errcli.duckdb"):
            assert server.post(events(2)).status_code == 202
            assert server.client.get("/nope").status_code == 404
        while server.client.get("/api/v1/errors/user/u-1").json()["rows"] == []:
            time.sleep(0.05)
    assert len(stored(tmp_path)) == 3


def test_the_log_says_what_was_asked_and_nothing_of_whom(tmp_path: Path) -> None:
    with serving(tmp_path, **TOKENS) as server:
        reader = {"authorization": f"Bearer {READ}"}
        server.client.get("/api/v1/errors/user/alice@example.org?now=latest", headers=reader)
        server.client.get("/nope/alice@example.org%1b%5b2J", headers={"authorization": "Bearer alice-guesses"})
        server.post(events(1, "alice"), authorization=f"Bearer {WRITE}")
        assert server.end() == 0
        first, *lines = server.log.splitlines()
        assert "listening on" in first
        told = [line.split(" ")[1:4] for line in lines]
    assert told[-3:] == [
        ["GET", "/api/v1/errors/user/{user_id}", "404"],
        ["GET", "-", "401"],
        ["POST", "/api/v1/errors/track", "202"],
    ]
    assert "alice" not in server.log


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--host", "0.0.0.0"], {}, "usage: others than this machine may only ask with tokens, --host"),  # noqa: S104
        ([], {"ERRCLI_SERVE_READ_TOKEN": READ}, "config: one token without the other, [serve] write_token"),
        ([], {"ERRCLI_SERVE_READ_TOKEN": "short"}, "config: serve.read_token: expected 16 characters or more"),
        ([], {"ERRCLI_SERVE_READ_TOKEN_FILE": "/dev/null"}, "config: expected 16 characters or more, ASCII without"),
        (["--port", "65536"], {}, "usage: 65536 is no port, --port"),
        (["--db", "serve.txt"], {}, "not-a-store: not a DuckDB file, serve.txt"),
    ],
)
def test_what_cannot_be_served_is_said_before_anything_is(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    (tmp_path / "serve.txt").write_text("no store at all")
    done = process("serve", *arguments, cwd=tmp_path, stdin=b"", **environment)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"errcli: {told}")


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        done = process("serve", "--port", str(server.port), cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"errcli: listen: Address already in use, 127.0.0.1:{server.port} (")


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['fastapi'] = None; from errcli.cli.main import run; sys.exit(run(['serve']))"
    done = subprocess.run([sys.executable, "-c", hidden], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr == b"errcli: missing-extra: fastapi is not installed, serve (pip install 'errcli[serve]')\n"


def test_tokens_come_from_files_and_are_shown_nowhere(tmp_path: Path) -> None:
    for name, token in (("read", READ), ("write", WRITE)):
        (tmp_path / name).write_text(f"{token}\n")
    (tmp_path / "errcli.toml").write_text(
        f'[serve]\nread_token_file = "read"\nwrite_token_file = "write"\nread_token = "{"s" * 20}"\n'
    )
    shown = process("config", "show", "-f", "json", cwd=tmp_path)
    assert [row["value"] for row in shown.rows if row["key"] == "serve.read_token"] == ["[redacted]"]
    assert "s" * 20 not in shown.out
    with serving(tmp_path) as server:
        assert server.post(events(1)).status_code == 401
        assert server.post(events(1), authorization=f"Bearer {WRITE}").status_code == 202
        assert server.client.get("/openapi.json", headers={"authorization": f"Bearer {READ}"}).status_code == 200


def post_all(port: int, count: int, clients: int) -> subprocess.Popen[bytes]:
    """Start clients that post so many events in all."""
    return subprocess.Popen([sys.executable, str(POST), str(port), str(count), str(clients)])


def test_the_commands_of_the_page_answer_as_it_says(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "serve.md").read_text("utf-8")
    shown = re.findall(r"^\$ (curl .+)\n(.+)$", text, re.MULTILINE)
    with serving(tmp_path) as server:
        assert process("track", "--user", "u-1", cwd=tmp_path).code == 0
        for command, output in shown:
            run = in_shell(command.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}"), tmp_path)
            assert (run.code, run.out.strip()) == (0, output), command
    assert len(shown) == 4


def test_ten_thousand_events_of_fifty_clients_beside_patterns_and_rollup_are_stored_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-log") as server:
        posting = post_all(server.port, 10_000, 50)
        began = time.monotonic()
        asked = 0
        while posting.poll() is None:
            if (tmp_path / "errcli.duckdb").exists():
                verb = "rollup" if asked % 5 == 4 else "patterns"
                assert process(verb, cwd=tmp_path).code == 0
                asked += 1
            time.sleep(max(0.0, began + asked - time.monotonic()))
        assert (posting.returncode, asked > 0) == (0, True)
        assert server.end() == 0
    assert [row["id"] for row in stored(tmp_path)] == [f"00000000-0000-4000-8000-{n:012d}" for n in range(10_000)]


def test_killed_in_the_middle_of_fifty_clients_every_accepted_event_is_stored_once(tmp_path: Path) -> None:
    said = tmp_path / "accepted"
    for _ in range(3):
        with serving(tmp_path, "--no-log") as server:
            posting = subprocess.Popen(
                [sys.executable, str(POST), str(server.port), "10000", "50", str(said)], stderr=subprocess.DEVNULL
            )
            time.sleep(3)
            server.end(signal.SIGKILL)
            posting.wait(timeout=60)
    with serving(tmp_path) as server:
        assert server.end() == 0
    accepted = {json.loads(line)["ids"][0] for line in said.read_text().splitlines()}
    ids = [row["id"] for row in stored(tmp_path)]
    assert len(ids) == len(set(ids))
    assert accepted
    assert accepted <= set(ids)
