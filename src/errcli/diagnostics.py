"""What goes to stderr: errors in one line, warnings, hints, progress; and which exit code an error means."""

import contextlib
import sys
import traceback
from collections.abc import Callable, Iterator

from errcli.errors import ErrcliError
from errcli.render.escape import escaped

INTERRUPTED = 130


def report(error: BaseException, *, debug: bool) -> int:
    """Tell of an error in one line, with `debug` after its traceback; return the exit code."""
    if debug:
        lines = "".join(traceback.format_exception(error)).removesuffix("\n").split("\n")
        _write("".join(f"{escaped(line)}\n" for line in lines))
    if isinstance(error, ErrcliError):
        _say(f"{error.code}: {_sentence(error)}")
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        _say("interrupted: what was committed before stays")
        return INTERRUPTED
    if isinstance(error, OSError):
        where = f", {error.filename}" if error.filename else ""
        _say(f"io: {error.strerror or _first_line(error)}{where} (--debug shows more)")
        return 1
    _say(f"internal: {type(error).__name__}: {_first_line(error)} (please report this; --debug shows where)")
    return 1


def note(text: str) -> None:
    """Tell something that the user should know beside the answer."""
    _say(f"note: {text}")


def line(text: str) -> None:
    """Tell something that happened, in a line of its own."""
    _write(f"{escaped(text)}\n")


def _say(text: str) -> None:
    _write(f"errcli: {escaped(text)}\n")


def _write(text: str) -> None:
    if sys.stderr is None:  # it was closed before the process began
        return
    with contextlib.suppress(OSError, ValueError):  # nobody listens
        sys.stderr.write(text)
        sys.stderr.flush()


def _sentence(error: ErrcliError) -> str:
    where = f", {error.where}" if error.where else ""
    what_next = f" ({error.what_next})" if error.what_next else ""
    return f"{error.what}{where}{what_next}"


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")


@contextlib.contextmanager
def progress(name: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar with bytes and rate on a terminal, nothing elsewhere; yields what takes the bytes done so far."""
    if total is None or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task(escaped(name), total=total)
        yield lambda done: bar.update(task, completed=done)
