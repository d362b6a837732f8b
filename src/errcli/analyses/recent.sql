-- recent: what did users run into last, whoever they are?
-- grain:  one row per event in ($since, $until]
-- params: since, until
-- order:  newest first, then id
SELECT
    CAST(id AS STRING) AS id,
    timestamp AS timestamp,
    user_id AS user_id,
    session_id AS session_id,
    error_type AS error_type,
    error_code AS error_code,
    error_message AS error_message,
    user_message AS user_message,
    page AS page,
    action AS action,
    severity AS severity,
    user_blocked AS user_blocked,
    workflow_failed AS workflow_failed,
    data_loss AS data_loss,
    recovery_attempted AS recovery_attempted,
    recovery_successful AS recovery_successful,
    recovery_method AS recovery_method,
    pattern_hash AS pattern_hash,
    resolved AS resolved
FROM events
WHERE timestamp > $since
    AND timestamp <= $until
ORDER BY timestamp DESC, id
