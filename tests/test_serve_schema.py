"""Does the server do what its OpenAPI says? Schemathesis asks it what is allowed and what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis")

from tests.serving import READ, TOKENS, WRITE, serving
from tests.support import SAMPLE, process

ST = Path(sys.executable).with_name("st")
ALL_PHASES = "examples,coverage,fuzzing"
"""Coverage tries each value of each parameter, of hundreds of zones, too: half an hour for all paths."""


def findings(folder: Path, schema: str, phases: str, *arguments: str) -> str:
    """Return what schemathesis says when it finds something, nothing else."""
    done = subprocess.run(
        [ST, "run", schema, "--seed", "1", "--no-color", "--max-examples", "5", "--phases", phases, *arguments],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout.decode()[-4000:]


@pytest.mark.slow
def test_schemathesis_finds_nothing_on_any_path(tmp_path: Path) -> None:
    (tmp_path / "few.jsonl").write_text("\n".join(SAMPLE.read_text("utf-8").splitlines()[:80]), "utf-8")
    assert process("ingest", "few.jsonl", cwd=tmp_path).code == 0
    with serving(tmp_path, "--no-log") as server:
        assert findings(tmp_path, f"http://127.0.0.1:{server.port}/openapi.json", "examples,fuzzing") == ""


@pytest.mark.slow
@pytest.mark.parametrize("path", ["errors/track", "errors/{error_id}/resolve", "errors/patterns", "user", "verify"])
def test_schemathesis_finds_nothing_where_every_value_is_tried(tmp_path: Path, path: str) -> None:
    with serving(tmp_path, "--no-log") as server:
        server.post({"user_id": "u-1", "error": {"type": "timeout"}})
        schema = f"http://127.0.0.1:{server.port}/openapi.json"
        assert findings(tmp_path, schema, ALL_PHASES, "--include-path", f"/api/v1/{path}") == ""


@pytest.mark.slow
@pytest.mark.parametrize(("path", "token"), [("errors/track", WRITE), ("patterns", READ)])
def test_schemathesis_finds_nothing_where_tokens_are_wanted(tmp_path: Path, path: str, token: str) -> None:
    with serving(tmp_path, "--no-log", **TOKENS) as server:
        schema = tmp_path / "openapi.json"
        schema.write_bytes(server.client.get("/openapi.json", headers={"authorization": f"Bearer {READ}"}).content)
        options = ["--url", f"http://127.0.0.1:{server.port}", "--include-path", f"/api/v1/{path}"]
        assert findings(tmp_path, str(schema), ALL_PHASES, *options, "-H", f"Authorization: Bearer {token}") == ""
