"""Which messages are one pattern? Messages become shapes, when they are loaded; shapes become templates, when mined."""

from typing import TYPE_CHECKING, Any

import duckdb

from errcli.store.sql import execute, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

MASKS = 3
"""The version of masks and passes: a store whose patterns were made by others is regrouped."""

# So many messages are copied, and looked at, at once, and so many texts matched with templates.
_PART = 200_000

_Passes = tuple[tuple[str, dict[str, Any]], ...]

# What shows in a crowd needs no care, and leaves fewer texts to be careful with.
_QUICK_PASSES: _Passes = (("leave_one_out", {"names": False, "variety": 20}),)

_PASSES: _Passes = (
    ("repeats", {}),
    ("leave_one_out", {"names": True, "variety": 2}),
    ("names", {}),
    ("leave_one_out", {"names": False, "variety": 2}),
    ("leave_one_out", {"names": False, "variety": 2}),
    ("gaps", {}),
)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros that `shape` needs, once for a connection."""
    _run(connection, "masks")
    forget(connection)


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget the twins that were found."""
    _run(connection, "no_twins")


def find_twins(connection: duckdb.DuckDBPyConnection) -> None:
    """Find which events differ in nothing but their digits, of those of which that is not known yet.

    Reads `to_shape` as `shape` does; adds to the temporary table `mining_twins`: seq; twin, equal for twins.
    """
    _run(connection, "unread")
    _, lowest, highest = _extent(connection, "mining_unread")
    for zeroed in _zeroed_parts(connection, lowest, highest):
        connection.register("mining_zeroed", zeroed)
        _run(connection, "twins")
        connection.unregister("mining_zeroed")


def shape(connection: duckdb.DuckDBPyConnection) -> None:
    """Find what is left of messages without their values, and forget their twins.

    Reads `to_shape`: seq, kind (a hash of what else tells events apart), message, user_id, session_id, page,
    workflow_id, agent_id, input_data. Makes the temporary tables `shaped`: seq, kind (now a hash of its shape, too),
    example, and `example_shapes`: example, shape.
    """
    find_twins(connection)
    _run(connection, "no_shapes")
    if _shape_twins(connection):
        _run(connection, "twins_by_digits")
        _shape_twins(connection)
    forget(connection)


def _zeroed_parts(connection: duckdb.DuckDBPyConnection, lowest: int, highest: int) -> "Iterator[pa.Table]":
    """Yield, by stretch, what `mining_unread` says with zeros for digits, set while the engine reads the one after."""
    # a question that shapes nothing does without them
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from errcli.store.mining.zeroed import with_zeros

    def texts_of(stretch: dict[str, int], begun: Event) -> "pa.Table":
        try:
            relation = connection.sql(statement("mining/to_zero"), params=stretch)
        finally:
            begun.set()
        return relation.to_arrow_table()

    texts: pa.Table | None = None
    with ThreadPoolExecutor(1) as thread:
        for stretch in _stretches(lowest, highest):
            begun = Event()
            following = thread.submit(texts_of, stretch, begun)
            # the engine needs the interpreter's lock to begin, and setting zeros does not give it away
            begun.wait()
            zeroed = None if texts is None else with_zeros(texts)
            texts = following.result()
            if zeroed is not None:
                yield zeroed
    if texts is not None:
        yield with_zeros(texts)


def _shape_twins(connection: duckdb.DuckDBPyConnection) -> bool:
    """Shape one of twins for all of them; return whether there are some of which it is not, since digits decide."""
    _run(connection, "chosen")
    chosen, lowest, highest = _extent(connection, "mining_chosen")
    whole = {"first": lowest, "last": highest}
    for stretch in _stretches(lowest, highest) if chosen > _PART else [whole]:
        _run(connection, "shape", **stretch)
    has_unlike = _says_yes(connection, "unlike")
    _run(connection, "spread")
    return has_unlike


def _extent(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int, int]:
    """Return how many rows there are, and their lowest and highest `seq`: 0 and -1 where there are none."""
    extent = connection.table(table).aggregate("count(*), coalesce(min(seq), 0), coalesce(max(seq), -1)")
    ((rows, lowest, highest),) = extent.fetchall()
    return rows, lowest, highest


def _stretches(lowest: int, highest: int) -> "Iterator[dict[str, int]]":
    for first in range(lowest, highest + 1, _PART):
        yield {"first": first, "last": first + _PART - 1}


def mine(connection: duckdb.DuckDBPyConnection) -> None:
    """Find what shapes have in common.

    Reads `shapes_to_mine`: shape_id, error_type, error_code, shape, events. Makes the temporary table `mined`:
    shape_id, template. The answer for a shape depends on the set of shapes of its type and code and on their counts,
    on nothing else.
    """
    ((shapes,),) = connection.execute("SELECT count(*) FROM shapes_to_mine").fetchall()
    if shapes == 0:
        _run(connection, "nothing")
        return
    for name in ("word_macros", "begin", "unite"):
        _run(connection, name)
    if _says_yes(connection, "crowds"):
        _run(connection, "sample")
        _learn(connection)
        _match(connection)
        if _says_yes(connection, "wait"):
            _learn(connection)
    elif _says_yes(connection, "neighbours"):
        _learn(connection)
    _run(connection, "end")


def _learn(connection: duckdb.DuckDBPyConnection) -> None:
    """Take values out of texts: first what shows without a closer look.

    That is done to few texts as to many: what is mined along with a type and code must not matter to it.
    """
    _go_through(connection, _QUICK_PASSES)
    _go_through(connection, _PASSES)


def _go_through(connection: duckdb.DuckDBPyConnection, passes: _Passes) -> None:
    _run(connection, "no_words")
    _read(connection)
    last: tuple[str, dict[str, Any]] | None = None
    has_spans = False
    for name, params in passes:
        if (name, params) == last:
            continue  # it has just found nothing
        if name == "leave_one_out" and not has_spans:
            _run(connection, "spans")
            has_spans = True
        _run(connection, name, **params)
        last = (name, params)
        if _says_yes(connection, "is_found"):
            last, has_spans = None, False
            for step in ("rewrite", "unite"):
                _run(connection, step)
            _read(connection)


def _match(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the templates of what waits, part by part: all of its words at once take much memory."""
    ((waiting,),) = connection.execute("SELECT count(*) FROM mining_waiting").fetchall()
    parts = 1 + waiting // _PART
    for part in range(parts):
        _run(connection, "match", parts=parts, part=part)


def _read(connection: duckdb.DuckDBPyConnection) -> None:
    _run(connection, "tokens")
    if _says_yes(connection, "fresh_words"):
        _run(connection, "vocabulary")
    _run(connection, "words")


def _says_yes(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(_run(connection, name)[0][0])


def _run(connection: duckdb.DuckDBPyConnection, name: str, **params: Any) -> list[tuple[Any, ...]]:
    return execute(connection, statement(f"mining/{name}"), params).fetchall()
