"""Does every analysis of the catalog keep the house's rules: parameters, rows, order, cases, header, dialect?"""

import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import duckdb
import msgspec
import pytest

from errcli import catalog
from errcli.analysis import Field, Window, columns_of, fields_of, tables_of
from errcli.errors import UnknownTargetError
from errcli.store import beside
from errcli.store.connection import Store, StoreOptions, reading
from tests import cases, oracle
from tests.support import Event, event

EVENT_KEYS = (
    "id timestamp user_id session_id error_type error_code error_message user_message page action severity user_blocked"
    " workflow_failed data_loss recovery_attempted recovery_successful recovery_method pattern_hash resolved"
)
ROW_KEYS = {
    "user": EVENT_KEYS,
    "impact": EVENT_KEYS,
    "cascade": f"{EVENT_KEYS} step gap_seconds",
    "patterns": (
        "pattern pattern_hash error_type error_code page action errors users blocked first_seen last_seen"
        " sample_message"
    ),
    "rate": "user_id errors critical_errors blocking_errors days_with_errors daily_average",
    "struggling": "user_id errors blocked first_seen last_seen",
    "daily": "date user_id error_count unique_errors blocked_count recovery_rate",
}
"""What scripts rely on; an analysis may show more behind these."""

CLOCK_AND_WINDOW = {"now", "since", "until", "window_days", "baseline_since"}
"""What the runner binds beside an analysis's own parameters."""

DUCKDB_TYPES = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    datetime: "TIMESTAMP WITH TIME ZONE",
    date: "DATE",
}

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PATTERN = oracle.shape_hash(None, "timeout", "A", "m")
"""A pattern of `some_events`."""

every_analysis = pytest.mark.parametrize("name", catalog.names())


def named_parameters(sql: str) -> set[str]:
    (statement,) = duckdb.extract_statements(sql)
    return set(statement.named_parameters)


def is_constant(field: Field) -> bool:
    """Whether a parameter has one choice only, so that its SQL has nothing to tell apart."""
    return get_origin(field.type) is Literal and len(get_args(field.type)) == 1


def questions(name: str) -> list[dict[str, Any]]:
    """Return parameters that let much through: no start, least thresholds, both values of every switch."""
    asked: list[dict[str, Any]] = [{}]
    for field in fields_of(catalog.get(name).params):
        if field.name == "since":
            choices: list[Any] = [None]
        elif field.required:
            choices = [PATTERN if field.is_pattern else {"user_id": "u-1", "session_id": "s-1"}[field.name]]
        elif field.type is int:
            choices = [field.meta.ge or 0]
        elif field.type is bool:
            choices = [False, True]
        else:
            choices = [field.default]
        asked = [given | {field.name: choice} for given in asked for choice in choices]
    return asked


def some_events(seed: int) -> list[Event]:
    """Return events with many ties, nulls and equal counts."""
    chance = random.Random(seed)  # noqa: S311
    few: dict[str, list[Any]] = {
        "user": ["u-1", "u-1", "u-2", "u-3", "u-4"],
        "time": [(NOW - timedelta(hours=hours)).isoformat() for hours in (0, 0.5, 1, 24, 25, 200)],
        "session_id": ["s-1", "s-1", "s-2", None],
        "error_type": ["timeout", "react"],
        "error_code": ["A", "B", None],
        "error_message": ["m", "n", None],
        "page": ["/a", "/b", None],
        "action": ["go", None],
        "severity": ["high", "CRITICAL", "low", None],
        "user_blocked": [True, False, None],
        "recovery_attempted": [True, False, None],
        "recovery_successful": [True, False, None],
        "occurrences": [1, 1, 2],
    }
    return [
        event(id=f"{chance.getrandbits(128):032x}", **{name: chance.choice(values) for name, values in few.items()})
        for _ in range(60)
    ]


def code_of(sql: str) -> str:
    """Return SQL without comments and without what stands in quotes, white space squeezed."""
    return " ".join(re.sub(r"--[^\n]*|'[^']*'", lambda text: "''" if text[0][0] == "'" else "", sql).split())


@every_analysis
def test_the_sql_uses_exactly_the_parameters_that_are_declared(name: str) -> None:
    analysis = catalog.get(name)
    own = {field.name for field in fields_of(analysis.params) if not is_constant(field) and field.table is None}
    own -= {"since", "until"}
    used = named_parameters(catalog.sql_of(name))
    assert own <= used, "declared and not used"
    assert used <= own | CLOCK_AND_WINDOW, "used and not declared"
    if issubclass(analysis.params, Window):
        assert {"since", "until"} <= used, "a window that is not asked for"


@every_analysis
def test_the_sql_names_the_tables_of_files_and_says_what_they_hold(name: str) -> None:
    sql = catalog.sql_of(name)
    tables = tables_of(catalog.get(name).params)
    said = re.findall(r"^-- tables: (.*)$", sql, re.MULTILINE)
    assert len(said) == min(1, len(tables))
    for table in tables:
        columns = ", ".join(f"{field.name} {DUCKDB_TYPES[field.type]}" for field in fields_of(table.row))
        assert f"{table.name} ({columns})" in said[0]
        assert re.search(rf"\b{table.name}\b", code_of(sql))


@every_analysis
def test_the_columns_and_their_types_are_the_fields_of_the_row(name: str, tmp_path: Path) -> None:
    declared = [(field.name, DUCKDB_TYPES[field.type]) for field in fields_of(catalog.get(name).row)]
    with reading(cases.empty_store(tmp_path / "s.duckdb")) as store:
        assert columns_of_sql(store, name) == declared


