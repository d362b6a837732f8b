"""Does every analysis's SQL, with `:name` for `$name`, find on a Spark SQL engine the rows that it finds on DuckDB?"""

import random
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
import pytest
from pyarrow import parquet

from errcli import catalog, runner
from errcli.analysis import Field, fields_of, tables_of
from errcli.store import beside, query
from errcli.store.burst import Fold, Keeping
from errcli.store.connection import Store, StoreOptions, reading, writing
from errcli.store.patterns import know_patterns
from errcli.store.prune import prune
from errcli.store.resolve import DecisionName, decide, find_target
from tests import cases, test_journeys
from tests.support import SAMPLE, Event
from tests.test_contract_of_analyses import NOW, code_of, questions, some_events

HOW = "needs a Spark SQL engine: pip install 'errcli[spark-test]', or make test-spark"
sail = pytest.importorskip("pysail.spark", reason=HOW)
sql = pytest.importorskip("pyspark.sql", reason=HOW)


class Log(NamedTuple):
    """Events, loaded in parts with a rollup after the first; when questions about them are asked, and how many."""

    parts: list[list[Event]]
    now: datetime
    rounds: int = 1


def journeys(seed: int) -> list[Event]:
    """Return events of few sessions, with pauses around those that divide episodes."""
    chance = random.Random(seed)  # noqa: S311
    few: dict[str, list[Any]] = {
        "user_id": ["u-1", "u-2", "u-3", "ünal@example.org"],
        "session_id": ["s-1", "s-1", "s-2", None],
        "timestamp": [moment.isoformat() for moment in test_journeys.MOMENTS],
        "error_type": ["workflow"],
        "page": ["/a", "/a", "/b", "", None],
        "action": ["go", None],
        "severity": ["low", "HIGH", "critical", None],
        "user_blocked": [True, False, False, None],
        "workflow_failed": [True, False, None],
        "data_loss": [None, None, True, False],
        "recovery_attempted": [True, None],
        "recovery_method": ["retry", "reload", "", None],
        "recovery_user_action": ["waited", None],
        "user_message": ["Please call us.", "Not saved.", "Something went wrong", "", None],
        "recovery_successful": [None, None, True, False],
        "occurrences": [1, 1, 3],
        "previous_errors": [["A"], ["B", "C"], ["D"], [], None],
    }
    return [
        {name: chance.choice(values) for name, values in few.items()}
        | {"id": f"{chance.getrandbits(128):032x}", "error_code": code, "error_message": message}
        for code, message in chance.choices(test_journeys.MESSAGES, k=160)
    ]


def repeated(events: list[Event]) -> list[Event]:
    """Return events and each of them again a little later, to be folded into it."""
    later = [
        each
        | {
            "id": f"{int(each['id'], 16) ^ 1:032x}",
            "timestamp": (datetime.fromisoformat(each["timestamp"]) + timedelta(seconds=20)).isoformat(),
        }
        for each in events
    ]
    return events + later


def of_the_sample() -> list[Event]:
    """Return the events of sample_data."""
    return [msgspec.json.decode(line) for line in SAMPLE.read_bytes().splitlines()]


LOGS = {
    "ties": Log([some_events(seed=1) + some_events(seed=2), repeated(some_events(seed=3))], NOW),
    "journeys": Log([journeys(seed=1), repeated(journeys(seed=2))], test_journeys.NOW),
    "sample": Log([of_the_sample()], datetime(2026, 11, 20, 18, tzinfo=UTC), rounds=3),
}


def loaded(log: Log, options: StoreOptions) -> StoreOptions:
    """Load a log: similar events folded, the last part not rolled up, what is older than eight days pruned."""
    first, *others = log.parts
    cases.load(options, first)
    cases.bring_up_to_date(options)
    with writing(options) as store, store.transaction():
        if others:
            prune(store, log.now - timedelta(days=8), log.now)
        decide_some(store, log.now)
    for part in others:
        cases.load(options, part, Keeping(fold=Fold(keep=1, per=3_600_000_000)))
    return options


def decide_some(store: Store, now: datetime) -> None:
    """Resolve, ignore and reopen patterns, places and events; what was resolved a while ago may be back."""
    patterns = [name for (name,) in store.run("SELECT DISTINCT pattern_hash FROM shape_patterns ORDER BY pattern_hash")]
    places = [name for (name,) in store.run("SELECT DISTINCT place_hash FROM user_errors ORDER BY place_hash")]
    events = [str(name) for (name,) in store.run("SELECT id FROM user_errors ORDER BY id")]
    for number, name in enumerate([*patterns, *places[:12], *events[:12]]):
        decision: DecisionName = ("resolved", "ignored", "reopened")[number % 3]
        at = now - timedelta(hours=12) * (number % 4)
        decide(store, find_target(store, name), decision, at, ignored_users=100 if number % 2 else None)


