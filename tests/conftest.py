"""Fixtures of all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import errcli.capture
from errcli.capture import events
from errcli.capture.repeats import Repeats
from errcli.cli.main import run
from tests.capturing import Captured
from tests.support import ONE_THREAD, SAMPLE, Cli, Run, process


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's own settings out: no config file, no variable, no colour."""
    for name in ("ERRCLI_DB", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-config"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Errcli in this process, in a working directory of the test's own: quicker than a process."""
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)

    def call(*arguments: str | Path) -> Run:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Run(code, out, err)

    return call


@pytest.fixture
def captured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Captured]:
    """Have what this process tracks written to a file of the test's own; what other tests tracked is not repeated."""
    monkeypatch.setattr(events, "_repeats", Repeats())
    errcli.capture.configure(file=tmp_path / "errors.jsonl", delay=0)
    yield Captured(tmp_path / "errors.jsonl")
    errcli.capture.configure(file=tmp_path / "later.jsonl")


@pytest.fixture(scope="session")
def sample_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load sample_data, once; whoever changes the store copies it."""
    folder = tmp_path_factory.mktemp("sample")
    loaded = process("ingest", str(SAMPLE), "-f", "json", cwd=folder, XDG_CONFIG_HOME=str(folder))
    assert (loaded.code, loaded.row["stored"]) == (0, 5039)
    return folder / "errcli.duckdb"


@pytest.fixture(scope="session")
def sample_report(sample_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of sample_data's last week, once."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*ONE_THREAD)
        assert run(["report", "-o", str(file), "--now", "latest", "--db", str(sample_db)]) == 0
    return file
