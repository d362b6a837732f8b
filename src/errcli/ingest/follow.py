"""Which of the followed files changed since the last look, rotated ones included?"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from errcli.errors import UsageError
from errcli.ingest.sources import expand

_MOST_HELD = 200
"""Files that are held open, so that what was written to one before it was renamed is read; more need names."""


class Changed(NamedTuple):
    """A file to read: the path that opens it, and its name."""

    path: str
    name: str


class _Seen(NamedTuple):
    descriptor: int | None
    identity: tuple[int, int]
    state: tuple[int, int]


class Follower:
    """Looks at the files that some paths mean, which may come, grow, be renamed and go.

    Raises UsageError for a path that means nothing at the beginning.
    """

    def __init__(self, paths: list[str]) -> None:
        expand(paths)
        self._paths = paths
        self._seen: dict[str, _Seen] = {}

    def changed(self) -> Iterator[Changed]:
        """Yield the files that changed since the last look; of a renamed one first what it got before that."""
        for name in self._files():
            yield from self._look_at(name)

    def forget(self, name: str) -> None:
        """Have a file read again at the next look, since it could not be read at this one."""
        if name in self._seen:
            self._seen[name] = self._seen[name]._replace(state=(-1, -1))

    def _files(self) -> list[str]:
        found: dict[str, None] = dict.fromkeys(self._seen)
        for path in self._paths:
            try:
                found.update(dict.fromkeys(expand([path])))
            except UsageError:
                continue  # gone for now
        return list(found)

    def _look_at(self, name: str) -> Iterator[Changed]:
        seen = self._seen.get(name)
        now = _look(name)
        if seen is not None and (now is None or now.identity != seen.identity):
            yield from self._rest_of(name, seen, is_replaced=now is not None)
        if now is not None and (seen is None or (now.identity, now.state) != (seen.identity, seen.state)):
            held = seen.descriptor if seen is not None and seen.identity == now.identity else self._hold(name)
            self._seen[name] = now._replace(descriptor=held)
            yield Changed(name, name)

    def _rest_of(self, name: str, seen: _Seen, *, is_replaced: bool) -> Iterator[Changed]:
        """Yield the file that had this name, if it grew after it was read."""
        if seen.descriptor is None:
            del self._seen[name]
            return
        now = _look(seen.descriptor)
        if now is not None and now.state != seen.state:
            self._seen[name] = seen._replace(state=now.state)
            yield Changed(f"/dev/fd/{seen.descriptor}", name)
        if is_replaced:
            os.close(seen.descriptor)
            del self._seen[name]

    def _hold(self, name: str) -> int | None:
        if sum(seen.descriptor is not None for seen in self._seen.values()) >= _MOST_HELD:
            return None
        try:
            return os.open(name, os.O_RDONLY)
        except OSError:
            return None


def _look(file: str | int) -> _Seen | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - of a descriptor, too
    except OSError:
        return None
    return _Seen(None, (status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns))
