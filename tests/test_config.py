"""Which setting wins, is its source named, and is every mistake told with what to do?"""

import re
from pathlib import Path

import pytest

from errcli.config import load
from errcli.errors import ConfigError
from tests.support import Cli, event, write_log

NO_FLAGS: dict[str, str | None] = {"--db": None, "--wait": None, "--format": None}
DEFAULTS = {
    "store.path": "errcli.duckdb",
    "store.wait": "10s",
    "store.memory_limit": None,
    "store.threads": None,
    "output.format": "table",
    "output.tz": "UTC",
    "ingest.max_bad": None,
    "ingest.redact": "true",
    "ingest.redact_keys": "[]",
    "ingest.keep_technical": "5",
    "ingest.drop": '{"cancelled": {"field": "error_code", "operator": "=", "value": "CANCELLED"}}',
    "ingest.fold": None,
    "patterns.rules": "{}",
    "prune.keep": "30d",
    "check.since": "1h",
    "check.max_critical": None,
    "check.max_new_users": None,
    "check.no_return": "false",
    "check.max_struggling": None,
    "check.max_dead_end": None,
    "check.notify_cmd": None,
    "check.once_per": None,
    "harm.low": "1.0",
    "harm.medium": "2.0",
    "harm.high": "4.0",
    "harm.critical": "8.0",
    "harm.blocked": "1.0",
    "harm.workflow_failed": "1.0",
    "harm.data_loss": "3.0",
    "harm.downstream_cap": "0.5",
    "serve.write_token": None,
    "serve.read_token": None,
    "serve.write_token_file": None,
    "serve.read_token_file": None,
    "serve.cors_origins": "[]",
    "serve.max_body": "4194304",
    "serve.max_batch": "1000",
}
SHOWN_WITHOUT_A_CONFIG = {key: (value, "default") for key, value in DEFAULTS.items()} | {
    "output.format": ("json", "--format")  # `shown` asks for it
}


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the user's own errcli.toml belongs."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "errcli"
    folder.mkdir(parents=True)
    return folder / "errcli.toml"


def shown(cli: Cli, *arguments: str) -> dict[str, tuple[str | None, str]]:
    """Return what `config show` tells: value and source of every setting."""
    run = cli("config", "show", "-f", "json", *arguments)
    assert run.code == 0, run.err
    return {row["key"]: (row["value"], row["source"]) for row in run.rows}


def test_every_setting_has_a_default(cli: Cli) -> None:
    assert shown(cli) == SHOWN_WITHOUT_A_CONFIG


