-- Which events are in ($since, $until]? Expressions to be included before _steps, by what asks for no words of theirs.
-- `logged` has one row per event; the same, with a `detail_id` that means something, is in _details.
logged AS (
    SELECT
        id, shape_id, user_id, session_id, timestamp, folded_until, occurrences, severity, user_blocked, workflow_failed,
        data_loss, recovery_attempted, recovery_successful,
        CAST(0 AS BIGINT) AS detail_id
    FROM user_errors
    WHERE timestamp > $since
        AND timestamp <= $until
),
