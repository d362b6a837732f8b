-- patterns: what is breaking for users, and where?
-- grain:  one row per pattern with at least $min_count errors in ($since, $until]
-- params: since, until, min_count
-- order:  most errors first, then most users, then pattern_hash
WITH seen AS (
    SELECT
        id, user_id, timestamp, pattern_hash, error_type, error_code, error_message, page, action, user_blocked,
        occurrences, least(coalesce(folded_until, timestamp), $until) AS last_occurrence
    FROM user_errors
    WHERE timestamp > $since
        AND timestamp <= $until
),
totals AS (
    SELECT
        pattern_hash,
        min(error_type) AS error_type,
        min(page) AS page,
        min(action) AS action,
        CAST(sum(occurrences) AS BIGINT) AS errors,
        CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
        min(timestamp) AS first_seen,
        max(timestamp) AS newest,
        max(last_occurrence) AS last_seen
    FROM seen
    GROUP BY pattern_hash
    HAVING sum(occurrences) >= $min_count
),
pattern_users AS (
    SELECT pattern_hash, count(*) AS users
    FROM (SELECT pattern_hash, user_id FROM seen GROUP BY pattern_hash, user_id) AS distinct_users
    GROUP BY pattern_hash
),
pattern_codes AS (
    SELECT
        pattern_hash,
        error_code,
        row_number() OVER (PARTITION BY pattern_hash ORDER BY sum(occurrences) DESC, error_code NULLS LAST) AS place
    FROM seen
    WHERE error_code IS NOT NULL
    GROUP BY pattern_hash, error_code
),
newest AS (
    SELECT seen.pattern_hash AS pattern_hash, min(seen.id) AS id
    FROM seen
    JOIN totals ON totals.pattern_hash = seen.pattern_hash AND totals.newest = seen.timestamp
    GROUP BY seen.pattern_hash
)
SELECT
    totals.error_type || ':' || coalesce(totals.page, '-') || ':' || coalesce(totals.action, '-') AS pattern,
    totals.pattern_hash AS pattern_hash,
    totals.error_type AS error_type,
    pattern_codes.error_code AS error_code,
    totals.page AS page,
    totals.action AS action,
    totals.errors AS errors,
    pattern_users.users AS users,
    totals.blocked AS blocked,
    totals.first_seen AS first_seen,
    totals.last_seen AS last_seen,
    sample.error_message AS sample_message
FROM totals
JOIN pattern_users ON pattern_users.pattern_hash = totals.pattern_hash
JOIN newest ON newest.pattern_hash = totals.pattern_hash
JOIN seen AS sample ON sample.id = newest.id
LEFT JOIN pattern_codes ON pattern_codes.pattern_hash = totals.pattern_hash AND pattern_codes.place = 1
ORDER BY errors DESC, users DESC, pattern_hash
