-- prune_ledger: what became of each file's lines on each day up to the horizon?
-- grain:  merged: one row per file, format and UTC day, with the columns of ingested_files; the time is that of the last load
-- params: horizon
-- order:  none
-- A server adds a row with each burst, thousands a day.
CREATE OR REPLACE TEMP TABLE merged AS
SELECT
    file,
    format,
    CAST(sum(bytes) AS BIGINT) AS bytes,
    CAST(sum(lines) AS BIGINT) AS lines,
    CAST(sum(stored) AS BIGINT) AS stored,
    CAST(sum(duplicates) AS BIGINT) AS duplicates,
    CAST(sum(folded) AS BIGINT) AS folded,
    CAST(sum(dropped) AS BIGINT) AS dropped,
    CAST(sum(rejected) AS BIGINT) AS rejected,
    CAST(sum(blank) AS BIGINT) AS blank,
    max(ingested_at) AS ingested_at
FROM ingested_files
WHERE ingested_at <= CAST($horizon AS TIMESTAMPTZ)
GROUP BY file, format, utc_date(ingested_at);
