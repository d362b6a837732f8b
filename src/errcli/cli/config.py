"""config: every setting, where it came from, and whether a file is right."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from errcli import config, params
from errcli.analysis import column
from errcli.cli.coercion import LeanGroup
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation, fold_stretch
from errcli.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


class SettingRow(msgspec.Struct):
    """One setting."""

    key: Annotated[str, column("section.key", rank=0)]
    value: Annotated[str | None, column("What is in force.", rank=0)]
    source: Annotated[str, column("default, a file, an environment variable, or a flag.", rank=0)]


class Validated(msgspec.Struct):
    """A file that is right."""

    file: Annotated[str, column("The file.", rank=0)]
    settings: Annotated[int, column("Settings in it.", rank=0)]


def add(app: typer.Typer) -> None:
    """Add `errcli config show` and `errcli config validate`."""
    group = typer.Typer(
        name="config",
        cls=LeanGroup,
        help="Example: errcli config show\n\nSee the settings.",
        short_help="See the settings: show, validate",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    add_command(
        group,
        "show",
        _show,
        summary="Every setting and where it came from",
        example="errcli config show",
        details="From errcli.toml in the user's config folder, over it errcli.toml in the working directory, "
        "over both ERRCLI_ variables, over all flags.",
    )
    add_command(
        group,
        "validate",
        _validate,
        summary="Check a config file",
        example="errcli config validate errcli.toml",
    )
    app.add_typer(group)


def _show(invocation: Invocation) -> None:
    from errcli.render.values import to_text

    rows = [
        SettingRow(setting.key, None if setting.value is None else to_text(setting.value), setting.source)
        for setting in invocation.loaded.settings()
    ]
    invocation.answer_rows("config show", SettingRow, list(rows))


def _validate(
    invocation: Invocation,
    path: Annotated[str, typer.Argument(metavar="FILE", help="The file.")] = config.FILE_NAME,
) -> None:
    file = Path(path)
    if not file.is_file():
        raise ConfigError("no such file", path, "give the path of an errcli.toml")
    content = config.read_file(file)
    _check_meaning(content, path)
    row = Validated(str(file), sum(len(keys) for keys in content.values()))
    invocation.answer_rows("config validate", Validated, [row])


def _check_meaning(content: dict[str, dict[str, Any]], path: str) -> None:
    """Check what is text in a file and has to mean something. Raises ConfigError."""
    readers: dict[tuple[str, str], Callable[[Any, str], object]] = {
        ("output", "tz"): params.parse_zone,
        ("store", "wait"): params.parse_duration,
        ("prune", "keep"): params.parse_duration,
        ("ingest", "fold"): lambda fold, _: fold_stretch(fold.get("per", "1h")),
    }
    for (section, key), read in readers.items():
        text = content.get(section, {}).get(key)
        if text is None:
            continue
        try:
            read(text, f"[{section}] {key}")
        except UsageError as error:
            raise ConfigError(f"{error.where}: {error.what}", path, error.what_next) from None
