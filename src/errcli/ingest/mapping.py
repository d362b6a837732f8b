"""Where does a log keep its fields, in the user's own words: `user_id=ctx.user.id`."""

from difflib import get_close_matches
from typing import Any

from errcli.errors import UsageError
from errcli.event import Event
from errcli.ingest.paths import at

_FIELDS = tuple(name for name in Event.__annotations__ if name != "source_id")


class Mapping:
    """Paths of dotted keys by the column that they fill; a key that holds dots itself is tried whole first.

    Raises UsageError for a text that is no `field=path`, or names no field.
    """

    def __init__(self, texts: list[str]) -> None:
        self._paths = dict(_parsed(text) for text in texts)

    @property
    def key(self) -> str:
        """A text that differs where fields stand elsewhere."""
        return ",".join(f"{field}={path}" for field, path in sorted(self._paths.items()))

    def given(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return what a record has under the paths, by column; what is missing or null is left out."""
        found = {field: at(record, path) for field, path in self._paths.items()}
        return {field: value for field, value in found.items() if value is not None}


def _parsed(text: str) -> tuple[str, str]:
    field, sign, path = text.partition("=")
    if not sign or not path:
        raise UsageError(f"{text!r} is no field=path", "--map", "such as --map user_id=ctx.user.id")
    if field not in _FIELDS:
        near = get_close_matches(field, _FIELDS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"fields: {', '.join(_FIELDS)}"
        raise UsageError(f"no field {field!r}", "--map", hint)
    return field, path