def columns_of_sql(store: Store, name: str) -> list[tuple[str, str]]:
    sql = catalog.sql_of(name)
    bound: dict[str, Any] = {"now": NOW, "until": NOW, "since": NOW - timedelta(days=1), "window_days": 1.0}
    bound["baseline_since"] = NOW - timedelta(days=4)
    bound = questions(name)[0] | bound
    for table in tables_of(catalog.get(name).params):
        beside.put(store, table, [])
    answer = store.connection.sql(sql, params={used: bound[used] for used in named_parameters(sql)})
    return [(column, str(kind)) for column, kind in zip(answer.columns, answer.types, strict=True)]


@every_analysis
def test_the_row_begins_with_the_keys_of_the_contract(name: str) -> None:
    keys = [field.name for field in fields_of(catalog.get(name).row)]
    promised = ROW_KEYS.get(name, "").split()
    assert keys[: len(promised)] == promised


def test_no_analysis_of_the_contract_is_missing() -> None:
    assert set(ROW_KEYS) <= set(catalog.names())


@every_analysis
def test_it_runs_on_an_empty_store(name: str, tmp_path: Path) -> None:
    store = cases.empty_store(tmp_path / "s.duckdb")
    for given in questions(name):
        if PATTERN in given.values():
            with pytest.raises(UnknownTargetError):
                cases.ask(store, name, NOW, given)
            continue
        answer = cases.ask(store, name, NOW, given)
        assert (answer.rows, answer.total, answer.newest) == ([], 0, None)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """Open stores of the same events, loaded in different orders, one of them by and by."""
    folder = tmp_path_factory.mktemp("orders")
    events = some_events(seed=1)
    made = []
    for number in range(3):
        shuffled = random.Random(number).sample(events, len(events))  # noqa: S311
        options = StoreOptions(folder / f"{number}.duckdb", threads=1)
        for part in (shuffled[:number], shuffled[number:]):
            cases.load(options, part)
        cases.decide_all(options, [oracle.Decision(PATTERN, NOW - timedelta(hours=12), resolved=True)])
        made.append(options)
    with ExitStack() as stack:
        yield [stack.enter_context(reading(options)) for options in made]


@every_analysis
def test_its_order_is_total(name: str, stores: list[Store]) -> None:
    for given in questions(name):
        answers = [cases.ask(store, name, NOW, given).rows for store in stores]
        assert answers[0], given
        assert answers[1] == answers[0], given
        assert answers[2] == answers[0], given


@every_analysis
def test_no_two_rows_are_equal_in_what_they_are_ordered_by(name: str, stores: list[Store]) -> None:
    # what one may choose to sort by comes first, and what follows has to do without it
    order = re.sub(r"CASE .* END DESC,", "", code_of(catalog.sql_of(name)).rpartition("ORDER BY ")[2])
    keys = [key.split()[0] for key in order.split(",")]
    for given in questions(name):
        places = [tuple(row[key] for key in keys) for row in cases.rows_of(cases.ask(stores[0], name, NOW, given))]
        assert len(set(places)) == len(places), given


@every_analysis
def test_a_limit_shows_the_first_rows_and_tells_of_the_others(name: str, stores: list[Store]) -> None:
    for given in questions(name):
        everything = cases.ask(stores[0], name, NOW, given)
        first = cases.ask(stores[0], name, NOW, given, limit=1)
        assert (first.rows, first.total) == (everything.rows[:1], len(everything.rows))


@every_analysis
def test_a_row_holds_null_only_where_it_may(name: str, stores: list[Store]) -> None:
    row = catalog.get(name).row
    for given in questions(name):
        for values in cases.rows_of(cases.ask(stores[0], name, NOW, given)):
            assert msgspec.convert(values, row) is not None


@every_analysis
def test_it_has_cases_for_boundary_tie_null_and_empty(name: str) -> None:
    covered = {
        what for case, path in cases.found().items() if case.startswith(f"{name}/") for what in cases.read(path).covers
    }
    assert covered == set(get_args(cases.Covers))


@every_analysis
def test_a_graph_names_columns_and_its_nodes_are_hashes(name: str) -> None:
    analysis = catalog.get(name)
    if analysis.graph is not None:
        units = {column.name: column.unit for column in columns_of(analysis.row)}
        assert set(msgspec.structs.astuple(analysis.graph)) <= set(units)
        assert units[analysis.graph.source] == units[analysis.graph.target] == "hash"


@every_analysis
def test_the_file_opens_with_question_grain_parameters_and_order(name: str) -> None:
    sql = catalog.sql_of(name)
    question, grain, params, order = sql.splitlines()[:4]
    assert re.fullmatch(rf"-- {name}: \S.*[?.]", question)
    assert re.fullmatch(r"-- grain:  \S.*", grain)
    assert re.fullmatch(r"-- order:  \S.*", order)
    listed = params.removeprefix("-- params: ").split(", ")
    assert len(set(listed)) == len(listed)
    assert set(listed) == named_parameters(sql)


@every_analysis
def test_the_module_tells_what_it_is_about(name: str) -> None:
    analysis = catalog.get(name)
    assert analysis.name == name
    command, form = catalog.forms().get(name, (name, ""))
    assert analysis.example.startswith(f"errcli {command}")
    assert not form or f" --{form}" in analysis.example
    assert len(analysis.summary) <= 60
    for field in fields_of(analysis.row) + fields_of(analysis.params):
        assert field.meta.description, field.name
