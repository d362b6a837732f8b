"""How does an engine begin while the interpreter imports what a load needs? Each takes as long, and neither waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import duckdb


def beginning() -> Callable[[], duckdb.DuckDBPyConnection]:
    """Have an engine open in a thread; what is returned waits for it and returns it."""
    thread = ThreadPoolExecutor(1)
    engine = thread.submit(duckdb.connect)
    thread.shutdown(wait=False)
    return engine.result
