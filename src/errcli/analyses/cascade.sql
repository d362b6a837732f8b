-- cascade: which errors followed each other in one session?
-- grain:  one row per event of the user's session in ($since, $until]
-- params: user_id, session_id, since, until
-- order:  in time, then id
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
    resolved AS resolved,
    row_number() OVER (ORDER BY timestamp, id) AS step,
    CAST(unix_micros(timestamp) - lag(unix_micros(timestamp)) OVER (ORDER BY timestamp, id) AS DOUBLE) / 1000000
        AS gap_seconds
FROM events
WHERE user_id = $user_id
    AND session_id = $session_id
    AND timestamp > $since
    AND timestamp <= $until
ORDER BY timestamp, id
