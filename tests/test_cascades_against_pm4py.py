"""Are the counts of `cascades` those of the graph of direct succession that a process miner finds?"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errcli.store.connection import StoreOptions
from tests import cases, oracle
from tests.support import Event, event

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
MESSAGES = ["Payment declined by the bank", "Could not save your draft", "Upload stopped half way", "Session expired"]


def some_sessions(seed: int) -> list[Event]:
    """Return sessions of up to eight errors of four patterns, no two at the same time."""
    chance = random.Random(seed)  # noqa: S311
    times = sorted(chance.sample(range(1, 86_400), 600), reverse=True)
    return [
        event(
            f"u-{(number := chance.randrange(150)) % 20}",
            (NOW - timedelta(seconds=seconds)).isoformat(),
            id=f"{seconds:032x}",
            session_id=f"s-{number}",
            error_code=str(kind := chance.choice([0, 0, 1, 2, 3])),
            error_message=MESSAGES[kind],
        )
        for seconds in times
    ]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.filterwarnings("ignore")  # the library's own
def test_counts_are_those_of_the_directly_follows_graph(seed: int, tmp_path: Path) -> None:
    pm4py, pandas = pytest.importorskip("pm4py"), pytest.importorskip("pandas")
    log = some_sessions(seed)
    store = StoreOptions(tmp_path / "s.duckdb", threads=1)
    cases.load(store, log)
    rows = cases.rows_of(cases.ask(store, "cascades", NOW, {"since": "2d", "min_sessions": 1}))
    table = pandas.DataFrame(
        {
            "case:concept:name": each["session_id"],
            "concept:name": each["pattern_hash"],
            "time:timestamp": pandas.Timestamp(each["timestamp"]),
        }
        for each in oracle.stored(log)
    )
    graph, openings, _ = pm4py.discover_dfg(table)
    found = {(row["pattern_hash"], row["leads_to_hash"]): row["times"] for row in rows}
    assert found == {pair: times for pair, times in graph.items() if pair[0] != pair[1]}
    opened = {row["pattern_hash"]: row["root_share"] for row in rows}
    sessions = table.groupby("concept:name")["case:concept:name"].nunique()
    assert opened == pytest.approx({name: openings.get(name, 0) * 100 / sessions[name] for name in opened}, abs=1e-9)
