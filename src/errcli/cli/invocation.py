"""What a command is run with: its settings, its store, its clock, and where its answer goes."""

import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from errcli import catalog, config, diagnostics, params
from errcli.analysis import Analysis, Result, result_of
from errcli.cli.files import STDOUT, write_stdout, write_whole
from errcli.errors import UsageError
from errcli.render import FormatName, GraphFormat, RowFormat, Screen, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from errcli.store.burst import Keeping
    from errcli.store.connection import Store, StoreOptions


class Invocation:
    """One run of a command: config files, environment and flags put together.

    Raises ConfigError and UsageError when made.
    """

    def __init__(
        self,
        *,
        db: str | None,
        wait: str | None,
        format_name: FormatName | None,
        output: str,
        no_color: bool,
        debug: bool,
    ) -> None:
        flags = {"--db": db, "--wait": wait, "--format": format_name}
        self.loaded = config.load(os.environ, Path.cwd(), flags)
        self.config = self.loaded.config
        self.format: FormatName = self.config.output.format
        self.output = output
        self.debug = debug  # for what goes on behind a command; its own errors are told where any command's are
        self.no_color = no_color

    def require_room_for_format(self) -> None:
        """Refuse early to write what no terminal or pipe should get. Raises UsageError."""
        if self.format == "parquet" and self.output == STDOUT:
            raise UsageError("parquet needs a file", "--output", "add -o FILE")

    def require_output_beside_the_store(self) -> None:
        """Refuse to write an answer over what it is an answer of. Raises UsageError."""
        output, store = Path(self.output), Path(self.config.store.path)
        if output.exists() and store.exists() and output.samefile(store):
            raise UsageError("that is the store", "--output", "give -o another file")

    def require_graph_for_format(self, is_graph: bool) -> None:
        """Refuse early to draw what is no graph. Raises UsageError."""
        if self.format in get_args(GraphFormat) and not is_graph:
            drawn = ", ".join(f"errcli {name}" for name in catalog.commands() if catalog.get(name).graph)
            hint = f"use {', '.join(get_args(RowFormat))}, or ask {drawn}"
            raise UsageError(f"{self.format} draws graphs, and this is none", "--format", hint)

    @property
    def store_options(self) -> "StoreOptions":
        """Which store, and how to open it."""
        from errcli.store.connection import StoreOptions

        settings = self.config.store
        wait = params.parse_duration(settings.wait, self.loaded.where("store", "wait"))
        return StoreOptions(Path(settings.path), wait.total_seconds(), settings.memory_limit, settings.threads)

    @property
    def keeping(self) -> "Keeping":
        """What of the events is worth keeping."""
        from errcli.store.burst import Fold, Keeping

        settings = self.config.ingest
        fold = None
        if settings.fold is not None:
            fold = Fold(settings.fold.keep, fold_stretch(settings.fold.per) // timedelta(microseconds=1))
        return Keeping(settings.rules, settings.keep_technical, fold, self.config.patterns.names)

    @contextmanager
    def reading(self) -> "Iterator[Store]":
        """Open the store read-only."""
        from errcli.store.connection import reading

        with reading(self.store_options) as store:
            yield store

    @contextmanager
    def writing(self) -> "Iterator[Store]":
        """Open the store for one transaction."""
        from errcli.store.connection import writing

        with writing(self.store_options) as store, store.transaction():
            yield store

    def params_of(self, analysis: Analysis, given: "Mapping[str, Any]") -> msgspec.Struct:
        """Return the parameters of an analysis: what is given of them, and settings where the config has some."""
        from errcli import runner

        return runner.params_of(analysis, given, self.config)

    def clock(self, now: str | None, tz: str | None, store: "Store") -> datetime:
        """Return the present of this command, in its zone: the real one, the newest event, or what `now` says."""
        from errcli import runner

        return runner.clock(store, now, tz, self.config)

    def answer(self, result: Result) -> None:
        """Write a result where it should go, and say on stderr what it does not show. Raises OutputError."""
        self.write(render(result, self.format, self._screen()))
        from errcli.render.notes import cut_of

        cut = cut_of(result)
        if cut is not None:
            diagnostics.note(cut)

    def answer_rows(
        self,
        name: str,
        row: type[msgspec.Struct],
        rows: list[msgspec.Struct],
        *,
        now: datetime | None = None,
        **asked: Any,
    ) -> None:
        """Write what a verb did as a result like any other; `asked` are its parameters, `now` its clock if moved."""
        self.answer(
            result_of(name, row, rows, now=now or datetime.now(UTC), **asked),
        )

    def write(self, data: bytes) -> None:
        """Write bytes to stdout or to the file. Raises OutputError; a closed pipe ends the command quietly."""
        if self.output == STDOUT:
            write_stdout(data)
        else:
            write_whole(self.output, data)

    def _screen(self) -> Screen:
        if self.format not in ("table", "tree") or self.output != STDOUT or sys.stdout is None:
            return Screen()
        on_terminal = sys.stdout.isatty()
        if not on_terminal and "FORCE_COLOR" not in os.environ:
            return Screen()
        from rich.console import Console

        console = Console(no_color=self.no_color or None)
        colored = console.is_terminal and not console.no_color and console.color_system is not None
        return Screen(console.width if on_terminal else None, colored=colored)


def fold_stretch(text: str) -> timedelta:
    """Read `[ingest.fold] per`. Raises UsageError."""
    stretch = params.parse_duration(text, "[ingest.fold] per")
    if not timedelta(0) < stretch <= timedelta(days=1):
        raise UsageError(f"{text!r} is no stretch of a day", "[ingest.fold] per", "more than 0s, at most 1d")
    return stretch


def say_what_else(result: Result) -> None:
    """Say on stderr what the rows do not: that there are none, where the newest event is, what was pruned."""
    from errcli.render.notes import notes_of

    for note in notes_of(result):
        diagnostics.note(note)
