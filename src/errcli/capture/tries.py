"""What became of each try of one call: every failed one is an event, and says whether the next one helped.

The event of a failed try is written once it is known what became of the next try, and holds the recovery: an event for
the success would be counted as another error. Its time is that of the failure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from errcli.capture.codes import CANCELLED
from errcli.capture.events import event_of, write
from errcli.capture.fields import Fields
from errcli.capture.writer import the_writer


class Tries:
    """The tries of one call: the event of the last failed one waits here for what becomes of the next."""

    def __init__(self, tries: int, on: type[Exception] | tuple[type[Exception], ...], fields: Fields) -> None:
        self._tries = tries
        self._on = on
        self._fields = fields
        self._number = 0
        self._failed: tuple[Exception, dict[str, Any]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Write the event that still waits: nobody knows whether trying again would have helped."""
        self._write(successful=None)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Let the block be the next try."""
        self._number += 1
        try:
            yield
        except Exception as error:
            self._fail(error)
            raise
        # the retry after the failed try was the recovery
        self._write(successful=True)

    def _fail(self, error: Exception) -> None:
        self._write(successful=False)
        is_last = self._number == self._tries or not isinstance(error, self._on)
        try:
            self._failed = (error, _event_of(error, self._number, self._fields, is_last=is_last))
        except Exception as failure:  # noqa: BLE001 - the application must not fail because of it
            the_writer().fail(failure)
        if is_last:
            self._write(successful=False if self._number > 1 else None)

    def _write(self, *, successful: bool | None) -> None:
        """Write the event that waits, if there is one; None says that nothing was tried after it."""
        if self._failed is None:
            return
        (error, event), self._failed = self._failed, None
        try:
            if event["error"].get("code") == CANCELLED:
                the_writer().ignore()
                return
            if successful is not None:
                event["recovery"] |= {"attempted": True, "successful": successful, "method": "retry"}
            write(error, event)
        except Exception as failure:  # noqa: BLE001 - the application must not fail because of it
            the_writer().fail(failure)


def _event_of(error: Exception, number: int, fields: Fields, *, is_last: bool) -> dict[str, Any]:
    given = fields.get("input_data")
    own = given if isinstance(given, dict) else {} if given is None else {"input": given}
    said: Any = {**fields, "input_data": {**own, "retryAttempt": number}}
    if is_last:
        said |= {"severity": "high", "user_blocked": True}
    return event_of(error, said)
