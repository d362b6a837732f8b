"""What is noted of each load, and what stays of that when events are pruned?"""

from pathlib import Path
from typing import Any

import duckdb

from tests.support import Cli


def rows(cli: Cli, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in cli("query", query, "-f", "json").rows]


def test_what_was_noted_of_old_loads_becomes_a_row_a_file_and_day(cli: Cli) -> None:
    lines = [f'{{"user_id": "u", "timestamp": "2026-03-01T12:0{n}:00Z", "error_type": "x"}}\n' for n in range(5)]
    cancelled = '{"user_id": "u", "timestamp": "2026-03-01T12:00:00Z", "error_code": "CANCELLED"}\n'
    for line in lines[:3]:
        with Path("a.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + cancelled)
        cli("ingest", "a.jsonl")
    Path("b.jsonl").write_text("".join(lines[3:]))
    cli("ingest", "b.jsonl")
    with duckdb.connect("errcli.duckdb") as connection:  # the first load was a day before the others
        (first,) = connection.execute("SELECT min(ingested_at) FROM ingested_files").fetchone() or ()
        for name in ("ingested_files", "dropped_counts"):
            connection.execute(
                f"UPDATE {name} SET ingested_at = '2026-03-05 23:59:59Z' WHERE ingested_at <= $1", [first]
            )
            connection.execute(
                f"UPDATE {name} SET ingested_at = '2026-03-06 12:00:00Z' WHERE ingested_at > $1", [first]
            )
    assert cli("prune", "--keep", "1d", "--now", "2026-03-07T12:00:00Z").code == 0
    ledger = "SELECT file, ingested_at, lines, stored, dropped FROM ingested_files ORDER BY file, ingested_at"
    assert rows(cli, ledger) == [
        ("a.jsonl", "2026-03-05T23:59:59Z", 2, 1, 1),
        ("a.jsonl", "2026-03-06T12:00:00Z", 4, 2, 2),
        ("b.jsonl", "2026-03-06T12:00:00Z", 2, 2, 0),
    ]
    drops = "SELECT rule, ingested_at, count FROM dropped_counts ORDER BY ingested_at"
    assert rows(cli, drops) == [
        ("cancelled", "2026-03-05T23:59:59Z", 1),
        ("cancelled", "2026-03-06T12:00:00Z", 2),
    ]
    assert cli("db", "doctor").code == 0
