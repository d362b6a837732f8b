"""Does the server do what its OpenAPI says? Schemathesis asks it what is allowed and what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis")

from tests.serving import READ, TOKENS, WRITE, serving

ST = Path(sys.executable).with_name("st")


def findings(folder: Path, port: int, *arguments: str) -> str:
    """Return what schemathesis says when it finds something, nothing else."""
    done = subprocess.run(
        [ST, "run", f"http://127.0.0.1:{port}/openapi.json", "--seed", "1", "--no-color", "--max-examples", "5",
         "--phases", "examples,coverage,fuzzing", *arguments],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout.decode()[-4000:]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["errors/track", "errors/{error_id}/resolve", "errors/patterns", "user", "verify"])
def test_schemathesis_finds_nothing(tmp_path: Path, path: str) -> None:
    with serving(tmp_path, "--no-log") as server:
        server.post({"user_id": "u-1", "error": {"type": "timeout"}})
        assert findings(tmp_path, server.port, "--include-path", f"/api/v1/{path}") == ""


@pytest.mark.slow
@pytest.mark.parametrize(("path", "token"), [("errors/track", WRITE), ("patterns", READ)])
def test_schemathesis_finds_nothing_where_tokens_are_wanted(tmp_path: Path, path: str, token: str) -> None:
    with serving(tmp_path, "--no-log", **TOKENS) as server:
        schema = tmp_path / "openapi.json"
        schema.write_bytes(server.client.get("/openapi.json", headers={"authorization": f"Bearer {READ}"}).content)
        done = subprocess.run(
            [ST, "run", str(schema), "--url", f"http://127.0.0.1:{server.port}", "--seed", "1", "--max-examples", "5",
             "--phases", "examples,coverage,fuzzing", "--include-path", f"/api/v1/{path}",
             "-H", f"Authorization: Bearer {token}"],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode()[-4000:]
