"""What an analysis is and what it answers: the words that the catalog, the runner and the renderers share."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

Kind = Literal["text", "integer", "number", "boolean", "time", "date", "list", "other"]
"""How a value of a column is written; `other` is what a free query may return: intervals, structs, blobs."""

Unit = Literal[
    "percent", "seconds", "bytes", "severity", "hash", "id", "trend", "section",
    "clock", "pause", "rail", "ending", "strip", "chain",
]  # fmt: skip
"""What a column's value means to a reader, beyond its kind.

Some are drawn: `pause` are seconds between two rows, `rail` the number of what a row belongs to, `ending` how that
ended, `strip` counts in equal parts of the window, separated by blanks, with `!` behind those to be seen first, `chain`
links with an arrow between them. `clock` is a time of which it does not matter how long ago that was.
"""

_KINDS: dict[type, Kind] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "time",
    date: "date",
    list: "list",
}


class Column(msgspec.Struct, frozen=True):
    """One column of a result.

    `rank` is for terminals too narrow for every column: the highest leaves first, 0 never leaves.
    """

    name: str
    kind: Kind
    unit: Unit | None = None
    rank: int = 1
    description: str = ""


class Graph(msgspec.Struct, frozen=True):
    """Which columns make a graph of rows, each of them an edge: ids and texts at its ends, and what it weighs.

    `weight` counts, and its name says what; `share` and `opening` are in percent: how often the source leads to the
    target, and how often the source is what something begins with.
    """

    source: str
    source_text: str
    target: str
    target_text: str
    weight: str
    share: str
    opening: str


class Result(msgspec.Struct, frozen=True):
    """An answer: rows under typed columns, with the question's name, window and parameters.

    `since` and `until` bound the window `(since, until]` and are None where the question has none;
    `total` is the number of rows before the limit; `newest` is set only on an empty answer and is the time
    of the newest event in the store; `ignored` is how many rows are left out since somebody ignores them;
    `pruned_up_to` is set where the window begins before what was pruned, whose
    events the rows lack. `notes` say in a line each what a reader of the rows has to know; `graph` is set where the
    rows make one.
    """

    analysis: str
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    params: Mapping[str, Any] = {}
    total: int = 0
    newest: datetime | None = None
    pruned_up_to: datetime | None = None
    ignored: int = 0
    notes: tuple[str, ...] = ()
    graph: Graph | None = None

    @property
    def truncated(self) -> bool:
        """Whether a limit kept rows back."""
        return self.total > len(self.rows)

    @property
    def named_rows(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def result_of(name: str, row: type[msgspec.Struct], rows: list[Any], *, now: datetime, **asked: Any) -> Result:
    """Return what a verb did as a result like any other; `asked` are its parameters."""
    return Result(
        analysis=name,
        columns=columns_of(row),
        rows=[msgspec.structs.astuple(each) for each in rows],
        now=now,
        params=asked,
        total=len(rows),
    )


class Question(msgspec.Struct, frozen=True):
    """What an analysis is asked: parameters, their window, and the rows of the files that they name, by parameter."""

    params: Any
    since: datetime | None
    until: datetime | None
    tables: Mapping[str, list[Any]]


class Analysis(msgspec.Struct, frozen=True):
    """One question: its name, what it answers in one line, an example, its parameters and its rows.

    `limit` is the default number of rows to show; 0 is all. `outlives_pruning` is whether its figures stay when
    the events go; `is_summary`, whether its rows are few and dear, so that it is cheaper to fetch all of them than to
    count them another time; `looks_back`, whether it compares with the window of the same length before. `complete`,
    of a summary, gets all rows of the SQL, as `row`s, and fills in what SQL does not say plainly: intervals and tests.
    `notes` says of the question and its rows what a reader has to know beside them; a summary's are all rows.
    `graph` is which columns draw them as one.
    """

    name: str
    summary: str
    example: str
    params: type[msgspec.Struct]
    row: type[msgspec.Struct]
    limit: int = 20
    outlives_pruning: bool = False
    is_summary: bool = False
    looks_back: bool = False
    complete: Callable[[list[Any]], list[Any]] | None = None
    notes: Callable[[Question, list[Any]], tuple[str, ...]] | None = None
    graph: Graph | None = None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters of a question about a stretch of time `(since, until]`; None is the beginning, or now."""

    since: Annotated[str | None, msgspec.Meta(description="Start of the window: 15m, 1h, 7d, today or a time.")] = None
    until: Annotated[str | None, msgspec.Meta(description="End of the window; default: now.")] = None


