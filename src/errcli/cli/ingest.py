"""ingest: files and streams into the store, every line accounted for."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from errcli import diagnostics
from errcli.analysis import column
from errcli.cli.command import add_command
from errcli.cli.invocation import Invocation
from errcli.cli.options import DryRun
from errcli.errors import InputError, TooManyRejectsError, UsageError

if TYPE_CHECKING:
    from errcli.ingest.mapping import Mapping
    from errcli.ingest.reader import Reader
    from errcli.ingest.redact import Redactor
    from errcli.store.load import FileReport, Loaded, Loader


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
        details="Reads files, directories, quoted globs, .gz and - (stdin). Loading a file again adds nothing. "
        "Lines that are no events are kept with their reason in the table rejected_lines.",
    )


def _ingest(
    invocation: Invocation,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, directories, globs; - is stdin.")],
    from_format: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="native or cloudtrail. Default: detect.")
    ] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=PATH", help="Where a field stands, once a field.")
    ] = None,
    max_bad: Annotated[
        int | None, typer.Option("--max-bad", min=0, help="Exit with 4 if more lines are rejected.")
    ] = None,
    no_redact: Annotated[bool, typer.Option("--no-redact", help="Store secrets as they are.")] = False,
    dry_run: DryRun = False,
) -> None:
    from errcli.ingest import formats
    from errcli.ingest.mapping import Mapping
    from errcli.ingest.redact import Redactor
    from errcli.ingest.sources import expand, printable
    from errcli.store.load import loader

    settings = invocation.config.ingest
    if from_format is not None:
        formats.by_name(from_format)
    files = expand(paths)
    redactor = Redactor(settings.redact_keys) if settings.redact and not no_redact else None
    if mapped and from_format not in (None, "native"):
        raise UsageError("a format says where its fields stand", "--map", "leave out --from or --map")
    run = _Run(from_format, redactor, Mapping(mapped) if mapped else None)
    began = time.monotonic()
    with loader(invocation.store_options, dry_run=dry_run) as load:
        for file in files:
            run.take(load, file)
    run.summary.seconds = round(time.monotonic() - began, 3)
    invocation.answer_rows("ingest", Summary, [run.summary], paths=[*map(printable, paths)], dry_run=dry_run)
    if dry_run:
        diagnostics.note("a dry run: nothing was stored")
    run.tell()
    run.fail_if_due(settings.max_bad if max_bad is None else max_bad)


class _Run:
    """One `errcli ingest`: takes file after file and adds up what became of their lines."""

    def __init__(self, format_name: str | None, redactor: "Redactor | None", mapping: "Mapping | None") -> None:
        self.summary = Summary()
        self._format_name = format_name
        self._redactor = redactor
        self._mapping = mapping
        self._rules: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._failures: list[InputError] = []

    def take(self, load: "Loader", file: str) -> None:
        """Load a file; one that cannot be read or holds no event is noted, and the others go on."""
        try:
            self._take(load, file)
        except InputError as error:
            load.discard()
            self._failures.append(error)

    def _take(self, load: "Loader", file: str) -> None:
        from errcli.ingest.reader import Reader
        from errcli.ingest.sources import opened

        with opened(file) as source, diagnostics.progress(file, source.size) as advance:
            reader = Reader(source, self._format_name, self._redactor, self._mapping)
            report = _read(reader, load, source.name, lambda: advance(source.position))
        loaded = load.finish_file(report, datetime.now(UTC))
        self._add_up(report, loaded)
        if reader.torn:
            diagnostics.note(f"the last line of {file} has no end yet: it is left for the next run")
        if source.damage is not None:
            raise InputError(f"damaged: {source.damage}", file, f"the {report.lines:,} lines before that are loaded")
        if report.rejected and len(report.rejected) == report.lines - report.blank:
            number, reason, _ = report.rejected[0]
            raise InputError(
                f"no event recognised in {report.lines:,} lines (line {number}: {reason})",
                file,
                "--from names the format; an event is one JSON object a line, with a user, an error and a time",
            )

    def _add_up(self, report: "FileReport", loaded: "Loaded") -> None:
        dropped = loaded.dropped
        self._rules.update(dropped)
        self._reasons.update(reason for _, reason, _ in report.rejected)
        summary = self.summary
        summary.files += 1
        summary.lines += report.lines
        summary.stored += loaded.stored
        summary.duplicates += loaded.duplicates
        summary.dropped += sum(dropped.values())
        summary.rejected += len(report.rejected)
        summary.blank += report.blank

    def tell(self) -> None:
        """Say on stderr which rules dropped, and why lines were rejected."""
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


def _read(reader: "Reader", load: "Loader", file: str, advance: Callable[[], None]) -> "FileReport":
    from errcli.store.load import FileReport

    report = FileReport(file=file, format="", bytes=0, lines=0, blank=0, dropped={}, rejected=[])
    dropped: Counter[str] = Counter()
    for batch in reader.batches():
        load.stage(batch.events)
        report.lines += batch.lines
        report.bytes += batch.bytes
        report.blank += batch.blank
        report.rejected += [(line.line_number, line.reason, line.text) for line in batch.rejected]
        dropped.update(batch.dropped)
        advance()
    report.dropped = dict(dropped)
    report.format = reader.format_name or ""
    return report


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
