"""Is the SQL of every analysis in the dialect that gives equal rows on DuckDB and on Spark SQL?"""

import re
from pathlib import Path

import pytest

from errcli import catalog
from errcli.analysis import fields_of
from errcli.store.connection import reading
from tests import cases
from tests.test_contract_of_analyses import code_of, every_analysis

UNPORTABLE = {
    "QUALIFY": r"\bQUALIFY\b",
    "GROUP BY ALL": r"\b(GROUP|ORDER) BY ALL\b",
    "lists": r"[\[\]{}]|\b(?!array_contains\b)(list|array|struct|map|unnest|flatten|string_agg)\w*\s*\(",
    "lambdas": r"->|=>|:=|\blambda\b",
    "regexes": r"\bregexp|\bSIMILAR TO\b|\bGLOB\b|~",
    "epochs": r"\b(epoch\w*|date_?diff|age)\s*\(",
    "quantiles": r"\b(median|quantile\w*|approx_\w+|arg_min|arg_max)\s*\(",
    "decimals": r"\b(DECIMAL|NUMERIC)\b|\d\.\d",
    "casts": r"::",
    "the clock": r"\b(now|today)\s*\(|\b(current_(date|time\w*)|local(time\w*))\b",
    "stars": r"\bSELECT \*|\.\*|\b(EXCLUDE|REPLACE)\b",
    "distinct users": r"\bcount\(DISTINCT (\w+\.)?user_id\)",
    "concat": r"\bconcat(_ws)?\s*\(",
    "types": r"\b(VARCHAR|CHAR|U?HUGEINT|U?TINYINT|U(BIG|SMALL)INT|UINTEGER|TIMESTAMPTZ|UUID|JSON)\b",
    "functions of one engine": (
        r"\b(starts_?with|ends_?with|prefix|suffix|sha\d+|\w*hash(64)?|format|printf|log|div|datediff|dayofweek|weekday"
        r"|make_timestamp|timestamp_micros|utc_date|typeof|format_\w+|str[fp]time)\s*\("
    ),
    "functions that differ": (
        r"\b(any_value|first|last|mode|percentile_disc|sign|upper|[lr]trim)\s*\(|\bextract\(second\b"
    ),
    "operators of one engine": r"//|\*\*|\bDIV\b",
    "names": r"\b(FROM|JOIN) \w+ AS (cluster|filter|minus|partition|sample|start|time|user)\b",
    "quotes": r"[\"`]|'{4}",
    "recursion": r"\bWITH RECURSIVE\b",
    "USING": r"\bUSING \(",
    "FILTER of a window": r"\bFILTER \((?:[^()]|\([^()]*\))*\) OVER\b",
    "outer joins over nulls": (
        r"\b(LEFT|RIGHT|FULL) (OUTER )?JOIN ((?!\b(JOIN|WHERE|GROUP|ORDER)\b).)*\bIS NOT DISTINCT FROM\b"
    ),
    "trailing commas": r", ?(\)|FROM\b)",
}
"""What equal rows on DuckDB, Sail and Spark leave no room for, and what the house forbids."""

KEYWORDS = "select|from|where|group|order|by|join|left|on|and|or|not|case|when|as|having|union|with|over|cast|filter|is"


def order_keys(code: str) -> list[str]:
    """Return the keys of every ORDER BY, of windows too."""
    keys = []
    for start in re.finditer(r"\bORDER BY ", code, re.IGNORECASE):
        depth, key = 0, ""
        for letter in f"{code[start.end() :]})":
            depth += (letter == "(") - (letter == ")")
            if depth < 0 or (letter == "," and depth == 0):
                keys.append(key.strip())
                key = ""
                if depth < 0:
                    break
            else:
                key += letter
    return keys


def unportable(sql: str, nullable: set[str]) -> list[str]:
    """Return what in a text is not in the portable dialect."""
    code = code_of(sql)
    found = [name for name, pattern in UNPORTABLE.items() if re.search(pattern, code, re.IGNORECASE)]
    for key in order_keys(code):
        column = re.fullmatch(r"(?:\w+\.)?(\w+)(?: (?:ASC|DESC))?", key, re.IGNORECASE)
        if column and column[1] in nullable:
            found.append(f"ORDER BY {key} without NULLS")
    found += [
        f"{function} over {column}"
        for function, column in re.findall(r"\b(min_by|max_by)\((?:\w+\.)?(\w+),", code)
        if column in nullable
    ]
    operand = r"(\w+\([^()]*\)|[\w.]+|'')"
    for left, right in re.findall(rf"{operand} ?\|\| ?(?={operand})", code):
        found += [
            f"|| over {part}"
            for part in (left, right)
            if part.rpartition(".")[2] in nullable or ("(" in part and not part.startswith("coalesce("))
        ]
    return found


