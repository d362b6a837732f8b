"""Where do captured errors go, and what may it cost? `configure` goes before ERRCLI_CAPTURE_*, both before defaults."""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from errcli.capture.stderr import say

_PREFIX = "ERRCLI_CAPTURE_"


class Settings(NamedTuple):
    """How errors are captured; sizes are in bytes, times in seconds."""

    file: str = "errors.jsonl"
    """Where events are appended, made absolute when the settings are read."""
    release: str | None = None
    """The application's version, which every event gets."""
    redact_keys: tuple[str, ...] = ()
    """More names of keys that hold secrets."""
    max_bytes: int = 64 << 20
    """Size over which the file is renamed to `FILE.1` and a new one begun."""
    keep: int = 5
    """How many renamed files stay."""
    queue_bytes: int = 32 << 20
    """About how much may wait in memory to be written; what comes on top of it is shed."""
    delay: float = 0.05
    """How long an event may wait for others, so that they are written together."""


_LEAST: dict[str, float] = {"max_bytes": 4096, "keep": 0, "queue_bytes": 4096, "delay": 0}


def settings_of(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force. Raises ValueError for one that is given and cannot be.

    One of the environment that cannot be is told in a line on stderr, and the default holds.
    """
    values = {**_from_environment(environment), **{name: value for name, value in given.items() if value is not None}}
    if not isinstance(values.setdefault("file", Settings().file), str | os.PathLike):
        raise ValueError(f"file is {values['file']!r}: a path is wanted")  # noqa: TRY004 - as for every other setting
    values["file"] = os.path.abspath(os.fsdecode(values["file"]))  # noqa: PTH100 - without pathlib
    for name, value in values.items():
        _require(name, value)
    values["redact_keys"] = tuple(values.get("redact_keys", ()))
    return Settings(**values)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, default in Settings()._asdict().items():
        text = environment.get(_PREFIX + name.upper())
        if not text:  # an empty variable is as good as none
            continue
        try:
            value = _read(text, default)
            _require(name, value)
        except ValueError as error:
            say(f"{_PREFIX}{name.upper()}: {error}; {default!r} holds instead")
        else:
            values[name] = value
    return values


def _read(text: str, default: Any) -> Any:
    if isinstance(default, tuple):
        return tuple(word.strip() for word in text.split(","))
    return type(default)(text) if isinstance(default, int | float) else text


def _require(name: str, value: Any) -> None:
    least = _LEAST.get(name)
    kind = float if name == "delay" else int
    if least is not None and not (isinstance(value, int | kind) and least <= value < float("inf")):
        raise ValueError(f"{name} is {value!r}: a number from {least} on is wanted")
    if name == "redact_keys" and (isinstance(value, str) or not all(isinstance(key, str) for key in value)):
        raise ValueError(f"redact_keys is {value!r}: a list of names is wanted")