def test_the_later_source_wins_and_is_named(cli: Cli, user_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user_file.write_text("[store]\npath = 'user.duckdb'\nwait = '1s'\n[output]\nformat = 'csv'\n[prune]\nkeep = '7d'\n")
    here = Path("errcli.toml").resolve()
    here.write_text("[store]\npath = 'here.duckdb'\nwait = '2s'\n[ingest]\nmax_bad = 5\n")
    monkeypatch.setenv("ERRCLI_DB", "environment.duckdb")
    monkeypatch.setenv("ERRCLI_INGEST_REDACT", "false")
    settings = shown(cli)
    assert settings["store.path"] == ("environment.duckdb", "ERRCLI_DB")
    assert settings["store.wait"] == ("2s", str(here))
    assert settings["prune.keep"] == ("7d", str(user_file))
    assert settings["ingest.max_bad"] == ("5", str(here))
    assert settings["ingest.redact"] == ("false", "ERRCLI_INGEST_REDACT")
    assert settings["output.tz"] == ("UTC", "default")
    assert f"output.format,csv,{user_file}" in cli("config", "show").out
    flags = shown(cli, "--db", "flag.duckdb", "--wait", "3s")
    assert (flags["store.path"], flags["store.wait"]) == (("flag.duckdb", "--db"), ("3s", "--wait"))


def test_a_format_for_answers_does_not_stop_commands_that_have_their_own(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERRCLI_OUTPUT_FORMAT", "parquet")
    assert cli("sql", "user").code == 0
    assert cli("spec").code == 0
    run = cli("config", "show")
    assert (run.code, run.out, "parquet needs a file" in run.err) == (2, "", True)


def test_the_store_is_taken_from_file_then_environment_then_flag(
    cli: Cli, tmp_path: Path, user_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "log.jsonl", [event("u-1")])

    def made(*arguments: str) -> str:
        before = set(Path().glob("*.duckdb"))
        assert cli("ingest", log, *arguments).code == 0
        (path,) = set(Path().glob("*.duckdb")) - before
        return path.name

    assert made() == "errcli.duckdb"
    user_file.write_text("[store]\npath = 'user.duckdb'\n")
    assert made() == "user.duckdb"
    Path("errcli.toml").write_text("[store]\npath = 'here.duckdb'\n")
    assert made() == "here.duckdb"
    monkeypatch.setenv("ERRCLI_DB", "environment.duckdb")
    assert made() == "environment.duckdb"
    assert made("--db", "flag.duckdb") == "flag.duckdb"


def test_a_flag_wins_over_the_format_of_a_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("ingest", write_log(tmp_path / "log.jsonl", [event("u-1")]))
    asked = ["query", "SELECT 1 AS one"]
    Path("errcli.toml").write_text("[output]\nformat = 'csv'\n")
    assert cli(*asked).out == "one\n1\n"
    monkeypatch.setenv("ERRCLI_OUTPUT_FORMAT", "jsonl")
    assert cli(*asked).out == '{"one": 1}\n'
    assert cli(*asked, "-f", "markdown").out == "query: 1 row\n\n| one |\n| ---: |\n| 1 |\n"


def test_the_zone_of_a_file_is_that_of_days_and_tables(cli: Cli, tmp_path: Path) -> None:
    cli("ingest", write_log(tmp_path / "log.jsonl", [event("u-1", "2026-03-01T23:30:00Z")]))
    Path("errcli.toml").write_text("[output]\ntz = 'Europe/Berlin'\n")
    asked = ["struggling", "--min-errors", "1", "--now", "2026-03-02T01:00", "--since", "today"]
    assert "2026-03-02 00:30:00+01:00" in cli(*asked).out
    assert cli(*asked, "--tz", "UTC", "-f", "json").rows == []


def test_max_bad_of_a_file_counts_until_a_flag_says_otherwise(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", [event("u-1"), {"no": "event"}])
    Path("errcli.toml").write_text("[ingest]\nmax_bad = 0\n")
    assert cli("ingest", log).code == 4
    assert cli("ingest", write_log(tmp_path / "b.jsonl", [event("u-2"), {"no": 1}]), "--max-bad", "1").code == 0


def test_a_list_in_a_variable_is_divided_by_commas(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERRCLI_INGEST_REDACT_KEYS", "pin, iban")
    assert shown(cli)["ingest.redact_keys"] == ('["pin", "iban"]', "ERRCLI_INGEST_REDACT_KEYS")


def test_an_empty_variable_is_as_good_as_none(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ERRCLI_DB", "ERRCLI_STORE_WAIT", "ERRCLI_INGEST_REDACT_KEYS"):
        monkeypatch.setenv(name, "")
    assert shown(cli) == SHOWN_WITHOUT_A_CONFIG


def test_variables_of_others_are_none_of_errclis_business(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ERRCLI_COMPLETE", "")
    monkeypatch.setenv("MY_ERRCLI_DB", "x")
    assert shown(cli) == SHOWN_WITHOUT_A_CONFIG


MISTAKES = {
    "unknown section": ("[stor]\n", ["'stor'", "did you mean store?"]),
    "unknown section like no other": ("[quux]\n", ["'quux'", "store, output, ingest, patterns, prune"]),
    "unknown key": ("[store]\npaht = 'x'\n", ["[store]", "'paht'", "did you mean path?"]),
    "key of another section": ("[store]\nkeep = '1d'\n", ["[store]", "'keep'"]),
    "key without a section": ("store = 1\n", ["'store'", "[store]"]),
    "number for a text": ("[store]\npath = 5\n", ["store.path", "str", "int"]),
    "text for a number": ("[ingest]\nmax_bad = 'many'\n", ["ingest.max_bad", "int"]),
    "text for a truth": ("[ingest]\nredact = 'yes'\n", ["ingest.redact", "bool"]),
    "text for a list": ("[ingest]\nredact_keys = 'pin'\n", ["ingest.redact_keys", "array"]),
    "negative number": ("[ingest]\nmax_bad = -1\n", ["ingest.max_bad", ">= 0"]),
    "no threads": ("[store]\nthreads = 0\n", ["store.threads", ">= 1"]),
    "unknown format": ("[output]\nformat = 'xml'\n", ["output.format", "'xml'"]),
    "wait that is no duration": ("[store]\nwait = 'long'\n", ["store.wait", "15m"]),
    "memory without a unit": ("[store]\nmemory_limit = '1000'\n", ["store.memory_limit", "512MB"]),
    "no amount of memory": ("[store]\nmemory_limit = 'lots'\n", ["store.memory_limit", "512MB"]),
    "month as a unit": ("[prune]\nkeep = '1M'\n", ["prune.keep", "15m"]),
    "broken": ("[store\n", ["TOML", "line 1"]),
    "key twice": ("[store]\npath = 'a'\npath = 'b'\n", ["TOML", "line 3"]),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_a_file_is_code_2_and_names_file_and_remedy(cli: Cli, case: str) -> None:
    text, words = MISTAKES[case]
    file = Path("errcli.toml").resolve()
    file.write_text(text)
    for arguments in (["patterns"], ["config", "show"], ["config", "validate"], ["ingest", "x"]):
        run = cli(*arguments)
        assert (run.code, run.out) == (2, "")
        assert re.fullmatch(r"errcli: config: [^\n]+\n", run.err)
        for word in (*words, str(file)):
            assert word in run.err
    other = file.rename("other.toml")
    run = cli("config", "validate", other)
    assert (run.code, run.out, "other.toml" in run.err) == (2, "", True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ERRCLI_BD", "x", ["'ERRCLI_BD'", "did you mean ERRCLI_DB?"]),
        ("ERRCLI_STORE_WIAT", "1s", ["'ERRCLI_STORE_WIAT'", "did you mean ERRCLI_STORE_WAIT?"]),
        ("ERRCLI_INGEST_MAX_BAD", "many", ["ERRCLI_INGEST_MAX_BAD", "ingest.max_bad"]),
        ("ERRCLI_INGEST_REDACT", "perhaps", ["ERRCLI_INGEST_REDACT", "ingest.redact"]),
        ("ERRCLI_OUTPUT_FORMAT", "xml", ["ERRCLI_OUTPUT_FORMAT", "'xml'"]),
        ("ERRCLI_STORE_THREADS", "0", ["ERRCLI_STORE_THREADS", ">= 1"]),
        ("ERRCLI_STORE_WAIT", "long", ["ERRCLI_STORE_WAIT", "15m"]),
    ],
)
def test_a_mistake_in_a_variable_is_code_2_and_names_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: list[str]
) -> None:
    monkeypatch.setenv(name, value)
    for arguments in (["patterns"], ["config", "show"]):
        run = cli(*arguments)
        assert (run.code, run.out) == (2, "")
        assert re.fullmatch(r"errcli: config: [^\n]+\n", run.err)
        for word in words:
            assert word in run.err


def test_bytes_that_are_no_text_are_told(cli: Cli) -> None:
    Path("errcli.toml").write_bytes(b"[store]\npath = '\xff'\n")
    run = cli("config", "show")
    assert (run.code, run.err.count("\n")) == (2, 1)


def test_a_good_file_is_validated(cli: Cli) -> None:
    Path("errcli.toml").write_text("[store]\npath = 'a.duckdb'\nwait = '1h30m'\n[output]\ntz = 'Europe/Berlin'\n")
    run = cli("config", "validate", "-f", "json")
    assert (run.code, run.row) == (0, {"file": "errcli.toml", "settings": 3})
    Path("empty.toml").touch()
    assert cli("config", "validate", "empty.toml", "-f", "json").row == {"file": "empty.toml", "settings": 0}


def test_a_file_that_is_not_there_cannot_be_validated(cli: Cli) -> None:
    run = cli("config", "validate", "nowhere.toml")
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(r"errcli: config: no such file, nowhere\.toml [^\n]+\n", run.err)


def test_the_folder_to_look_in_is_an_argument(tmp_path: Path) -> None:
    (tmp_path / "errcli.toml").write_text("[store]\npath = 'x'\n")
    assert load({}, tmp_path, NO_FLAGS).config.store.path == "x"
    with pytest.raises(ConfigError, match="ERRCLI_X"):
        load({"ERRCLI_X": "1"}, tmp_path, NO_FLAGS)
