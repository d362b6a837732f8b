"""When is an event safe? Once it is in the spool on disk: those that arrive together are put there with one sync."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

from errcli.event import Event
from errcli.ingest.spool import put_aside

_MOST = 10_000
"""Events of one sync, more or less."""


class _Waiting(msgspec.Struct, frozen=True):
    """Events, and whom to tell once they are on disk, or why they are not."""

    events: list[Event]
    accepted: "asyncio.Future[None]"


class Spooler:
    """Puts events aside in a thread of its own; while one sync goes on, what arrives is gathered for the next.

    Belongs to the event loop in which it is made.
    """

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="spooler")
        self._thread.start()

    async def put(self, events: list[Event]) -> None:
        """Return once the events are on disk. Raises StoreIOError where none of them is."""
        accepted = self._loop.create_future()
        self._queue.put(_Waiting(events, accepted))
        await accepted

    def close(self) -> None:
        """Put aside what was given before, and end."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        for together in self._gathered():
            failure: Exception | None = None
            try:
                put_aside(self._spool, [event for each in together for event in each.events])
            except Exception as error:  # noqa: BLE001 - told to those who wait; this thread has to go on
                failure = error
            with suppress(RuntimeError):  # the loop was ended by force
                self._loop.call_soon_threadsafe(_settle, together, failure)

    def _gathered(self) -> Iterator[list[_Waiting]]:
        """Yield what has come since the last time, again and again."""
        while (first := self._queue.get()) is not None:
            together, count = [first], len(first.events)
            with suppress(Empty):
                while count < _MOST:
                    more = self._queue.get_nowait()
                    if more is None:
                        self._queue.put(None)
                        break
                    together.append(more)
                    count += len(more.events)
            yield together


def _settle(together: list[_Waiting], failure: Exception | None) -> None:
    """Tell those who wait, unless they have given up."""
    for each in together:
        if each.accepted.done():
            continue
        if failure is None:
            each.accepted.set_result(None)
        else:
            each.accepted.set_exception(failure)
