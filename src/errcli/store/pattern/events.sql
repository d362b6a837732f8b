-- events: which events of the window are of the pattern, or of the place?
-- grain:  one row per event of the window: id, the columns that are looked at, and `is_here`
-- params: pattern_hash, since, until
-- order:  none
CREATE OR REPLACE TEMP TABLE pattern_events AS
SELECT
    e.id, e.timestamp, e.user_id, e.session_id, e.error_type, e.error_code, e.error_message, e.page, e.action, e.severity,
    e.user_blocked, e.workflow_failed, e.data_loss, e.workflow_id, e.agent_id, e.release, e.recovery_attempted,
    e.recovery_successful, e.recovery_method, e.input_data, e.occurrences
FROM user_errors AS e
LEFT JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
WHERE e.timestamp > $since
    AND e.timestamp <= $until
    AND $pattern_hash IN (shape_patterns.pattern_hash, e.place_hash);
