"""Is the project in step with itself: its metadata, its pages, its size; and does its wheel work elsewhere?"""

import ast
import csv
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import typer

from errcli import __version__, catalog
from errcli.cli.app import build
from tests.support import REPOSITORY, SAMPLE, clean_environment
from tests.test_cli_help import ALL

SOURCE = REPOSITORY / "src" / "errcli"
MODULES = sorted(SOURCE.rglob("*.py"))
QUESTIONS = sorted((REPOSITORY / "docs" / "questions").glob("*.md"))
PAGES = [path for path in QUESTIONS if path.name != "README.md"]
SECTIONS = [
    "How to read it", "How it is computed", "What the data cannot tell", "Options worth knowing", "Where to go next",
]  # fmt: skip
COMMANDS = [" ".join(path) for path in ALL if path and path not in {("db",), ("config",)}]
NOT_IMPORTED = {"tzdata"}  # data that zoneinfo falls back on
FOR_DEVELOPERS = {"bench", "dev", "spark-test"}  # extras of no user
PACKAGES = {"backports": "backports-zstd", "vl_convert": "vl-convert-python"}  # whose module has another name
LATER = {"compression"}  # modules of Python itself, from a later version on


def metadata() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def page(name: str) -> str:
    """Return a page; skip the test where it is not written yet."""
    file = REPOSITORY / name
    text = file.read_text("utf-8") if file.exists() else ""
    if not text.strip():
        pytest.skip(f"{name} is empty")
    return text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert re.search(rf"^## errcli {command}$", page("docs/commands.md"), re.MULTILINE)


@pytest.mark.parametrize("verb", sorted({path[0] for path in ALL if path}))
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert re.search(rf"\b{verb}\b", page("README.md"))


@pytest.mark.parametrize("name", catalog.names())
def test_every_analysis_is_in_the_readme_with_what_it_answers(name: str) -> None:
    assert catalog.get(name).summary in page("README.md")


def test_the_pages_name_no_command_that_is_not_there() -> None:
    told = set(re.findall(r"^## errcli (.+)$", page("docs/commands.md"), re.MULTILINE))
    assert told == set(COMMANDS)
    first_words = {path[0] for path in ALL if path}
    called = set(re.findall(r"^\$ errcli ([a-z-]+)", page("README.md"), re.MULTILINE))
    assert called <= first_words


@pytest.mark.parametrize("name", [*catalog.commands(), "overview", "check", "pattern"])
def test_every_question_has_a_page_that_readme_and_index_lead_to(name: str) -> None:
    assert page(f"docs/questions/{name}.md")
    assert f"(docs/questions/{name}.md)" in page("README.md")
    assert f"({name}.md)" in page("docs/questions/README.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_asks_a_question_and_answers_in_the_same_order(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# .+\?\n\n    errcli {path.stem}\b.*\n\n<!-- run: errcli ", text)
    told = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert told == [section for section in SECTIONS if section in told]
    assert set(SECTIONS) - set(told) <= {"How it is computed"}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_command_and_option_on_a_page_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = [*re.findall(r"`([^`\n]*)`", _without_blocks(text)), *re.findall(r"^ {4}(.*)$", text, re.MULTILINE)]
    lines += re.findall(r"<!-- run: (.+) -->", text)
    for line in lines:
        for words in re.findall(r"\berrcli ([a-z][^|&;>]*)", line):
            command, options = _called(words)
            assert options <= _options(command), line
    # an option that stands alone is one of the command that the page is about, or of any
    about = (path.stem,) if (path.stem,) in ALL else None
    alone = {option for line in lines if line.startswith("--") for option in re.findall(r"--[a-z-]+", line)}
    assert alone <= (_options(about) if about else set().union(*map(_options, ALL)))


