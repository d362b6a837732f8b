-- cascade: which errors followed each other in one session, which of them were one episode, and how did it end?
-- grain:  one row per event of the user's session in ($since, $until]
-- params: user_id, session_id, since, until, gap, settle
-- order:  in time, then id
WITH chosen AS (
    SELECT
        id, timestamp, folded_until, user_id, session_id, error_type, error_code, error_message, user_message, page, action,
        severity, user_blocked, workflow_failed, data_loss, recovery_attempted, recovery_successful, recovery_method,
        pattern_hash, resolved
    FROM events
    WHERE user_id = $user_id
        AND session_id = $session_id
        AND timestamp > $since
        AND timestamp <= $until
),
-- include _chain
gaps AS (
    SELECT
        id,
        CAST(unix_micros(timestamp) - lag(unix_micros(timestamp)) OVER (ORDER BY timestamp, id) AS DOUBLE) / 1000000
            AS gap_seconds
    FROM chosen
)
SELECT
    CAST(chosen.id AS STRING) AS id,
    chosen.timestamp AS timestamp,
    chosen.user_id AS user_id,
    chosen.session_id AS session_id,
    chosen.error_type AS error_type,
    chosen.error_code AS error_code,
    chosen.error_message AS error_message,
    chosen.user_message AS user_message,
    chosen.page AS page,
    chosen.action AS action,
    chosen.severity AS severity,
    chosen.user_blocked AS user_blocked,
    chosen.workflow_failed AS workflow_failed,
    chosen.data_loss AS data_loss,
    chosen.recovery_attempted AS recovery_attempted,
    chosen.recovery_successful AS recovery_successful,
    chosen.recovery_method AS recovery_method,
    chosen.pattern_hash AS pattern_hash,
    chosen.resolved AS resolved,
    chained.step AS step,
    gaps.gap_seconds AS gap_seconds,
    chained.episode AS episode,
    chained.outcome AS outcome
FROM chosen
JOIN chained ON chained.id = chosen.id
JOIN gaps ON gaps.id = chosen.id
ORDER BY timestamp, id
