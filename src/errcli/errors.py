"""What can go wrong, as exceptions that know their code, their exit status and what to do next."""

from typing import ClassVar


class ErrcliError(Exception):
    """A failure that is told in one line: code, what, where, what next.

    `code` is a stable kebab-case word for scripts, `exit_code` the status of the process.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, where: str = "", what_next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.what_next = what_next


class UsageError(ErrcliError):
    """An option or an argument that means nothing."""

    code = "usage"
    exit_code = 2


class ConfigError(ErrcliError):
    """A setting that is unknown or has an impossible value."""

    code = "config"
    exit_code = 2


class NoStoreError(ErrcliError):
    """The store to read does not exist."""

    code = "no-store"
    exit_code = 2


class NotAStoreError(ErrcliError):
    """The path holds something that is no errcli store."""

    code = "not-a-store"
    exit_code = 2


class MissingExtraError(ErrcliError):
    """A command whose libraries are not installed: they are an extra."""

    code = "missing-extra"
    exit_code = 2


class QueryError(ErrcliError):
    """SQL that does not parse, names what is not there, or may not do what it asks."""

    code = "query"
    exit_code = 2


class UnknownTargetError(ErrcliError):
    """An id or a hash that names nothing in the store."""

    code = "unknown-target"
    exit_code = 2


class StoreBusyError(ErrcliError):
    """Another process holds the store, and still did when the wait was over."""

    code = "store-busy"
    exit_code = 3


class DamagedStoreError(ErrcliError):
    """The store is there and cannot be read."""

    code = "damaged-store"


class StoreIOError(ErrcliError):
    """The store cannot be opened or written: permissions, disk."""

    code = "store-io"


class InputError(ErrcliError):
    """A file or a stream that cannot be read, or holds no event."""

    code = "input"


class OutputError(ErrcliError):
    """An answer that cannot be written where it should go."""

    code = "output"


class ListenError(ErrcliError):
    """An address that a server cannot listen on."""

    code = "listen"


class TooManyRejectsError(ErrcliError):
    """More lines were rejected than `--max-bad` allows; the others are stored."""

    code = "too-many-rejects"
    exit_code = 4


class BrokenPromiseError(ErrcliError):
    """`db doctor` found figures that disagree with the events."""

    code = "broken-promise"
