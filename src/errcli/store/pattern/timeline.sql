-- timeline: when was it seen?
-- grain:  one row per hour, or day, with errors: section, name (the unit), errors, users, timestamp (its beginning)
-- params: unit, hour or day; zone, in which days begin
-- order:  by time
SELECT
    'timeline' AS section,
    CAST($unit AS VARCHAR) AS name,
    NULL AS value,
    CAST(sum(occurrences) AS BIGINT) AS errors,
    count(DISTINCT user_id) AS users,
    NULL AS share,
    NULL AS elsewhere,
    NULL AS score,
    timezone($zone, date_trunc($unit, timezone($zone, timestamp))) AS timestamp
FROM pattern_events
GROUP BY date_trunc($unit, timezone($zone, timestamp))
ORDER BY timestamp
