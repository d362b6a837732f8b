"""When is an event safe? Once it is in the spool on disk: those that arrive together are put there with one sync."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

from errcli.errors import ErrcliError
from errcli.event import Event
from errcli.ingest.spool import put_aside

_MOST = 10_000
"""Events of one sync, more or less."""


class _Waiting(msgspec.Struct, frozen=True):
    """Events, and what to do once they are on disk, or why they are not."""

    events: list[Event]
    done: Callable[[ErrcliError | None], None]


class Spooler:
    """Puts events aside in a thread of its own; while one sync goes on, what arrives is gathered for the next."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="spooler")
        self._thread.start()

    async def put(self, events: list[Event]) -> None:
        """Return once the events are on disk. Raises StoreIOError where none of them is."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def settle(error: ErrcliError | None) -> None:
            if future.done():  # nobody waits any more
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        def done(error: ErrcliError | None) -> None:
            with suppress(RuntimeError):  # the loop was ended by force
                loop.call_soon_threadsafe(settle, error)

        self._queue.put(_Waiting(events, done))
        await future

    def close(self) -> None:
        """Put aside what was given before, and end."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        for together in self._gathered():
            error = None
            try:
                put_aside(self._spool, [event for each in together for event in each.events])
            except ErrcliError as failure:
                error = failure
            for each in together:
                each.done(error)

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
