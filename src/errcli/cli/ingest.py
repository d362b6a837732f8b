"""ingest: files and streams into the store, every line accounted for."""

import shlex
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from errcli import diagnostics, params
from errcli.analysis import column
from errcli.cli.back import tell_what_is_back
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import DryRun
from errcli.errors import ErrcliError, InputError, StoreBusyError, TooManyRejectsError, UsageError

if TYPE_CHECKING:
    from errcli.ingest.follow import Follower, Left
    from errcli.intake import Intake, Taken
    from errcli.store.worker import Worker


_FORMATS = (
    "native, cloudtrail, sentry, otlp, ecs, caddy, gelf, bunyan, pino, structlog, python-json-logger, nginx, or a name "
    "of [formats]. Default: detect."
)
# Seconds between two looks at followed files.
_BETWEEN_LOOKS = 0.5


class Summary(msgspec.Struct):
    """What became of the lines: `lines` is the sum of the columns from `stored` to `blank`."""

    files: Annotated[int, column("Files read.")] = 0
    lines: Annotated[int, column("Lines; records, where a file is a list of records.")] = 0
    stored: Annotated[int, column("New events.")] = 0
    duplicates: Annotated[int, column("Events that the store has already.")] = 0
    folded: Annotated[int, column("Events added to the count of a similar one.")] = 0
    dropped: Annotated[int, column("Records that a rule drops.")] = 0
    rejected: Annotated[int, column("Lines that are no events.")] = 0
    blank: Annotated[int, column("Empty lines.")] = 0
    seconds: Annotated[float, column("Time taken.")] = 0.0


def add(app: typer.Typer) -> None:
    """Add `errcli ingest`."""
    add_command(
        app,
        "ingest",
        _ingest,
        summary="Load JSONL error logs into the store",
        example="errcli ingest logs/*.jsonl",
        details="Reads files, directories, quoted globs, .gz, .zst and - (stdin). Of a file that was read before, "
        "only what is new is read: it is known by its content, whatever its name. "
        "Lines that are no events are kept with their reason in the table rejected_lines.",
    )


def _ingest(
    invocation: Invocation,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, directories, globs; - is stdin.")],
    from_format: Annotated[str | None, typer.Option("--from", metavar="FORMAT", help=_FORMATS)] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=PATH", help="Where a field stands, once a field.")
    ] = None,
    max_bad: Annotated[
        int | None, typer.Option("--max-bad", min=0, help="Exit with 4 if more lines are rejected.")
    ] = None,
    all_levels: Annotated[bool, typer.Option("--all-levels", help="Take records below warning, too.")] = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Read files from their beginning, whatever was read before.")
    ] = False,
    tz: Annotated[
        str | None, typer.Option("--tz", metavar="ZONE", help="Zone of times without an offset. Default: UTC.")
    ] = None,
    no_redact: Annotated[bool, typer.Option("--no-redact", help="Store secrets as they are.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on reading what is added, until Ctrl-C.")] = False,
    dry_run: DryRun = False,
) -> None:
    from errcli.store.engine import beginning

    connect = beginning()  # before the other imports, which take as long
    from errcli.ingest.mapping import Mapping
    from errcli.ingest.reading import Reading
    from errcli.ingest.redact import Redactor
    from errcli.ingest.sources import STDIN, expand, printable
    from errcli.intake import How, Intake
    from errcli.store.load import workers

    settings = invocation.config.ingest
    from_format, mapped = _format_and_map(invocation, from_format, mapped or [])
    files = expand(paths)
    redactor = Redactor(settings.redact_keys) if settings.redact and not no_redact else None
    zone = UTC if tz is None else params.parse_zone(tz, "--tz")
    how = How(from_format, redactor, Mapping(mapped) if mapped else None, Reading(zone, all_levels))
    if follow and (STDIN in paths or dry_run):
        raise UsageError("a file on disk is wanted", "--follow", "leave out - and --dry-run")
    began = time.monotonic()
    stop = threading.Event()
    with workers(invocation.store_options, invocation.keeping, dry_run=dry_run, connect=connect) as crew:
        positions = [] if from_start else crew[0].known_positions()
        run = _Run(Intake(crew, how, positions, stop.is_set))
        if not dry_run:
            take_what_waits(crew[0], invocation)
        if follow:
            _follow(run, paths, stop)
        else:
            for file in files:
                run.take(file)
    run.summary.seconds = round(time.monotonic() - began, 3)
    invocation.answer_rows("ingest", Summary, [run.summary], paths=[*map(printable, paths)], dry_run=dry_run)
    if dry_run:
        diagnostics.note("a dry run: nothing was stored")
    run.tell()
    run.fail_if_due(settings.max_bad if max_bad is None else max_bad)


