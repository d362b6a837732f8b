"""How does Ctrl-C end what the engine is at: the main thread waits, and another one fetches."""

import threading
from collections.abc import Callable
from typing import Any

import duckdb

Rows = list[tuple[Any, ...]]

_BETWEEN_INTERRUPTS = 0.05


def interruptible(fetch: Callable[[], Rows], connection: duckdb.DuckDBPyConnection) -> Rows:
    """Return what `fetch` returns, or raise what it raises; on Ctrl-C interrupt the connection that it uses."""
    rows: Rows = []
    failures: list[Exception] = []
    ended = threading.Event()  # whether a thread is alive is not known once its `join` is interrupted

    def work() -> None:
        try:
            rows.extend(fetch())
        except Exception as error:  # noqa: BLE001 - raised below, where somebody waits for it
            failures.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=work)
    try:
        thread.start()
        ended.wait()
    except KeyboardInterrupt:
        # it may be about to begin, and an engine that is not at work cannot be interrupted
        while thread.ident is not None and not ended.is_set():
            connection.interrupt()
            ended.wait(_BETWEEN_INTERRUPTS)
        raise
    if failures:
        raise failures[0]
    return rows