def _without_blocks(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def _called(words: str) -> tuple[tuple[str, ...], set[str]]:
    """Return the command that a line calls, and its options."""
    first, *others = words.split()
    command = (first, others[0]) if first in ("db", "config") else (first,)
    assert command in ALL, words
    return command, set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", words))


def _options(command: tuple[str, ...]) -> set[str]:
    """Return the options of a command."""
    node: Any = typer.main.get_command(build())
    for word in command:
        node = node.commands[word]
    return {option for parameter in node.params for option in parameter.opts}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_figure_of_how_to_read_an_example_stands_in_an_example(path: Path) -> None:
    text = path.read_text("utf-8")
    examples = " ".join(re.findall(r"```text\n(.*?)```", text, re.DOTALL))
    told = re.search(r"^## How to read it\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    assert told
    prose = re.sub(r"^ {4}.*$|<!--.*?-->|\]\(.*?\)", "", _without_blocks(told[1]), flags=re.MULTILINE)
    figures = re.findall(r"(?<![\w.,:-])-?\d[\w.,:%-]*(?<![.,:])", prose)
    shown = {figure for figure in figures if re.search(rf"(?<![\w.,]){re.escape(figure)}(?![\w%]|[.,]\d)", examples)}
    assert sorted({*figures} - shown) == []


@pytest.mark.parametrize(
    "path", [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")], ids=lambda path: path.stem
)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target, _, heading in (
        link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", _without_blocks(path.read_text("utf-8")))
    ):
        if not target.startswith("http"):
            file = path.parent / target if target else path
            assert file.exists(), target
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE) if heading else []
            assert not heading or heading in {each.lower().replace(" ", "-") for each in headings}


def test_the_changelog_begins_with_this_version_or_what_is_not_released_yet() -> None:
    newest = re.findall(r"^## (.+)$", page("CHANGELOG.md"), re.MULTILINE)[0]
    assert "Unreleased" in newest or __version__ in newest


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project = metadata()["project"]
    extras = [lines for extra, lines in project["optional-dependencies"].items() if extra not in FOR_DEVELOPERS]
    declared = {re.split(r"[<>=\[ ]", line)[0] for line in sum(extras, project["dependencies"])}
    imported: set[str] = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                imported.add(node.module.partition(".")[0])
    foreign = {PACKAGES.get(name, name) for name in imported - sys.stdlib_module_names - LATER - {"errcli"}}
    assert foreign == declared - NOT_IMPORTED


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench"])
def test_make_offers_what_the_readme_says(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", page("Makefile"), re.MULTILINE)
    assert f"make {target}" in page("README.md")


def test_ci_calls_check_and_test() -> None:
    assert re.search(r"make .*\bcheck\b", page(".ci/run"))
    assert re.search(r"make .*\btest\b", page(".ci/run"))
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("folder", ["src", "tests", "bench", "docs", "sample_data"])
def test_no_module_has_more_than_400_lines(folder: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in (REPOSITORY / folder).rglob("*.py")}
    assert lengths
    assert {str(path): length for path, length in lengths.items() if length > 400} == {}


def test_every_module_begins_by_saying_what_it_answers() -> None:
    files = [*MODULES, *(REPOSITORY / "tests").rglob("*.py")]
    silent = [str(file) for file in files if not (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").strip()]
    assert silent == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.mark.slow
def test_the_wheel_holds_all_files_of_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = [file for file in SOURCE.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    assert {f"errcli/{file.relative_to(SOURCE).as_posix()}" for file in kept} == {
        name for name in names if name.startswith("errcli/")
    }
    assert f"errcli-{__version__}.dist-info/licenses/LICENSE" in names


@pytest.mark.slow
def test_the_wheel_installs_in_a_clean_venv_and_runs_elsewhere(wheel: Path, tmp_path: Path) -> None:
    venv, elsewhere = tmp_path / "venv", tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {name: value for name, value in clean_environment().items() if not name.startswith("PYTHON")}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            list(map(str, command)), cwd=elsewhere, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", venv)
    run(venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    errcli = venv / "bin" / "errcli"
    assert run(errcli, "--version") == f"errcli {__version__}\n"
    where = run(venv / "bin" / "python", "-c", "import errcli; print(errcli.__file__)")
    assert where.startswith(str(venv))
    (summary,) = csv.DictReader(run(errcli, "ingest", SAMPLE, "-f", "csv").splitlines())
    assert int(summary["stored"]) + int(summary["dropped"]) == int(summary["lines"]) > 5000
    assert (
        run(errcli, "patterns", "--now", "latest", "-f", "csv")
        .splitlines()[1]
        .startswith("Payment of <*> for <*> timed out at the gateway,")
    )
    assert run(errcli, "rollup", "-f", "csv").startswith("days,")
    assert run(errcli, "sql", "patterns") == catalog.sql_of("patterns")
    assert run(errcli, "db", "doctor", "-f", "csv").count(",0\n") > 3
