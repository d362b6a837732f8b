"""Which rows does a file hold that stands beside the log? CSV or JSON lines, told apart by what is in them."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from errcli.analysis import Field, fields_of
from errcli.errors import UsageError

_Row = TypeVar("_Row", bound=msgspec.Struct)

_LONGEST_SHOWN = 40


def read(path: str, row: type[_Row], option: str) -> list[_Row]:
    """Return the rows of a file, whose name is literal; `option` is what named it. What is no field is passed over.

    Raises UsageError, for the first line that holds no row, too.
    """
    text = _text_of(path, option)
    if not text.strip():
        raise UsageError("an empty file", path, f"give {option} a file with {_names(row)}")
    found = _of_json(text, path, row) if text.lstrip().startswith("{") else _of_csv(text, path, row)
    rows = list(found)
    if not rows:
        raise UsageError("a header and no rows", path, f"give {option} a file with {_names(row)}")
    return rows


def _text_of(path: str, option: str) -> str:
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise UsageError(what.lower(), path or "''", f"give {option} a CSV or JSONL file") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise UsageError("not UTF-8", _where(path, line), "iconv -t UTF-8 -f ITS_ENCODING makes it so") from error


def _of_json(text: str, path: str, row: type[_Row]) -> Iterator[_Row]:
    """Yield the rows of JSON lines; blank lines are none."""
    decoder = msgspec.json.Decoder(row)
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except msgspec.MsgspecError:
                raise _wrong_line(line, _where(path, number), row) from None


def _wrong_line(line: str, where: str, row: type[msgspec.Struct]) -> UsageError:
    try:
        values = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return UsageError("not JSON", where, f"one object a line, with {_names(row)}")
    if not isinstance(values, dict):
        return UsageError("not an object", where, f"one object a line, with {_names(row)}")
    return _wrong_row(values, where, row, strict=True)


def _of_csv(text: str, path: str, row: type[_Row]) -> Iterator[_Row]:
    """Yield the rows of a CSV file, whose first line names the columns; blank lines are none."""
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] = []
    try:
        for record in records:
            where = _where(path, records.line_num)
            if not record:
                continue
            if not names:
                names = [name.strip() for name in record]
                _require_columns(names, where, row)
                continue
            if len(record) != len(names):
                raise UsageError(f"{len(record)} values for {len(names)} columns", where, "give each line one of each")
            yield _row_of(dict(zip(names, record, strict=True)), where, row)
    except csv.Error as error:
        what_next = 'quote as CSV does: with ", and "" for one in a text'
        raise UsageError(f"not CSV: {error}", _where(path, records.line_num), what_next) from error


def _require_columns(names: list[str], where: str, row: type[msgspec.Struct]) -> None:
    """Raise UsageError where a column is missing, or there twice."""
    what_next = f"the first line of CSV names the columns, with commas between them: {_names(row)}"
    missing = [field.name for field in fields_of(row) if field.required and field.name not in names]
    if missing:
        raise UsageError(f"no column {', '.join(missing)}", where, what_next)
    twice = [field.name for field in fields_of(row) if names.count(field.name) > 1]
    if twice:
        raise UsageError(f"two columns {', '.join(twice)}", where, what_next)


def _row_of(values: dict[str, str], where: str, row: type[_Row]) -> _Row:
    try:
        return msgspec.convert(values, row, strict=False)
    except msgspec.ValidationError:
        raise _wrong_row(values, where, row, strict=False) from None


def _wrong_row(values: dict[str, Any], where: str, row: type[msgspec.Struct], *, strict: bool) -> UsageError:
    """Say which field is wrong, the first of them."""
    whole = {info.name: info.type for info in msgspec.structs.fields(row)}
    for field in fields_of(row):
        if field.name not in values:
            if field.required:
                return UsageError(f"{field.name} is missing", where, f"give each line {_names(row)}")
            continue
        try:
            msgspec.convert(values[field.name], whole[field.name], strict=strict)
        except msgspec.ValidationError:
            value = f"{values[field.name]!r}"
            shown = value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"
            return UsageError(f"{field.name} is {shown}", where, f"give {_wanted(field)}")
    return UsageError("not a row", where, f"give each line {_names(row)}")


def _wanted(field: Field) -> str:
    if field.type is date:
        return "a date such as 2026-11-20"
    if field.type is int:
        return f"a whole number from {field.meta.ge:,} to {field.meta.le:,}"
    return "a text or null" if field.optional else "a text"


def _names(row: type[msgspec.Struct]) -> str:
    return ", ".join(field.name for field in fields_of(row))


def _where(path: str, line: int) -> str:
    return f"{path} line {line}"
