-- info: what is in the store?
-- grain:  one row
-- params: none
-- order:  none
SELECT
    count(*) AS events,
    CAST(coalesce(sum(occurrences), 0) AS BIGINT) AS errors,
    count(DISTINCT user_id) AS users,
    count(DISTINCT session_id) AS sessions,
    (SELECT count(DISTINCT pattern_hash) FROM shape_patterns) AS patterns,
    min(timestamp) AS first_seen,
    max(timestamp) AS last_seen,
    (SELECT count(DISTINCT file) FROM ingested_files) AS files,
    (SELECT max(ingested_at) FROM ingested_files) AS last_ingest,
    (SELECT count(*) FROM rejected_lines) AS rejected_lines,
    (SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM dropped_counts) AS dropped,
    (SELECT count(*) FROM standing_resolutions) AS resolutions,
    (SELECT count(*) FROM changed_days) AS days_to_roll_up,
    (SELECT max(horizon) FROM prunes) AS pruned_up_to,
    (SELECT max(version) FROM schema_migrations) AS schema_version
FROM user_errors;