# --- two engines ---


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start an engine in this process, and a session on it."""
    if not hasattr(main := sys.modules["__main__"], "__file__"):
        main.__file__ = __file__  # or the client takes a worker of pytest-xdist for a run of its own doctests
    server = sail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    session = sql.SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield session
    session.stop()
    server.stop()


class Engines(NamedTuple):
    """The same relations on two engines, when questions about them are asked, and how many mixtures of choices."""

    store: Store
    spark: Any
    now: datetime
    rounds: int


@pytest.fixture(scope="module", params=["ties", "journeys", pytest.param("sample", marks=pytest.mark.slow)])
def engines(request: pytest.FixtureRequest, spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Load a log, and show Spark what it became as files of Parquet."""
    folder = tmp_path_factory.mktemp("lake")
    log = LOGS[request.param]
    with reading(loaded(log, StoreOptions(folder / "s.duckdb"))) as store:
        know_patterns(store)
        put_exposures(store)
        for relation in relations(store):
            file = folder / f"{relation}.parquet"
            parquet.write_table(store.connection.sql(f"FROM {relation}").to_arrow_table(), file)
            spark.read.parquet(str(file)).createOrReplaceTempView(relation)
        yield Engines(store, spark, log.now, log.rounds)


def put_exposures(store: Store) -> None:
    """Say how many users came to the places of the events, each with more or fewer than ran into an error there."""
    (table,) = tables_of(catalog.get("features").params)
    found = store.run(
        "SELECT CAST(timestamp AS DATE), page, action, count(DISTINCT user_id) FROM user_errors GROUP BY ALL"
        " ORDER BY ALL"
    )
    rows = [
        table.row(date=date, page=page, action=action, users=users * (number % 5))
        for number, (date, page, action, users) in enumerate(found)
    ]
    beside.put(store, table, rows)


def relations(store: Store) -> set[str]:
    """Return the tables and views of the store that an analysis reads."""
    known = {name for (name,) in store.run("SELECT table_name FROM information_schema.tables")}
    return known & {
        name for each in catalog.names() for name in re.findall(r"\b(?:FROM|JOIN) (\w+)", code_of(catalog.sql_of(each)))
    }


# --- questions ---


def choices_of(field: Field, known: dict[str, str]) -> list[Any]:
    """Return values of a parameter, of those with few choices all of them, of others one that occurs."""
    if field.name == "since":
        return [None, "3h", "3d"]
    if get_origin(field.type) is Literal:
        return [*get_args(field.type), *([None] if field.optional else [])]
    if field.type is bool:
        return [False, True]
    if field.type in (int, float):
        return [field.meta.ge or 0, field.default, 2]
    return [field.default, "1m"] if field.is_duration else [field.default, known.get(field.name, field.default)]


def ways_to_ask(name: str, engines: Engines) -> list[dict[str, Any]]:
    """Return parameters that let much through, and mixtures in which each choice of each parameter occurs."""
    known, wide = what_occurs(engines.store), questions(name)[0]
    wide |= {key: word for key, word in known.items() if key in wide}
    fields = [field for field in fields_of(catalog.get(name).params) if not field.required and field.name != "until"]
    asked = [wide]
    for turn in range(engines.rounds):
        chance = random.Random(f"{name} {turn}")  # noqa: S311
        choices = {field.name: chance.sample(some := choices_of(field, known), len(some)) for field in fields}
        asked += [
            wide | {key: some[number % len(some)] for key, some in choices.items()}
            for number in range(max(map(len, choices.values())))
        ]
    return asked


def what_occurs(store: Store) -> dict[str, str]:
    """Return values that parameters of these names may have: those of the most events, and a pattern once resolved."""
    relation = store.connection.sql(
        "SELECT user_id, user_id AS user, session_id, error_type AS type, page FROM user_errors"
        " WHERE session_id IS NOT NULL AND page <> ''"
        " GROUP BY ALL ORDER BY count(*) DESC, user_id, session_id, type, page LIMIT 1"
    )
    pattern = store.scalar(
        "SELECT shape_patterns.pattern_hash FROM resolutions JOIN shape_patterns USING (shape_id)"
        " WHERE decision = 'resolved' ORDER BY shape_patterns.errors DESC, shape_patterns.pattern_hash LIMIT 1"
    )
    known = dict(zip(relation.columns, relation.fetchall()[0], strict=True))
    return known | {"pattern": pattern, "explain": pattern}


# --- answers ---


def on_duckdb(engines: Engines, name: str, bindings: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of an analysis's SQL as the product gets them."""
    return query.run(engines.store, catalog.sql_of(name), bindings, 0)[0]


def on_spark(engines: Engines, name: str, bindings: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of the same text, but for the sign of parameters."""
    text = catalog.sql_of(name)
    named = {key: bindings[key] for key in query.named_parameters(text)}
    answer = engines.spark.sql(re.sub(r"\$(?=[a-z_])", ":", text), args=named).toArrow()
    return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))


def typed(row: tuple[Any, ...]) -> list[tuple[type, Any]]:
    """Return values with their types: to Python, 1 and True and 1.0 are equal."""
    return [(type(value), value) for value in row]


def all_but(row: tuple[Any, ...]) -> list[tuple[type, Any]]:
    """Return values with their types that equal others whose floating-point numbers are all but the same."""
    return [(kind, pytest.approx(value, rel=1e-9, abs=1e-9) if kind is float else value) for kind, value in typed(row)]


@pytest.mark.parametrize("name", catalog.names())
def test_an_analysis_finds_the_same_rows_on_both_engines(name: str, engines: Engines) -> None:
    compared = 0
    for given in ways_to_ask(name, engines):
        bindings = runner.bindings_of(msgspec.convert(given, catalog.get(name).params), engines.now)
        expected = on_duckdb(engines, name, bindings)
        found = on_spark(engines, name, bindings)
        assert [typed(row) for row in found] == [all_but(row) for row in expected], given
        compared += len(expected)
    assert compared, "no row was found"
