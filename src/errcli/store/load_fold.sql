-- load_fold: fold the arriving events that are like others of the same user, session, place, shape and stretch of time.
-- grain:  one row per folded event, as in load_folded
-- params: keep, the events of a kind that are stored; per, the length of a stretch in microseconds
-- order:  none
-- Alike are events that every figure counts alike: blocked, severe and recovered ones stay apart, so do the attempts of
-- a retry, and what came before and after a decision. A stretch lies within one day. What is older than all that is kept
-- of its kind is stored.
INSERT INTO folded
WITH candidates AS (
    SELECT
        seq, id, timestamp, occurrences, user_id, session_id, place_hash, shape_id, error_code, severity,
        user_blocked, workflow_failed, data_loss, recovery_attempted, recovery_successful, recovery_method, release,
        input_data
    FROM new_events
    UNION ALL
    SELECT
        NULL AS seq, id, timestamp, occurrences, user_id, session_id, place_hash, shape_id, error_code, severity,
        user_blocked, workflow_failed, data_loss, recovery_attempted, recovery_successful, recovery_method, release,
        input_data
    FROM user_errors
    WHERE timestamp >= (SELECT min(timestamp) - to_microseconds($per) FROM new_events)
        AND timestamp <= (SELECT max(timestamp) + to_microseconds($per) FROM new_events)
        AND user_id IN (SELECT user_id FROM new_events)
),
kinds AS (
    SELECT
        seq, id, timestamp, occurrences,
        row(
            user_id, session_id, place_hash, shape_id, utc_date(timestamp), epoch_us(timestamp) // $per,
            error_code, severity, user_blocked, workflow_failed, data_loss,
            recovery_attempted, recovery_successful, recovery_method, release,
            json_extract_string(input_data, ['$.retryAttempt', '$.retry_attempt', '$.attempt']),
            decisions.decided_at
        ) AS kind
    FROM candidates
    ASOF LEFT JOIN (SELECT DISTINCT decided_at FROM resolutions) AS decisions
        ON candidates.timestamp > decisions.decided_at
),
places AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY seq IS NOT NULL, timestamp, seq, id) AS place
    FROM kinds
),
kept AS (
    SELECT kind, min(timestamp) AS oldest, max(id) FILTER (WHERE place = $keep) AS into_id
    FROM places
    WHERE place <= $keep
    GROUP BY kind
)
SELECT places.seq, places.id, places.timestamp, places.occurrences, kept.into_id
FROM places
JOIN kept ON kept.kind = places.kind
WHERE places.seq IS NOT NULL AND places.place > $keep AND places.timestamp >= kept.oldest;
