"""Are files of rows that stand beside the log read as they are meant, and refused in one line where they are wrong?"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from errcli import tables
from errcli.errors import UsageError


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the tests."""

    date: date
    page: str | None
    action: str | None = None
    users: Annotated[int, msgspec.Meta(ge=0, le=1000)]


def read(path: Path, content: str | bytes) -> list[Seen]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tables.read(str(path), Seen, "--seen")


def seen(page: str | None = "/a", action: str | None = "go", users: int = 3) -> Seen:
    return Seen(date=date(2026, 3, 1), page=page, action=action, users=users)


ONE_ROW = {
    "csv": "date,page,action,users\n2026-03-01,/a,go,3\n",
    "csv in another order": "users,action,page,date\n3,go,/a,2026-03-01\n",
    "csv with columns that nobody asked for": "date,page,action,users,note\n2026-03-01,/a,go,3,x\n",
    "csv with blanks around the names": "date, page, action, users\n2026-03-01,/a,go,3\n",
    "csv with quotes": 'date,page,action,users\n"2026-03-01","/a","go","3"\n',
    "csv with blank lines": "\ndate,page,action,users\n\n2026-03-01,/a,go,3\n\n",
    "csv without a last line end": "date,page,action,users\n2026-03-01,/a,go,3",
    "csv with line ends of Windows": "date,page,action,users\r\n2026-03-01,/a,go,3\r\n",
    "csv with line ends of an old Mac": "date,page,action,users\r2026-03-01,/a,go,3\r",
    "csv with a mark of UTF-8": "\ufeffdate,page,action,users\n2026-03-01,/a,go,3\n",
    "json": '{"date": "2026-03-01", "page": "/a", "action": "go", "users": 3}\n',
    "json with keys that nobody asked for": (
        '{"date": "2026-03-01", "page": "/a", "action": "go", "users": 3, "note": [1, {}]}'
    ),
    "json with blank lines": '\n\n{"date": "2026-03-01", "page": "/a", "action": "go", "users": 3}\r\n\n',
    "json with a mark of UTF-8": '\ufeff{"date": "2026-03-01", "page": "/a", "action": "go", "users": 3}',
}


@pytest.mark.parametrize("case", ONE_ROW)
def test_a_row_is_read_from(case: str, tmp_path: Path) -> None:
    assert read(tmp_path / "any.name", ONE_ROW[case]) == [seen()]


def test_a_text_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", 'date,page,users\n2026-03-01,"/a,""b""\n日",3\n')
    assert found == [seen(page='/a,"b"\n日', action=None)]


