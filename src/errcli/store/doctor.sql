-- doctor: which of its promises does the store not keep?
-- grain:  one row per promise: name, and how many rows break it
-- params: none
-- order:  as listed
WITH rolled_up_days AS (
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_rate, recovery_attempts, recovery_successes
    FROM daily_error_stats
    WHERE date NOT IN (SELECT date FROM changed_days)
),
computed_days AS (
    SELECT date, user_id, error_count, unique_errors, blocked_count, recovery_rate, recovery_attempts, recovery_successes
    FROM computed_daily_stats
    WHERE date NOT IN (SELECT date FROM changed_days)
),
moving_patterns AS (
    SELECT shape_patterns.pattern_hash
    FROM changed_event_stats
    JOIN shape_patterns ON shape_patterns.shape_id = changed_event_stats.shape_id
),
rolled_up_patterns AS (
    SELECT * FROM error_patterns WHERE pattern_hash NOT IN (SELECT pattern_hash FROM moving_patterns)
),
still_patterns AS (
    SELECT * FROM computed_patterns WHERE pattern_hash NOT IN (SELECT pattern_hash FROM moving_patterns)
),
promises AS (
    SELECT 1 AS place, 'an event id occurs once' AS promise,
        (SELECT count(*) - count(DISTINCT id) FROM user_errors) AS broken
    UNION ALL
    SELECT 2, 'the lines of every load add up',
        (SELECT count(*) FROM ingested_files
         WHERE lines <> stored + duplicates + folded + dropped + rejected + blank)
    UNION ALL
    SELECT 3, 'what rules dropped is what the loads dropped',
        (SELECT abs((SELECT coalesce(sum(count), 0) FROM dropped_counts)
            - (SELECT coalesce(sum(dropped), 0) FROM ingested_files)))
    UNION ALL
    SELECT 4, 'what was stored is there, or was pruned',
        (SELECT abs((SELECT coalesce(sum(stored), 0) FROM ingested_files)
            - (SELECT count(*) FROM user_errors)
            - (SELECT coalesce(sum(deleted), 0) FROM prunes)))
    UNION ALL
    SELECT 5, 'daily_error_stats equals the events, on days rolled up',
        (SELECT count(*) FROM (
            (FROM rolled_up_days EXCEPT ALL FROM computed_days)
            UNION ALL
            (FROM computed_days EXCEPT ALL FROM rolled_up_days)))
    UNION ALL
    SELECT 6, 'error_patterns equals the events, for patterns rolled up',
        (SELECT count(*) FROM (
            (FROM rolled_up_patterns EXCEPT ALL FROM still_patterns)
            UNION ALL
            (FROM still_patterns EXCEPT ALL FROM rolled_up_patterns)))
    UNION ALL
    SELECT 7, 'no event lies at or before the prune horizon',
        (SELECT count(*) FROM user_errors WHERE timestamp <= (SELECT max(horizon) FROM prunes))
    UNION ALL
    SELECT 8, 'a resolution is of one event or of one pattern',
        (SELECT count(*) FROM resolutions WHERE (event_id IS NULL) = (pattern_hash IS NULL))
    UNION ALL
    SELECT 9, 'every event has a shape',
        (SELECT count(*) FROM user_errors ANTI JOIN shapes ON shapes.shape_id = user_errors.shape_id)
    UNION ALL
    SELECT 10, 'every shape belongs to a pattern, once rolled up',
        (SELECT count(*) FROM shape_stats ANTI JOIN shape_patterns ON shape_patterns.shape_id = shape_stats.shape_id
         WHERE NOT EXISTS (SELECT 1 FROM changed_days))
)
SELECT promise, CAST(broken AS BIGINT) AS broken
FROM promises
ORDER BY place;
