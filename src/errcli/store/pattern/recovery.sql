-- recovery: how was it tried to recover, and how often did that work?
-- grain:  one row per method: section, value (the method), errors (attempts), users, share (of attempts that worked)
-- params: most, rows
-- order:  most attempts first, then method
SELECT
    'recovery' AS section,
    NULL AS name,
    coalesce(recovery_method, '-') AS value,
    CAST(sum(occurrences) AS BIGINT) AS errors,
    count(DISTINCT user_id) AS users,
    CAST(coalesce(sum(occurrences) FILTER (WHERE recovery_successful), 0) AS DOUBLE) * 100 / sum(occurrences) AS share,
    NULL AS elsewhere,
    NULL AS score,
    NULL AS timestamp
FROM pattern_events
WHERE recovery_attempted
GROUP BY coalesce(recovery_method, '-')
ORDER BY errors DESC, value
LIMIT $most