def test_what_may_be_missing_may_be_null_or_left_out(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", "date,page,users\n2026-03-01,/a,3\n") == [seen(action=None)]
    lines = (
        '{"date": "2026-03-01", "page": null, "action": null, "users": 3}',
        GOOD.replace("/a", "").replace("3}", "0}"),
    )
    assert read(tmp_path / "a.jsonl", "\n".join(lines)) == [seen(None, None), seen("", None, 0)]


def test_a_name_is_taken_literally(tmp_path: Path) -> None:
    for name in ("*.csv", "a[1].csv", "ü 'x'.csv", "-"):
        assert read(tmp_path / name, ONE_ROW["csv"]) == [seen()]


HEAD = "date,page,action,users\n"
GOOD = '{"date": "2026-03-01", "page": "/a", "users": 3}\n'
WRONG: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "an empty file, FILE"),
    "blanks": (" \n\n", "an empty file, FILE"),
    "a mark of UTF-8 alone": ("\ufeff", "an empty file, FILE"),
    "a header alone": (HEAD, "a header and no rows, FILE"),
    "no column of dates and users": ("day,page\n2026-03-01,/a\n", "no column date, users, FILE line 1"),
    "a header with semicolons": ("date;page;users\n2026-03-01;/a;1\n", "no column date, page, users, FILE line 1"),
    "rows without a header": ("2026-03-01,/a,go,3\n", "no column date, page, users, FILE line 1"),
    "a list of JSON": (f"[{GOOD}]", "no column date, page, users, FILE line 1"),
    "a column twice": ("date,page,users,users\n2026-03-01,/a,1,2\n", "two columns users, FILE line 1"),
    "a value too few": (f"{HEAD}2026-03-01,/a,3\n", "3 values for 4 columns, FILE line 2"),
    "a value too many": (f"{HEAD}2026-03-01,/a,go,3\n2026-03-01,/a,go,3,4\n", "5 values for 4 columns, FILE line 3"),
    "a quote that does not end": (f'{HEAD}2026-03-01,"/a,go,3\n', "not CSV: unexpected end of data, FILE line 2"),
    "a time for a date": (f"{HEAD}2026-03-01T12:00,/a,go,3\n", "date is '2026-03-01T12:00', FILE line 2"),
    "no date": (f"{HEAD},/a,go,3\n", "date is '', FILE line 2"),
    "a day that is not in the calendar": (f"{HEAD}2026-02-30,/a,go,3\n", "date is '2026-02-30', FILE line 2"),
    "a date of another order": (f"{HEAD}01.03.2026,/a,go,3\n", "date is '01.03.2026', FILE line 2"),
    "no number": (f"{HEAD}2026-03-01,/a,go,\n", "users is '', FILE line 2"),
    "a word for a number": (f"{HEAD}2026-03-01,/a,go,many\n", "users is 'many', FILE line 2"),
    "half a user": (f"{HEAD}2026-03-01,/a,go,2.5\n", "users is '2.5', FILE line 2"),
    "less than none": (f"{HEAD}2026-03-01,/a,go,-1\n", "users is '-1', FILE line 2"),
    "more than there are": (f"{HEAD}2026-03-01,/a,go,{10**30}\n", f"users is '{10**30}', FILE line 2"),
    "a value without end": (f"{HEAD}{'x' * 999},/a,go,1\n", f"date is '{'x' * 39}…, FILE line 2"),
    "a line that is no JSON": (f"{GOOD}\n{{'date'}}\n", "not JSON, FILE line 3"),
    "a line that is no object": (f"{GOOD}[1]\n", "not an object, FILE line 2"),
    "half of a surrogate": (f'{GOOD}{{"page": "\\ud800"}}\n', "not JSON, FILE line 2"),
    "an object without a date": ('{"page": "/a", "users": 3}\n', "date is missing, FILE line 1"),
    "an object without users": (f'{GOOD}{{"date": "2026-03-01", "page": "/a"}}', "users is missing, FILE line 2"),
    "a text for a number": ('{"date": "2026-03-01", "page": "/a", "users": "3"}', "users is '3', FILE line 1"),
    "a number for a text": ('{"date": "2026-03-01", "page": 7, "users": 3}', "page is 7, FILE line 1"),
    "null for a number": ('{"date": "2026-03-01", "page": "/a", "users": null}', "users is None, FILE line 1"),
    "Latin-1": (f"{HEAD}2026-03-01,/a,go,3\n2026-03-01,/ü,go,3\n".encode("latin-1"), "not UTF-8, FILE line 3"),
    "UTF-16": (HEAD.encode("utf-16"), "not UTF-8, FILE line 1"),
    "gzip": (b"\x1f\x8b\x08\x00", "not UTF-8, FILE line 1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_what_to_do(case: str, tmp_path: Path) -> None:
    content, told = WRONG[case]
    with pytest.raises(UsageError) as raised:
        read(tmp_path / "a.csv", content)
    where = raised.value.where.replace(str(tmp_path / "a.csv"), "FILE")
    assert f"{raised.value.what}, {where}" == told
    assert re.fullmatch(r"\S[^\n]*", raised.value.what_next)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path, what in (
        (str(tmp_path / "none.csv"), "no such file or directory"),
        (str(tmp_path), "is a directory"),
        ("", "is a directory"),
        ("a\0b", "embedded null byte"),
    ):
        with pytest.raises(UsageError) as raised:
            tables.read(path, Seen, "--seen")
        assert (raised.value.what, raised.value.where) == (what, path or "''")
        assert "--seen" in raised.value.what_next
