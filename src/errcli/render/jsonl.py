"""jsonl: the rows alone, one JSON object a line."""

from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.values import to_json


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return a line per row."""
    names = [column.name for column in result.columns]
    return "".join(f"{to_json(dict(zip(names, row, strict=True)))}\n" for row in result.rows).encode()
