-- rate: how often does one user run into errors?
-- grain:  one row for the user, none where there was no error in ($since, $until]
-- params: user_id, since, until, window_days
-- order:  none needed: one row
SELECT
    user_id AS user_id,
    CAST(sum(occurrences) AS BIGINT) AS errors,
    CAST(coalesce(sum(occurrences) FILTER (WHERE lower(severity) IN ('high', 'critical')), 0) AS BIGINT) AS critical_errors,
    CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocking_errors,
    count(DISTINCT CAST(timestamp AS DATE)) AS days_with_errors,
    CAST(sum(occurrences) AS DOUBLE) / $window_days AS daily_average
FROM user_errors
WHERE user_id = $user_id
    AND timestamp > $since
    AND timestamp <= $until
GROUP BY user_id
ORDER BY user_id
