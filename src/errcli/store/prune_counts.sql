-- prune_counts: what lies at or before the horizon?
-- grain:  one row: events, errors (occurrences), users, days, rejected_lines
-- params: horizon
-- order:  none
SELECT
    count(*) AS events,
    CAST(coalesce(sum(occurrences), 0) AS BIGINT) AS errors,
    count(DISTINCT user_id) AS users,
    count(DISTINCT utc_date(timestamp)) AS days,
    (SELECT count(*) FROM rejected_lines WHERE ingested_at <= $horizon) AS rejected_lines
FROM user_errors
WHERE timestamp <= $horizon;
