-- affected: which users did a pattern hit, and how often?
-- grain:  one row per user with an event of the pattern in ($since, $until]
-- params: pattern, since, until
-- order:  most errors first, then user_id
WITH chosen AS (
    SELECT
        user_id,
        timestamp,
        folded_until,
        occurrences,
        user_blocked,
        page,
        action,
        row_number() OVER (PARTITION BY user_id ORDER BY timestamp DESC, id DESC) AS place
    FROM events
    WHERE pattern_hash = $pattern
        AND timestamp > $since
        AND timestamp <= $until
)
SELECT
    user_id AS user_id,
    CAST(sum(occurrences) AS BIGINT) AS errors,
    CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
    min(timestamp) AS first_seen,
    max(least(coalesce(folded_until, timestamp), $until)) AS last_seen,
    max(CASE WHEN place = 1 THEN page END) AS last_page,
    max(CASE WHEN place = 1 THEN action END) AS last_action
FROM chosen
GROUP BY user_id
ORDER BY errors DESC, user_id
