"""Is there help for every command, and does it begin with an example?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from errcli import __version__, catalog
from errcli.cli.app import build
from errcli.ingest import formats
from tests.support import Cli, process

VERBS = (
    "overview",
    "dashboard",
    "serve",
    "report",
    "check",
    "ingest",
    "track",
    "pattern",
    "explain",
    "resolve",
    "reopen",
    "ignore",
    "regroup",
    "rollup",
    "prune",
    "query",
    "sql",
    "spec",
    "db",
    "config",
)


def commands(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk the app: every command and every group, as the words that call it."""
    yield path
    for name, child in sorted(getattr(node, "commands", {}).items()):
        yield from commands(child, (*path, name))


ALL = list(commands(typer.main.get_command(build())))


def test_the_walk_finds_every_command() -> None:
    top = {path[0] for path in ALL if len(path) == 1}
    assert top == {*VERBS, *catalog.commands()}
    assert {path for path in ALL if len(path) == 2} == {
        ("db", "info"), ("db", "compact"), ("db", "doctor"), ("config", "show"), ("config", "validate"),
    }  # fmt: skip


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_begins_with_an_example(cli: Cli, path: tuple[str, ...]) -> None:
    long, short = cli(*path, "--help"), cli(*path, "-h")
    assert (long.code, long.err) == (0, "")
    assert short == long
    usage, blank, example = long.out.splitlines()[:3]
    assert usage.startswith(f"Usage: {' '.join(('errcli', *path))}")
    assert (blank, example[:17]) == ("", "  Example: errcli")


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=" ".join)
def test_an_example_is_a_call_of_its_command(cli: Cli, path: tuple[str, ...]) -> None:
    example = cli(*path, "--help").out.splitlines()[2]
    assert example.startswith(f"  Example: errcli {' '.join(path)}")


@pytest.mark.parametrize("group", [(), ("db",), ("config",)], ids=str)
def test_no_argument_shows_the_short_help(cli: Cli, group: tuple[str, ...]) -> None:
    run = cli(*group)
    assert (run.code, run.err) == (0, "")
    assert run.out.rstrip() == cli(*group, "--help").out.rstrip()


def test_the_help_lists_every_command_with_its_line(cli: Cli) -> None:
    listed = {line.split()[0]: line for line in cli("--help").out.partition("Commands:\n")[2].splitlines()}
    assert set(listed) == {*VERBS, *catalog.commands()}
    for name in catalog.commands():
        assert " ".join(listed[name].split()[1:]) == catalog.get(name).summary


@pytest.mark.parametrize("name", catalog.commands())
def test_the_help_of_an_analysis_lists_its_options_and_the_shared_ones(cli: Cli, name: str) -> None:
    text = cli(name, "--help").out
    for option in ("--since", "--until", "--now", "--tz", "--limit", "--db", "--wait", "--format", "-f", "--output",
                   "-o", "--no-color", "--debug"):  # fmt: skip
        assert f" {option} " in f"{text} ".replace("\n", " ").replace(",", " "), option


@pytest.mark.parametrize("name", catalog.forms())
def test_the_help_of_a_question_lists_its_other_forms(cli: Cli, name: str) -> None:
    command, form = catalog.forms()[name]
    assert f"  --{form} " in cli(command, "--help").out


def test_a_form_says_which_default_it_has_where_the_question_has_none(cli: Cli) -> None:
    words = " ".join(cli("user", "--help").out.split())
    assert "One user's day on a strip of time, a line a pattern; --since 1d unless given." in words


def test_graphs_are_offered_where_there_is_one_to_draw(cli: Cli) -> None:
    assert "markdown|parquet|dot|mermaid|tree>" in cli("cascades", "--help").out
    assert "markdown|parquet>" in cli("user", "--help").out


def test_the_version_is_printed(cli: Cli) -> None:
    run = cli("--version")
    assert run == (0, f"errcli {__version__}\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown(tmp_path: Path, shell: str) -> None:
    # else Typer asks which shell it was started from, and under make there is none
    run = process("--show-completion", shell, cwd=tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (run.code, "_ERRCLI_COMPLETE" in run.out) == (0, True)


def test_the_help_of_ingest_names_every_format(cli: Cli) -> None:
    words = cli("ingest", "--help").out.replace(",", " ").split()
    assert set(formats.NAMES) <= set(words)