def _format_and_map(invocation: Invocation, from_format: str | None, mapped: list[str]) -> tuple[str | None, list[str]]:
    """Return the format and the map that `--from` and `--map` mean; a format of one's own is a map."""
    from errcli.ingest import formats

    own = invocation.config.formats
    if from_format in own and from_format in formats.NAMES:
        raise UsageError(f"{from_format!r} is a format of errcli's own", f"[formats.{from_format}]", "rename yours")
    if from_format in own:
        return None, [f"{field}={path}" for field, path in own[from_format].items()] + mapped
    if from_format is not None:
        formats.by_name(from_format)
    if mapped and from_format not in (None, formats.NATIVE):
        raise UsageError("a format says where its fields stand", "--map", "leave out --from or --map")
    return from_format, mapped


def _follow(run: "_Run", paths: list[str], stop: threading.Event) -> None:
    """Read what comes until Ctrl-C or SIGTERM; the burst in hand is stored before the end."""
    from errcli.ingest.follow import Follower

    follower = Follower(paths)
    with ended_by_signals(stop), follower.looking(_BETWEEN_LOOKS):
        diagnostics.note("following; Ctrl-C ends it")
        while not stop.is_set():
            _read_changed(run, follower, stop)
            stop.wait(_BETWEEN_LOOKS)
        run.leave(follower.left())


def _read_changed(run: "_Run", follower: "Follower", stop: threading.Event) -> None:
    """Read the files that changed; while the store is busy one try is enough for all."""
    for changed in follower.changed():
        if not run.follow(changed.path, changed.name):
            follower.put_back()
            break
        if stop.is_set():
            break


