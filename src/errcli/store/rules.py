"""Which rule of the settings holds for each arriving event: one that drops it, one that names its pattern?"""

from typing import Any

from errcli.config import Condition
from errcli.store.sql import quoted

_FIRST_RULE = (
    "CREATE OR REPLACE TEMP TABLE {table} AS SELECT seq, {rule} AS rule FROM {events} AS events WHERE rule IS NOT NULL"
)
# How a condition is told to the engine; {field} is a quoted column as text, {value} a parameter.
_OPERATORS = {
    "=": "{field} = {value}",
    "!=": "{field} IS DISTINCT FROM {value}",
    "in": "list_contains({value}, {field})",
    "contains": "contains({field}, {value})",
    "starts with": "starts_with({field}, {value})",
    "ends with": "ends_with({field}, {value})",
    "matches": "regexp_matches({field}, {value})",
    "is missing": "{field} IS NULL",
}


def statement_of(rules: dict[str, list[Condition]], table: str, events: str) -> tuple[str, dict[str, Any]]:
    """Return what makes a table (seq, rule) of the events of a table for which a rule holds, of each the first one."""
    params: dict[str, Any] = {}
    cases = []
    for number, (name, conditions) in enumerate(rules.items()):
        params[f"rule_{number}"] = name
        tests = [_test(condition, f"value_{number}_{place}", params) for place, condition in enumerate(conditions)]
        cases.append(f"WHEN {' AND '.join(tests)} THEN $rule_{number}")
    rule = f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"
    return _FIRST_RULE.format(rule=rule, table=table, events=events), params


def _test(condition: Condition, name: str, params: dict[str, Any]) -> str:
    template = _OPERATORS[condition.operator]
    if "{value}" in template:
        params[name] = _as_text(condition.value)
    return template.format(field=f"CAST({quoted(condition.field)} AS VARCHAR)", value=f"${name}")


def _as_text(value: str | bool | int | list[str]) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value
