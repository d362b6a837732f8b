-- struggling: which users hit many errors at once?
-- grain:  one row per user with at least $min_errors errors in ($since, $until]
-- params: since, until, min_errors
-- order:  most errors first, then user_id
SELECT
    user_id AS user_id,
    CAST(sum(occurrences) AS BIGINT) AS errors,
    CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
    min(timestamp) AS first_seen,
    max(least(coalesce(folded_until, timestamp), $until)) AS last_seen
FROM user_errors
WHERE timestamp > $since
    AND timestamp <= $until
GROUP BY user_id
HAVING sum(occurrences) >= $min_errors
ORDER BY errors DESC, user_id
