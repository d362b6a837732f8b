"""Which of the followed files changed since they were last read, rotated ones included?"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import msgspec

from errcli.errors import UsageError
from errcli.ingest.sources import expand

_MOST_HELD = 200
"""Files that are held open, so that what was written to one before it was renamed is read; more need names."""


class Changed(NamedTuple):
    """A file to read: the path that opens it, and its name."""

    path: str
    name: str


class Left(NamedTuple):
    """A file of which something is not read: its name, and the path where it is now, None where nobody knows."""

    name: str
    path: str | None


class _Look(NamedTuple):
    identity: tuple[int, int]
    state: tuple[int, int]


class _File(msgspec.Struct, eq=False):
    """A file that has a name or had it; `read` is the state in which it was last given out to be read."""

    name: str
    descriptor: int | None
    identity: tuple[int, int]
    state: tuple[int, int]
    read: tuple[int, int] | None = None

    @property
    def waits(self) -> bool:
        return self.read != self.state

    @property
    def has_its_name(self) -> bool:
        now = _look(self.name)
        return now is not None and now.identity == self.identity


class Follower:
    """Looks at the files that some paths mean, which may come, grow, be renamed and go.

    Raises UsageError for a path that means nothing at the beginning.
    """

    def __init__(self, paths: list[str]) -> None:
        expand(paths)
        self._paths = paths
        self._named: dict[str, _File] = {}
        self._replaced: list[_File] = []  # whose names others have now, until their rest is read
        self._given: _File | None = None
        self._was_in_vain = False
        self._looks = threading.Lock()

    def changed(self) -> Iterator[Changed]:
        """Yield the files that changed since they were last read; of a renamed one first what it got before that."""
        self.look()
        with self._looks:
            replaced, named = list(self._replaced), list(self._named.values())
        for file in replaced:
            if file.waits:
                yield self._give(file)
            self._close(file)
        for file in named:
            if file.waits:
                changed = self._give(file)
                yield changed
                if changed.path == file.name and not file.has_its_name:  # it may have been another that was read
                    file.read = None

    def put_back(self) -> None:
        """Have the file that was yielded last read at the next look, since it could not be read at this one.

        Nothing more can be taken of this look.
        """
        self._was_in_vain = True
        if self._given is not None:
            self._given.read = None

    def left(self) -> list[Left]:
        """Return the files that nobody would find again by their names, and those that could not be read, if any."""
        waiting = [file for file in self._replaced if file.waits]
        if self._was_in_vain:
            waiting += [file for file in self._named.values() if file.waits]
        return list(dict.fromkeys(Left(file.name, _path_of(file)) for file in waiting))

    @contextmanager
    def looking(self, seconds_between: float) -> Iterator[None]:
        """Look during the block, too, however long reading takes: what comes and is renamed meanwhile is held."""
        ended = threading.Event()
        thread = threading.Thread(target=self._look_until, args=(ended, seconds_between), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def look(self) -> None:
        """Find out which files are there now, and hold them."""
        with self._looks:
            for name in self._names():
                self._look_at(name)

    def _look_until(self, ended: threading.Event, seconds_between: float) -> None:
        while not ended.wait(seconds_between):
            with suppress(OSError):  # whoever reads the files hears of it
                self.look()

    def _names(self) -> list[str]:
        found: dict[str, None] = dict.fromkeys(self._named)
        for path in self._paths:
            try:
                found.update(dict.fromkeys(expand([path])))
            except UsageError:
                continue  # gone for now
        return list(found)

    def _look_at(self, name: str) -> None:
        file = self._named.get(name)
        now = _look(name)
        if file is not None and (now is None or now.identity != file.identity):
            self._look_at_renamed(file, is_replaced=now is not None)
        elif file is not None and now is not None:
            file.state = now.state
        if now is not None and name not in self._named:
            self._meet(name)

    def _look_at_renamed(self, file: _File, *, is_replaced: bool) -> None:
        """See whether a file grew that had this name; it is known by it until another has it."""
        now = None if file.descriptor is None else _look(file.descriptor)
        if now is not None:
            file.state = now.state
        if is_replaced or now is None:
            del self._named[file.name]
        if is_replaced and now is not None:
            self._replaced.append(file)

    def _meet(self, name: str) -> None:
        descriptor = self._hold(name)
        # of what is held, since the name may belong to another by now
        now = _look(name if descriptor is None else descriptor)
        if now is not None:
            self._named[name] = _File(name, descriptor, now.identity, now.state)

    def _hold(self, name: str) -> int | None:
        if sum(file.descriptor is not None for file in [*self._named.values(), *self._replaced]) >= _MOST_HELD:
            return None
        try:
            return os.open(name, os.O_RDONLY)
        except OSError:
            return None

    def _give(self, file: _File) -> Changed:
        self._given = file
        self._was_in_vain = False
        file.read = file.state  # before it is read: what is added meanwhile is seen at the next look
        if file.descriptor is None or file.has_its_name:
            return Changed(file.name, file.name)
        return Changed(f"/dev/fd/{file.descriptor}", file.name)

    def _close(self, file: _File) -> None:
        """Forget a file whose name another has, once its rest is read."""
        with self._looks:
            if file.waits or file.descriptor is None:
                return
            os.close(file.descriptor)
            self._replaced.remove(file)


def _look(file: str | int) -> _Look | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - of a descriptor, too
    except OSError:
        return None
    return _Look((status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns))


def _path_of(file: _File) -> str | None:
    """Return where a file is now; None for one that was deleted, or where the system does not tell."""
    if file.has_its_name:
        return file.name
    try:
        path = os.readlink(f"/dev/fd/{file.descriptor}")  # noqa: PTH115
    except OSError:
        return None
    now = _look(path)
    if now is None or now.identity != file.identity:
        return None
    return path.removeprefix(f"{os.getcwd()}/")  # noqa: PTH109 - a text
