-- daily: how many errors did each day bring, by user or in total?
-- grain:  one row per (UTC day, user) of the days that reach into the window, shown whole; with $total one per day
-- params: since, until, user, total
-- order:  newest day first, then most errors, then user_id
-- Days with events since the last rollup are computed afresh, so that the answer never lags behind.
WITH current_stats AS (
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_attempts, recovery_successes
    FROM daily_error_stats
    WHERE date NOT IN (SELECT date FROM changed_days)
    UNION ALL
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_attempts, recovery_successes
    FROM changed_daily_stats
),
wanted AS (
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_attempts, recovery_successes
    FROM current_stats
    WHERE date >= CAST($since AS DATE)
        AND date <= CAST($until - INTERVAL 1 MICROSECOND AS DATE)
        AND ($user IS NULL OR user_id = $user)
),
day_places AS (
    SELECT date, count(DISTINCT place_hash) AS unique_errors
    FROM event_stats
    WHERE $total
        AND date >= CAST($since AS DATE)
        AND date <= CAST($until - INTERVAL 1 MICROSECOND AS DATE)
        AND ($user IS NULL OR user_id = $user)
    GROUP BY date
),
shown AS (
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_attempts, recovery_successes
    FROM wanted
    WHERE NOT $total
    UNION ALL
    SELECT
        wanted.date,
        CAST(NULL AS STRING) AS user_id,
        CAST(sum(wanted.error_count) AS BIGINT) AS error_count,
        min(day_places.unique_errors) AS unique_errors,
        CAST(sum(wanted.blocked_count) AS BIGINT) AS blocked_count,
        CAST(sum(wanted.recovery_attempts) AS BIGINT) AS recovery_attempts,
        CAST(sum(wanted.recovery_successes) AS BIGINT) AS recovery_successes
    FROM wanted
    JOIN day_places ON day_places.date = wanted.date
    GROUP BY wanted.date
)
SELECT
    date AS date,
    user_id AS user_id,
    error_count AS error_count,
    unique_errors AS unique_errors,
    blocked_count AS blocked_count,
    round(CAST(recovery_successes AS DOUBLE) * 100 / nullif(recovery_attempts, 0), 2) AS recovery_rate
FROM shown
ORDER BY date DESC, error_count DESC, user_id NULLS LAST
