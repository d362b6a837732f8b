"""json: one envelope with the question, its window and its rows, a row a line."""

from errcli import __version__
from errcli.analysis import Result
from errcli.render import Screen
from errcli.render.values import to_json


def render(result: Result, screen: Screen) -> bytes:  # noqa: ARG001
    """Return the envelope; its keys are part of the command-line contract."""
    head = {
        "analysis": result.analysis,
        "version": __version__,
        "now": result.now,
        "since": result.since,
        "until": result.until,
        "params": dict(result.params),
    }
    lines = [f"  {to_json(key)}: {to_json(value)}," for key, value in head.items()]
    names = [column.name for column in result.columns]
    rows = ",\n".join(f"    {to_json(dict(zip(names, row, strict=True)))}" for row in result.rows)
    lines.append(f'  "rows": [\n{rows}\n  ],' if rows else '  "rows": [],')
    lines.append(f'  "truncated": {to_json(result.truncated)}')
    return "\n".join(["{", *lines, "}", ""]).encode()