def column(description: str, *, unit: Unit | None = None, rank: int = 1) -> msgspec.Meta:
    """Annotate a field of a row: what it holds, its unit, and when it leaves a narrow terminal."""
    return msgspec.Meta(description=description, extra={"unit": unit, "rank": rank})


def argument(description: str) -> msgspec.Meta:
    """Annotate a parameter that the command line takes by position."""
    return msgspec.Meta(description=description, extra={"positional": True})


def option(description: str, *, ge: int | None = None, section: str | None = None) -> msgspec.Meta:
    """Annotate a parameter that the command line takes as an option; `ge` is its least value.

    Where it is not given, the setting of its name in `section` of the config stands in for it.
    """
    return msgspec.Meta(description=description, ge=ge, extra={"section": section})


def pattern(description: str, *, positional: bool = True) -> msgspec.Meta:
    """Annotate a parameter that is the hash of a pattern; the beginning of one will do, the SQL gets the whole."""
    return msgspec.Meta(description=description, extra={"pattern": True, "positional": positional})


def duration(description: str) -> msgspec.Meta:
    """Annotate a parameter that is a stretch of time, such as `2m`; the SQL gets it in seconds."""
    return msgspec.Meta(description=description, extra={"duration": True})


class Table(msgspec.Struct, frozen=True):
    """What a file holds that stands beside the log: the name of its rows in SQL, and what each of them is."""

    name: str
    row: type[msgspec.Struct]


def table(description: str, name: str, row: type[msgspec.Struct]) -> msgspec.Meta:
    """Annotate a parameter that is a file of rows, CSV or JSONL; the SQL gets them as a table, empty without a file."""
    return msgspec.Meta(description=description, extra={"table": Table(name, row)})


class Field(msgspec.Struct, frozen=True):
    """A field of a parameter or row struct, its annotation taken apart."""

    name: str
    type: Any
    optional: bool
    required: bool
    default: Any
    meta: msgspec.Meta

    @property
    def is_duration(self) -> bool:
        """Whether its value is a stretch of time, such as `2m`."""
        return bool(self._extra.get("duration"))

    @property
    def is_pattern(self) -> bool:
        """Whether its value is the hash of a pattern, or the beginning of one."""
        return bool(self._extra.get("pattern"))

    @property
    def is_positional(self) -> bool:
        """Whether the command line takes it by position."""
        return bool(self._extra.get("positional"))

    @property
    def section(self) -> str | None:
        """The section of the config whose setting of its name stands in where it is not given."""
        section: str | None = self._extra.get("section")
        return section

    @property
    def table(self) -> Table | None:
        """What its value is a file of, where it is one."""
        table: Table | None = self._extra.get("table")
        return table

    @property
    def _extra(self) -> dict[str, Any]:
        return self.meta.extra or {}


def fields_of(struct: type[msgspec.Struct]) -> list[Field]:
    """Take a struct's annotations apart: bare type, whether None is allowed, default and Meta."""
    return [_field(info) for info in msgspec.structs.fields(struct)]


def tables_of(params: type[msgspec.Struct]) -> list[Table]:
    """Return the tables that the SQL of an analysis with these parameters reads beside the store's."""
    return [field.table for field in fields_of(params) if field.table is not None]


def _field(info: msgspec.structs.FieldInfo) -> Field:
    annotated, meta = info.type, msgspec.Meta()
    if get_origin(annotated) is Annotated:
        annotated, meta = get_args(annotated)
    optional = False
    if get_origin(annotated) in (Union, UnionType):
        members = [member for member in get_args(annotated) if member is not NoneType]
        if len(members) != 1:
            raise TypeError(f"{info.name}: one type, or one type and None")
        annotated, optional = members[0], True
    return Field(info.name, annotated, optional, info.required, info.default, meta)


def columns_of(row: type[msgspec.Struct]) -> tuple[Column, ...]:
    """Return the columns that a row struct declares, in order."""
    return tuple(_column(field) for field in fields_of(row))


def _column(field: Field) -> Column:
    bare = get_origin(field.type) or field.type
    extra = field.meta.extra or {}
    return Column(
        field.name,
        _KINDS[bare],
        extra.get("unit"),
        extra.get("rank", 1),
        field.meta.description or "",
    )