def nullable_columns(name: str, folder: Path) -> set[str]:
    """Return the columns that may be null: of the events, and of the analysis's own rows."""
    with reading(cases.empty_store(folder / "s.duckdb")) as store:
        described = store.run(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = 'user_errors' AND is_nullable"
        )
    return {column for (column,) in described} | {
        field.name for field in fields_of(catalog.get(name).row) if field.optional
    }


@every_analysis
def test_the_sql_is_in_the_portable_dialect(name: str, tmp_path: Path) -> None:
    assert unportable(catalog.sql_of(name), nullable_columns(name, tmp_path)) == []


@every_analysis
def test_keywords_are_upper_case(name: str) -> None:
    assert re.findall(rf"(?<!\$)\b(?:{KEYWORDS})\b", code_of(catalog.sql_of(name))) == []


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT a FROM t QUALIFY row_number() OVER (ORDER BY id) = 1", ["QUALIFY"]),
        ("SELECT a, count(*) FROM t GROUP BY ALL", ["GROUP BY ALL"]),
        ("SELECT list_sort(a) FROM t", ["lists"]),
        ("SELECT a[1] FROM t", ["lists"]),
        ("SELECT regexp_matches(a, 'x') FROM t", ["regexes"]),
        ("SELECT date_diff('second', a, b), epoch_ms(a) FROM t", ["epochs"]),
        ("SELECT median(a) FROM t", ["quantiles"]),
        ("SELECT a / 1000.0, a::DOUBLE FROM t", ["decimals", "casts"]),
        ("SELECT a FROM t WHERE timestamp > now()", ["the clock"]),
        ("SELECT * EXCLUDE (a) FROM t", ["stars"]),
        ("SELECT count(DISTINCT user_id) FROM t", ["distinct users"]),
        ("SELECT page || ':' || coalesce(action, '-') FROM t", ["|| over page"]),
        ("SELECT lower(page) || '-' || id FROM t", ["|| over lower(page)"]),
        ("SELECT a FROM t ORDER BY id, page DESC", ["ORDER BY page DESC without NULLS"]),
        ("SELECT lag(a) OVER (PARTITION BY b ORDER BY max(a, b), t.page), c FROM t", ["ORDER BY t.page without NULLS"]),
        ("SELECT min_by(page, id), max_by(coalesce(page, ''), id) FROM t", ["min_by over page"]),
        ("SELECT CAST(a AS VARCHAR) FROM t", ["types"]),
        ("SELECT sha256(a), starts_with(a, 'x') FROM t", ["functions of one engine"]),
        ("SELECT any_value(a) FROM t", ["functions that differ"]),
        ("SELECT a // 2 FROM t", ["operators of one engine"]),
        ("SELECT sample.a FROM t AS sample", ["names"]),
        ("SELECT a AS \"b\" FROM t WHERE c = 'it''s'", ["quotes"]),
        ("WITH RECURSIVE t AS (SELECT 1 AS a) SELECT a FROM t", ["recursion"]),
        ("SELECT t.a FROM t JOIN u USING (a)", ["USING"]),
        ("SELECT sum(a) FILTER (WHERE lower(b) = 'c') OVER (ORDER BY id) FROM t", ["FILTER of a window"]),
        (
            "SELECT t.a FROM t LEFT JOIN u ON u.a = t.a AND u.b IS NOT DISTINCT FROM t.b WHERE t.a > 1",
            ["outer joins over nulls"],
        ),
        ("SELECT t.a FROM u JOIN t ON u.b IS NOT DISTINCT FROM t.b LEFT JOIN v ON v.a = t.a", []),
        ("SELECT a, FROM t", ["trailing commas"]),
        ("SELECT a FROM t -- QUALIFY\nWHERE a = 'now()' ORDER BY page NULLS LAST, id", []),
    ],
)
def test_what_is_not_portable_is_found(sql: str, found: list[str]) -> None:
    assert unportable(sql, {"page", "action"}) == found
