"""How does an event get from the caller to the file: a bounded queue, a thread that writes it, and what became of all.

The caller only queues. A thread, started with the first event, turns what waits into lines and appends them. A process
that forks does so between two writes; its child begins with an empty queue and a thread of its own.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from time import monotonic

from errcli.capture.stderr import say
from errcli.capture.texts import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from errcli.capture.counts import Stats
    from errcli.capture.fields import Fields
    from errcli.capture.lines import Lines
    from errcli.capture.log_file import LogFile
    from errcli.capture.settings import Settings

    Event = dict[str, Any]

_AT_ONCE = 500
"""Events that are written before a fork, or anybody who waits, gets a turn."""
_PATIENCE_AT_FORK = 1.0
_PATIENCE_AT_EXIT = 5.0
_NEARLY_FULL = 4
"""A queue that is filled to one in so many is written without waiting for more."""


class Writer:
    """The queue and its thread; one a process."""

    def __init__(self) -> None:
        self._given: dict[str, Any] = {}
        self._settings: Settings | None = None
        self._file: LogFile | None = None
        self._lines: Lines | None = None
        self._track: Callable[[Any, Fields], str] | None = None
        self._forking: dict[int, list[Any]] = {}
        self._begin()
        os.register_at_fork(
            before=self._before_fork, after_in_parent=self._after_fork, after_in_child=self._begin_as_child
        )
        atexit.register(self._end)

    def _begin(self) -> None:
        self._condition = threading.Condition()
        # held while something is written, and while modules are loaded: a fork waits for both
        self._writing = threading.RLock()
        self._loading = threading.RLock()
        self._thread: threading.Thread | None = None
        self._waiting: list[tuple[Event, int]] = []
        self._size = self._accepted = self._done = self._written = self._failed = self._shed = self._ignored = 0
        self._early: list[tuple[Any, Fields]] = []
        self._flushes = 0
        self._is_idle = self._has_complained = self._is_ending = self._is_loading = False

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        if self._settings is None:
            self._settings = settings = self._settings_of(self._given)
            return settings
        return self._settings

    def _settings_of(self, given: dict[str, Any]) -> Settings:
        with self._loading:
            from errcli.capture.settings import settings_of
        return settings_of(given)

    def configure(self, given: dict[str, Any]) -> None:
        """Change the settings for what is tracked from now on. Raises ValueError."""
        settings = self._settings_of(given)
        self.flush(_PATIENCE_AT_EXIT)
        with self._writing:
            self._given, self._settings, self._lines, self._has_complained = given, settings, None, False
            self._close_file()

    @property
    def lines(self) -> Lines:
        """What makes lines of events, loaded when it is first needed."""
        if self._lines is None:
            with self._loading:
                from errcli.capture.lines import Lines

                self._lines = lines = Lines(self.settings.redact_keys)
            return lines
        return self._lines

    def track(self, error: Any, fields: Fields) -> str:
        """Make an event and queue it, and load what makes events before the first one; return its id."""
        if self._track is None:
            self._load()
        if self._track is None:
            self._early.append((error, fields))
            return os.urandom(16).hex()
        return self._track(error, fields)

    def _load(self) -> None:
        """Load what makes events, and make those that came meanwhile, from a signal handler that interrupts this."""
        with self._loading:
            if self._is_loading:
                return
            self._is_loading = True
            try:
                from errcli.capture.events import track

                self.settings  # noqa: B018 - read now
            finally:
                self._is_loading = False
            self._track = track
            while self._early:
                track(*self._early.pop(0))

    def put(self, event: Event, size: int) -> None:
        """Queue an event of about so many bytes."""
        with self._condition:
            if self._size + size > self.settings.queue_bytes:
                self._shed += 1
                return
            self._waiting.append((event, size))
            self._size += size
            self._accepted += 1
            if self._is_idle or self._is_time_to_write():
                self._condition.notify_all()
        if self._thread is None or self._is_ending:
            self._start()

    def ignore(self) -> None:
        """Count an event that is not worth writing."""
        with self._condition:
            self._ignored += 1

    def fail(self, failure: Exception) -> None:
        """Count an event that could not be made, and tell why."""
        with self._condition:
            self._failed += 1
        self._complain(failure)

    def encoded(self, value: Any) -> Any:
        """Return the JSON of an object, as it is now, so that the application may change it."""
        try:
            return self.lines.encoded(value)
        except ImportError:  # half of it is loaded: a signal handler interrupts that
            return text_of(value)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was queued so far is written or has failed; return whether that came in time."""
        with self._condition:
            wanted = self._accepted
            self._flushes += 1
            self._condition.notify_all()
            try:
                return self._condition.wait_for(lambda: self._done >= wanted, timeout)
            finally:
                self._flushes -= 1

    def stats(self) -> Stats:
        """Return what became of the events."""
        with self._loading:
            from errcli.capture.counts import Stats
        with self._condition:
            return Stats(self._written, self._accepted - self._done, self._ignored, self._shed, self._failed)

    def _start(self) -> None:
        """Have the thread run; where none can be started any more, write at once."""
        with self._condition:
            if self._thread is None and not self._is_ending:
                thread = threading.Thread(target=self._run, name="errcli.capture", daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # the interpreter is ending, or there are too many
                    pass
                else:
                    self._thread = thread
                    self._have_children_flush()
                    return
        if self._thread is None or self._is_ending:
            self._write_some()

    def _have_children_flush(self) -> None:
        """See to the end of a process of multiprocessing, which calls its own finalizers and not those of atexit."""
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            util.Finalize(None, self.flush, (_PATIENCE_AT_EXIT,), exitpriority=0)

    def _run(self) -> None:
        while True:
            with self._condition:
                self._is_idle = True
                self._condition.wait_for(lambda: self._waiting)
                self._is_idle = False
                self._condition.wait_for(self._is_time_to_write, self.settings.delay)
            self._write_some()

    def _is_time_to_write(self) -> bool:
        return self._flushes > 0 or self._size > self.settings.queue_bytes // _NEARLY_FULL

    def _write_some(self) -> None:
        with self._writing:
            with self._condition:
                batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            written = self._write([event for event, _ in batch])
            with self._condition:
                self._written += written
                self._failed += len(batch) - written
                self._done += len(batch)
                self._size -= sum(size for _, size in batch)
                self._condition.notify_all()

    def _write(self, events: list[Event]) -> int:
        """Append events to the file; return how many of them are there."""
        written = 0
        try:
            if self._file is None:
                from errcli.capture.log_file import LogFile

                self._file = LogFile(self.settings.file, self.settings.max_bytes, self.settings.keep)
            lines = [line for event in events if (line := self._line_of(event)) is not None]
            for more in self._file.append(lines):
                written += more
        except Exception as error:  # noqa: BLE001 - nobody is there to whom it could be raised
            self._complain(error)
        return written

    def _line_of(self, event: Event) -> bytes | None:
        try:
            return self.lines.line_of(event)
        except Exception as error:  # noqa: BLE001 - the others of the batch are to be written
            self._complain(error)
            return None

    def _complain(self, error: Exception) -> None:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
        file = "no file" if self._settings is None else self._settings.file
        self.complain(f"{file}: {reason}; errors that cannot be written are counted in errcli.capture.stats()")

    def complain(self, what: str) -> None:
        """Tell what is wrong with how errors are captured, once; the rest is likely to be more of the same."""
        if not self._has_complained:
            self._has_complained = True
            say(what)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _end(self) -> None:
        """Write what waits at the end of the process; what is tracked after that is written at once."""
        if not self.flush(_PATIENCE_AT_EXIT):
            say(f"{self.settings.file}: not all errors could be written before the end")
        self._is_ending = True

    def _before_fork(self) -> None:
        deadline = monotonic() + _PATIENCE_AT_FORK
        held = [each for each in (self._writing, self._loading) if each.acquire(timeout=max(0, deadline - monotonic()))]
        self._forking[threading.get_ident()] = held

    def _after_fork(self) -> None:
        for each in self._forking.pop(threading.get_ident(), []):
            each.release()

    def _begin_as_child(self) -> None:
        """Begin anew, with what was configured; what waits is the parent's, and its thread is not here."""
        self._close_file()
        self._forking.clear()
        self._begin()


_WRITER = Writer()


def the_writer() -> Writer:
    """Return this process's writer."""
    return _WRITER


def configure(
    *,
    file: str | os.PathLike[str] | None = None,
    release: str | None = None,
    redact_keys: Iterable[str] | None = None,
    max_bytes: int | None = None,
    keep: int | None = None,
    queue_bytes: int | None = None,
    delay: float | None = None,
) -> None:
    """Say where errors go, and what that may cost; `Settings` says what each one is.

    What is not given is taken from ERRCLI_CAPTURE_FILE and its like, or is the default. Errors that were tracked before
    go where they should have gone. Raises ValueError for a setting that cannot be.
    """
    given = {
        "file": file, "release": release, "redact_keys": None if redact_keys is None else tuple(redact_keys),
        "max_bytes": max_bytes, "keep": keep, "queue_bytes": queue_bytes, "delay": delay,
    }  # fmt: skip
    _WRITER.configure(given)


def flush(timeout: float | None = None) -> bool:
    """Wait, so many seconds at most, until what was tracked so far is written or has failed; return whether it is."""
    return _WRITER.flush(timeout)


def stats() -> Stats:
    """Return what became of the errors of this process."""
    return _WRITER.stats()
