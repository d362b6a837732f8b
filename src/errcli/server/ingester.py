"""How do accepted events come from the spool into the store: in short bursts, and later where somebody else has it."""

import threading
import time

import msgspec

from errcli import diagnostics
from errcli.errors import StoreBusyError
from errcli.ingest import spool
from errcli.intake import take_spooled
from errcli.server.serving import Serving
from errcli.store.load import workers

_PAUSE = 1.0
"""Seconds between two bursts, at least."""

_REST = 4
"""How many times as long as a burst the pause behind it is, at least: answering goes before."""

_AFTER_FAILURE = 30.0
"""Seconds until it is tried again, where the store cannot be used."""

_PATIENCE = 0.5
"""Seconds to wait for the store; somebody who has it longer is left alone until the next burst."""


class Ingester:
    """Takes the spool in, in a thread of its own."""

    def __init__(self, serving: Serving) -> None:
        self._keeping = serving.keeping
        self._options = msgspec.structs.replace(serving.store, wait=min(serving.store.wait, _PATIENCE))
        self._debug = serving.debug
        self._spool = spool.path_of(serving.store.path)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ingester")
        self._thread.start()

    def close(self) -> None:
        """Take in what is there, if the store is free, and end."""
        self._stop.set()
        self._thread.join()
        self._take()
        if spool.waits(self._spool):
            diagnostics.note("events wait beside the store; the next ingest, track or serve takes them in")

    def _work(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            pause = self._take()

    def _take(self) -> float:
        """Take in what waits; return after how many seconds to look again."""
        began = time.monotonic()
        try:
            if spool.waits(self._spool):
                with workers(self._options, self._keeping) as (worker, *_):
                    take_spooled(worker, self._spool)
        except StoreBusyError:
            pass  # it will be free another time
        except Exception as error:  # noqa: BLE001 - whatever happened: what was accepted waits on, and is tried again
            diagnostics.report(error, debug=self._debug)
            return _AFTER_FAILURE
        return max(_PAUSE, _REST * (time.monotonic() - began))
