-- prune_drops: how many lines of each file did each rule drop on each day up to the horizon?
-- grain:  merged: one row per file, rule and UTC day, with the columns of dropped_counts; the time is that of the last load
-- params: horizon
-- order:  none
CREATE OR REPLACE TEMP TABLE merged AS
SELECT file, rule, CAST(sum(count) AS BIGINT) AS count, max(ingested_at) AS ingested_at
FROM dropped_counts
WHERE ingested_at <= CAST($horizon AS TIMESTAMPTZ)
GROUP BY file, rule, utc_date(ingested_at);