@contextmanager
def ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM set an event instead of what they do."""
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def take_what_waits(worker: "Worker", invocation: Invocation) -> None:
    """Take in what `errcli track` put aside while the store was busy, and say so."""
    from errcli.ingest.spool import path_of
    from errcli.intake import take_spooled

    count = take_spooled(worker, path_of(invocation.store_options.path))
    if count:
        diagnostics.note(f"events that waited beside the store and are taken in: {count:,}")


class _Run:
    """One `errcli ingest`: takes file after file and adds up what became of their lines."""

    def __init__(self, intake: "Intake") -> None:
        self.summary = Summary()
        self._intake = intake
        self._rules: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._failures: list[ErrcliError] = []
        self._followed: set[str] = set()
        self._is_busy = False
        self._unchanged: list[str] = []

    def take(self, file: str) -> None:
        """Load a file; one that cannot be read or holds no event is noted, and the others go on."""
        from errcli.ingest.sources import size_of

        try:
            with diagnostics.progress(file, size_of(file)) as advance:
                taken = self._intake.take(file, advance)
        except InputError as error:
            self._failures.append(error)
            return
        if isinstance(taken.failure, StoreBusyError):
            raise taken.failure
        self._failures += _failures_of(file, taken)
        self.summary.files += taken.failure is None or taken.lines > 0
        self._add_up(taken)
        if taken.known and not taken.lines and not taken.torn and taken.failure is None:
            self._unchanged.append(f"{file} since its line {taken.known:,}")
        if taken.torn and taken.damage is None:
            diagnostics.note(f"the last line of {file} has no end yet: it is left for the next run")

    def follow(self, path: str, name: str) -> bool:
        """Load what is new of a followed file; return whether that could be done, or should be tried once more."""
        self._is_busy = self._finds_busy(path, name)
        return not self._is_busy

    def _finds_busy(self, path: str, name: str) -> bool:
        """Load what is new of a followed file; return whether the store was busy."""
        try:
            taken = self._intake.take(path, lambda _: None, name)
        except (InputError, StoreBusyError) as error:  # of the kind that nothing was read
            diagnostics.report(error, debug=False)
            return isinstance(error, StoreBusyError)
        for failure in _failures_of(name, taken):
            diagnostics.report(failure, debug=False)
        self._followed.add(name)
        self.summary.files = len(self._followed)
        self._add_up(taken)
        return isinstance(taken.failure, StoreBusyError)

    def leave(self, left: "list[Left]") -> None:
        """Tell of followed files of which not all is stored; it is a failure if the store was busy."""
        if not left:
            return
        what, where, what_next = "following ended before all was stored", _listed_places(left), _what_reads(left)
        if self._is_busy:
            self._failures.append(StoreBusyError(what, where, what_next))
        else:
            diagnostics.note(f"{what}, {where} ({what_next})")

    def _add_up(self, taken: "Taken") -> None:
        self._rules.update(taken.dropped)
        self._reasons.update(taken.rejected)
        summary = self.summary
        summary.lines += taken.lines
        summary.stored += taken.stored
        summary.duplicates += taken.duplicates
        summary.folded += taken.folded
        summary.dropped += taken.dropped.total()
        summary.rejected += taken.rejected.total()
        summary.blank += taken.blank
        tell_what_is_back(taken.back)

    def tell(self) -> None:
        """Say on stderr what had nothing new, which rules dropped, and why lines were rejected."""
        if self._unchanged:
            what = self._unchanged[0] if len(self._unchanged) == 1 else f"{len(self._unchanged):,} files"
            diagnostics.note(f"nothing new in {what}")
        if self._rules:
            diagnostics.note(f"dropped: {_listed(self._rules)}")
        if self._reasons:
            diagnostics.note(f"rejected: {_listed(self._reasons)} (errcli query 'FROM rejected_lines' shows them)")

    def fail_if_due(self, max_bad: int | None) -> None:
        """Raise InputError if a file failed, TooManyRejectsError if more lines were rejected than allowed."""
        for error in self._failures[:-1]:
            diagnostics.report(error, debug=False)
        if self._failures:
            raise self._failures[-1]
        if max_bad is not None and self.summary.rejected > max_bad:
            raise TooManyRejectsError(
                f"{self.summary.rejected:,} lines rejected, {max_bad:,} allowed",
                "",
                "the events are stored; errcli query 'FROM rejected_lines' shows the rest",
            )


def _failures_of(file: str, taken: "Taken") -> list[ErrcliError]:
    """Return what of a file could not be read, though some of it may be stored."""
    failures: list[ErrcliError] = [] if taken.failure is None else [taken.failure]
    if taken.damage is not None:
        lines = taken.known + taken.lines
        failures.append(InputError(f"damaged: {taken.damage}", file, f"its first {lines:,} lines are loaded"))
    if taken.nothing_recognised and taken.first_reject is not None:
        number, reason = taken.first_reject
        failures.append(
            InputError(
                f"no event recognised in {taken.lines:,} lines (line {number}: {reason})",
                file,
                "--from names the format; an event is one JSON object a line, with a user, an error and a time",
            )
        )
    return failures


def _listed_places(left: "list[Left]") -> str:
    from errcli.ingest.sources import printable

    return ", ".join(printable(file.path or f"what was {file.name} and is gone") for file in left)


def _what_reads(left: "list[Left]") -> str:
    """Return the command that reads the rest of files; of those that are gone a copy may be left, also a packed one."""
    from errcli.ingest.sources import printable

    paths = [printable(shlex.quote(file.path)) for file in left if file.path is not None]
    return f"errcli ingest {' '.join(paths) if paths else 'of a copy'} reads the rest"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
