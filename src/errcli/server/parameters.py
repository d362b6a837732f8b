"""What may a question be asked over HTTP? The parameters that its command takes, but for files, by their names."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from errcli import catalog, params
from errcli.analysis import Analysis, Field, fields_of
from errcli.errors import UsageError
from errcli.runner import LATEST

_DURATION = {"type": "string", "pattern": r"^(\d{1,4}[smhdw]){1,3}$"}
_MOMENTS = [
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date"},
    _DURATION,
]
_TIME = {"anyOf": [*_MOMENTS, {"enum": ["today", "yesterday"]}]}
_NOW = {"anyOf": [*_MOMENTS, {"enum": ["today", "yesterday", LATEST]}]}
_ZONE = {"$ref": "#/components/schemas/Zone"}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{6,64}$"}

Schema = dict[str, Any]


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: its name, the name that the analysis has for it, how its text is read, and its JSON schema."""

    name: str
    stands_for: str
    read: Callable[[str], Any]
    schema: Schema
    description: str
    required: bool = False
    in_path: bool = False


def parameters_of(analysis: Analysis, names: dict[str, str], in_path: frozenset[str] = frozenset()) -> list[Parameter]:
    """Return the parameters of an analysis; `names` are those that have another name here, by the analysis's own."""
    schemas = catalog.schema_of(analysis.name)["params"]["properties"]
    own = [
        Parameter(
            name := names.get(field.name, field.name),
            field.name,
            _reader(field, name),
            _schema(field, schemas[field.name]),
            field.meta.description or "",
            field.required,
            field.name in in_path,
        )
        for field in fields_of(analysis.params)
        if field.table is None  # a caller has no files here
    ]
    return [*own, _limit(analysis), *_CLOCK]


def read(given: Iterable[tuple[str, str]], known: list[Parameter]) -> dict[str, Any]:
    """Read the texts of parameters, by the names that the analysis has for them.

    Raises UsageError for one that is unknown, given twice, missing, or means nothing.
    """
    named = {parameter.name: parameter for parameter in known}
    values: dict[str, Any] = {}
    for word, text in given:
        name = word.replace("-", "_")  # as the command line has it
        if name not in named:
            raise UsageError(f"no parameter {word!r}", name, f"use {', '.join(named)}")
        parameter = named[name]
        if parameter.stands_for in values:
            raise UsageError("given twice", name, "give it once")
        values[parameter.stands_for] = parameter.read(text)
    for parameter in known:
        if parameter.required and parameter.stands_for not in values:
            raise UsageError("missing", parameter.name, parameter.description)
    return values


def _reader(field: Field, name: str) -> Callable[[str], Any]:
    if field.name in ("since", "until"):
        return lambda text: _time(text, name)
    if field.is_duration:
        return lambda text: _checked(text, params.parse_duration, name)
    return lambda text: params.read_word(text, field.type, name, field.meta.ge)


def _time(text: str, name: str) -> str:
    params.parse_time(text, datetime.now(UTC), name)
    return text


def _now(text: str) -> str:
    return text if text == LATEST else _time(text, "now")


def _checked(text: str, parse: Callable[[str, str], object], name: str) -> str:
    """Return a text that means something; what it means depends on others."""
    parse(text, name)
    return text


def _schema(field: Field, schema: Schema) -> Schema:
    default = {} if schema.get("default") is None else {"default": schema["default"]}
    if field.name in ("since", "until"):
        return _TIME | default
    if field.is_duration:
        return _DURATION | default
    if field.is_pattern:
        return _HASH
    if field.type in (int, float):
        kind = "integer" if field.type is int else "number"
        least = -params.MOST if field.meta.ge is None else field.meta.ge
        return {"type": kind, "maximum": params.MOST, "minimum": least} | default
    members = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    return {key: value for key, value in members[0].items() if key not in ("default", "description")} | default


def _limit(analysis: Analysis) -> Parameter:
    return Parameter(
        "limit",
        "limit",
        lambda text: params.read_word(text, int, "limit", 0),
        {"type": "integer", "minimum": 0, "maximum": params.MOST, "default": analysis.limit},
        "Most rows; 0 is all.",
    )


_CLOCK = [
    Parameter("now", "now", _now, _NOW, "Answer as of then; latest is the newest event."),
    Parameter(
        "tz",
        "tz",
        lambda text: _checked(text, params.parse_zone, "tz"),
        _ZONE,
        "Zone of days and of times without offset.",
    ),
]
