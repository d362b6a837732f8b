-- load_read: put aside events that the format's own code has read.
-- grain:  one row per event: seq and the columns of an event
-- params: none
-- order:  none
-- `batch` has seq and line: an event as a JSON object of its columns.
INSERT INTO arriving BY NAME
SELECT
    seq,
    unnest(json_transform_strict(line, '{
        "id": "UUID", "source_id": "VARCHAR", "user_id": "VARCHAR", "session_id": "VARCHAR",
        "timestamp": "TIMESTAMPTZ", "error_type": "VARCHAR", "error_code": "VARCHAR", "error_message": "VARCHAR",
        "user_message": "VARCHAR", "technical": "VARCHAR", "page": "VARCHAR", "action": "VARCHAR",
        "severity": "VARCHAR", "user_blocked": "BOOLEAN", "workflow_failed": "BOOLEAN", "data_loss": "BOOLEAN",
        "workflow_id": "VARCHAR", "agent_id": "VARCHAR", "input_data": "VARCHAR", "previous_errors": ["VARCHAR"],
        "recovery_attempted": "BOOLEAN", "recovery_successful": "BOOLEAN", "recovery_method": "VARCHAR",
        "recovery_user_action": "VARCHAR", "release": "VARCHAR", "fingerprint": "VARCHAR", "occurrences": "INTEGER"
    }'))
FROM batch;
