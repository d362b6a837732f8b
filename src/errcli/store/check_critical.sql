-- check_critical: how many errors were critical?
-- grain:  one row: errors
-- params: since, until
-- order:  none
SELECT CAST(coalesce(sum(occurrences), 0) AS BIGINT) AS errors
FROM user_errors
WHERE lower(severity) = 'critical'
    AND timestamp > $since
    AND timestamp <= $until;
