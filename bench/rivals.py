"""What would somebody write instead of errcli? Scripts of about ten lines that import duckdb and no other package."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from errcli import catalog, runner
from errcli.analysis import Analysis, tables_of
from errcli.store import beside

IMPORTS = "import typer, rich.table"
"""What errcli's start-up is held against: its command-line and table packages, and nothing done with them."""

_QUESTION = '''\
"""{summary}."""
import datetime
import sys

import duckdb

store = duckdb.connect(sys.argv[1], read_only=True)
store.execute("SET TimeZone = 'UTC'")
with open(sys.argv[2], encoding="utf-8") as file:
    sql = file.read(){limit}
for table in {tables}:
    store.execute(table)
for row in store.execute(sql, {bindings}).fetchall():
    print(*row, sep="\\t")
'''

PLAIN_COUNT = """\
import sys

import duckdb

store = duckdb.connect(sys.argv[1], read_only=True)
counted = store.execute("SELECT user_id, session_id, count(*) FROM user_errors GROUP BY user_id, session_id")
print(*counted.fetchall()[:20])
"""
"""How often did each user and session run into errors?"""

_LOAD = '''\
"""Load a log of nested events into a new table."""
import sys

import duckdb

store = duckdb.connect(sys.argv[1])
store.execute("SET TimeZone = 'UTC'")
store.execute("""
    CREATE TABLE user_errors AS
    SELECT
        id, CAST(NULL AS VARCHAR) AS source_id, userId AS user_id, sessionId AS session_id, timestamp,
        error.type AS error_type, error.code AS error_code, error.message AS error_message,
        error.userMessage AS user_message, error.technical AS technical,
        context.page AS page, context.action AS action,
        impact.severity AS severity, impact.userBlocked AS user_blocked,
        impact.workflowFailed AS workflow_failed, impact.dataLoss AS data_loss,
        context.workflowId AS workflow_id, context.agentId AS agent_id,
        context.inputData AS input_data, context.previousErrors AS previous_errors,
        recovery.attempted AS recovery_attempted, recovery.successful AS recovery_successful,
        recovery.method AS recovery_method, recovery.userAction AS recovery_user_action,
        release, CAST(NULL AS VARCHAR) AS fingerprint,
        sha256(CAST(json_array(error.type, context.page, context.action) AS VARCHAR)) AS pattern_hash,
        1 AS occurrences, now() AS created_at
    FROM read_json('{log}', format = 'newline_delimited', columns = {{
        id: 'UUID', userId: 'VARCHAR', sessionId: 'VARCHAR', timestamp: 'TIMESTAMPTZ', release: 'VARCHAR',
        error: 'STRUCT(type VARCHAR, code VARCHAR, message VARCHAR, userMessage VARCHAR, technical VARCHAR)',
        context: 'STRUCT(page VARCHAR, action VARCHAR, workflowId VARCHAR, agentId VARCHAR, inputData JSON,
            previousErrors VARCHAR[])',
        impact: 'STRUCT(severity VARCHAR, userBlocked BOOLEAN, workflowFailed BOOLEAN, dataLoss BOOLEAN)',
        recovery: 'STRUCT(attempted BOOLEAN, successful BOOLEAN, method VARCHAR, userAction VARCHAR)'
    }})
""")
store.close()
'''


def question_script(analysis: Analysis, asked: dict[str, Any], now: datetime) -> str:
    """Return a script that answers an analysis; its arguments are the store and the file with the SQL.

    `asked` are the parameters that were given; times, limit and the other parameters are errcli's own.
    """
    bindings = runner.bindings_of(analysis.params(**asked), now)
    (parsed,) = duckdb.extract_statements(catalog.sql_of(analysis.name))
    used = {name: bindings[name] for name in sorted(parsed.named_parameters)}
    limit = f' + "\\nLIMIT {analysis.limit}"' if analysis.limit else ""
    tables = [beside.definition(table) for table in tables_of(analysis.params)]
    return _QUESTION.format(summary=analysis.summary, bindings=repr(used), limit=limit, tables=repr(tables))


def load_script(log: Path) -> str:
    """Return a script that loads a log; its argument is the new store."""
    return _LOAD.format(log=str(log).replace("'", "''"))
