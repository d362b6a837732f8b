"""Does each analysis keep the promises of its case files: events in, rows out?"""

from pathlib import Path

import pytest

from errcli import catalog
from errcli.store.connection import StoreOptions
from tests import cases

_CASES = cases.found()


@pytest.mark.parametrize("name", _CASES)
def test_case(name: str, tmp_path: Path) -> None:
    analysis = name.partition("/")[0]
    case = cases.read(_CASES[name])
    result = cases.answer(case, analysis, StoreOptions(tmp_path / "case.duckdb", threads=1))
    columns = {column: None for row in case.rows for column in row}
    assert cases.shown(result, columns) == case.rows
    assert len(result.rows) == len(case.rows)
    if case.total is not None:
        assert result.total == case.total


def test_every_folder_of_cases_is_an_analysis() -> None:
    assert {name.partition("/")[0] for name in _CASES} <= set(catalog.names())


def test_an_empty_answer_is_expected_only_where_a_case_says_so() -> None:
    for name, path in _CASES.items():
        case = cases.read(path)
        assert bool(case.rows) != ("empty" in case.covers), name
