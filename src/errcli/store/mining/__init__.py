"""Which messages are one pattern? Messages become shapes, when they are loaded; shapes become templates, when mined."""

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import duckdb

from errcli.store.sql import execute, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

MASKS = 5
"""The version of masks and passes: a store whose patterns were made by others is regrouped."""

# So many messages are looked at one by one sooner than their twins are found.
_FEW = 10_000

# So many messages are looked at at once, and so many texts matched with templates.
_PART = 200_000

# So many rows are handed over in one piece: fewer take longer, and more no less.
_PIECE = 8_192

# So many bytes of what events say are copied at once to find twins. The more at once, the more twins are found.
_MOST_SAID = 160_000_000

# Of few texts, to plan a statement takes as long as to run it, and of many these make none faster: joins are written in
# the order in which they are best made.
_NO_HELP = frozenset({
    "common_subplan", "expression_rewriter", "join_filter_pushdown", "join_order", "projection_placement",
    "projection_pullup", "statistics_propagation",
})  # fmt: skip

_Passes = tuple[tuple[str, dict[str, Any]], ...]

# What shows in a crowd of texts needs no care, and leaves fewer texts to be careful with.
_CROWD = 20
_QUICK_PASSES: _Passes = (("leave_one_out", {"names": False, "variety": _CROWD}),)

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
    # a question that shapes nothing does without it
    from errcli.store.mining.zeroed import with_zeros

    is_all = False
    while not is_all:
        _run(connection, "unread")
        pieces = connection.sql(statement("mining/to_zero")).to_arrow_reader(_PIECE)
        rows, is_all = with_zeros(pieces, _MOST_SAID)
        connection.register("mining_zeroed", rows)
        _run(connection, "twins")
        connection.unregister("mining_zeroed")


def shape(connection: duckdb.DuckDBPyConnection) -> None:
    """Find what is left of messages without their values, and forget their twins.

    Reads `to_shape`: seq, kind (a hash of what else tells events apart), message, user_id, session_id, page,
    workflow_id, agent_id, input_data. Makes the temporary tables `shaped`: seq, kind (now a hash of its shape, too),
    example, and `example_shapes`: example, shape.
    """
    ((events, unread),) = _run(connection, "how_many")
    _run(connection, "no_shapes")
    if unread == events <= _FEW:
        _look_at(connection, "alone")
        _run(connection, "shape_alone")
        return
    if unread:
        find_twins(connection)
    if _shape_twins(connection):
        _run(connection, "twins_by_digits")
        _shape_twins(connection)
    forget(connection)


def _shape_twins(connection: duckdb.DuckDBPyConnection) -> bool:
    """Shape one of twins for all of them; return whether there are some of which it is not, since digits decide."""
    _look_at(connection, "chosen")
    has_unlike = _answer(connection, "unlike") > 0
    _run(connection, "spread")
    return has_unlike


def _look_at(connection: duckdb.DuckDBPyConnection, choice: str) -> None:
    """Shape the events that a statement chooses, some at a time."""
    ((chosen, lowest, highest),) = _run(connection, choice)
    for stretch in _stretches(lowest, highest, parts=1 + chosen // _PART):
        _run(connection, "shape", **stretch)


def _stretches(lowest: int, highest: int, parts: int) -> "Iterator[dict[str, int]]":
    """Yield from which to which `seq` each of some parts goes; none where the lowest is above the highest."""
    length = -(-(highest - lowest + 1) // parts)
    for first in range(lowest, highest + 1, max(length, 1)):
        yield {"first": first, "last": first + length - 1}


def mine(connection: duckdb.DuckDBPyConnection) -> None:
    """Find what shapes have in common.

    Reads `shapes_to_mine`: shape_id, error_type, error_code, shape, events. Makes the temporary table `mined`:
    shape_id, template. The answer for a shape depends on the set of shapes of its type and code and on how often they
    come, in the steps of `often.sql`, on nothing else.
    """
    ((shapes,),) = connection.execute("SELECT count(*) FROM shapes_to_mine").fetchall()
    if shapes == 0:
        _run(connection, "nothing")
        return
    with _planned_soon(connection):
        _find_templates(connection)


@contextmanager
def _planned_soon(connection: duckdb.DuckDBPyConnection) -> "Iterator[None]":
    """Have statements planned as they are written, and let threads put rows down without waiting for each other."""
    wanted = {"preserve_insertion_order": "false", "disabled_optimizers": _optimizers(connection)}
    found = {name: connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in wanted}
    _set(connection, wanted)
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # of a transaction that failed
            _set(connection, found)


def _set(connection: duckdb.DuckDBPyConnection, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(f"SET {name} = '{value}'")


def _optimizers(connection: duckdb.DuckDBPyConnection) -> str:
    """Return which of the optimizers that make nothing faster here this engine has."""
    names = {name for (name,) in connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()}
    return ",".join(sorted(names & _NO_HELP))


def _find_templates(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("often", "word_macros", "begin"):
        _run(connection, name)
    ((texts, is_crowded),) = _run(connection, "crowds")
    if is_crowded:
        _run(connection, "sample")
        _learn(connection)
        _match(connection)
        if _answer(connection, "wait"):
            _learn(connection)
    elif texts > 1:
        _learn(connection, passes=(_QUICK_PASSES, _PASSES) if texts >= _CROWD else (_PASSES,))
    _run(connection, "end")


def _learn(connection: duckdb.DuckDBPyConnection, passes: tuple[_Passes, ...] = (_QUICK_PASSES, _PASSES)) -> None:
    """Take values out of texts: first what shows without a closer look.

    That is done to few texts as to many: what is mined along with a type and code must not matter to it. Only where no
    type and code has a crowd it is left out, since it could find nothing.
    """
    for each in passes:
        _run(connection, "living_words")
        _go_through(connection, each)


def _go_through(connection: duckdb.DuckDBPyConnection, passes: _Passes) -> None:
    last: tuple[str, dict[str, Any]] | None = None
    has_words = has_spans = False
    for name, params in passes:
        if (name, params) == last:
            continue  # it has just found nothing
        if not has_words:
            _read(connection)
            has_words = True
        if name == "leave_one_out" and not has_spans:
            _run(connection, "spans", variety=params["variety"])
            has_spans = True
        last = (name, params)
        if _answer(connection, name, **params):
            _run(connection, "rewrite")
            last, has_words, has_spans = None, False, False


def _match(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the templates of what waits, part by part: all of its words at once take much memory."""
    ((waiting,),) = connection.execute("SELECT count(*) FROM mining_waiting").fetchall()
    parts = 1 + waiting // _PART
    for part in range(parts):
        _run(connection, "match", parts=parts, part=part)


def _read(connection: duckdb.DuckDBPyConnection) -> None:
    if not _answer(connection, "tokens"):
        return
    if _answer(connection, "fresh_words"):
        _run(connection, "vocabulary")
    _run(connection, "words")


def _answer(connection: duckdb.DuckDBPyConnection, name: str, **params: Any) -> int:
    """Return what a statement says in one number: of one that makes a table, how many rows it has."""
    return int(_run(connection, name, **params)[0][0])


def _run(connection: duckdb.DuckDBPyConnection, name: str, **params: Any) -> list[tuple[Any, ...]]:
    return execute(connection, statement(f"mining/{name}"), params).fetchall()
