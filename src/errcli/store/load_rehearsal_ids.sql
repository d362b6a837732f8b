-- load_rehearsal_ids: what does a dry run have to know of the store?
-- grain:  one row per event: its id, what may not be null, and what tells which events are alike
-- params: none
-- order:  none
SELECT
    id, user_id, session_id, timestamp, error_type, error_code, severity, user_blocked, workflow_failed, data_loss,
    recovery_attempted, recovery_successful, recovery_method, release, input_data, place_hash, shape_id, occurrences,
    created_at
FROM user_errors
UNION ALL BY NAME
-- a folded event is as good as stored: it is a duplicate
SELECT id, '' AS user_id, timestamp, '' AS error_type, '' AS place_hash, 1 AS occurrences, timestamp AS created_at
FROM folded_events;
