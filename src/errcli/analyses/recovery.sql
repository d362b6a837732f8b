-- recovery: how do users recover from what goes wrong, and does it help?
-- grain:  one row per pattern and method, or user action, with at least $min_attempts attempts in ($since, $until]
-- params: since, until, gap, settle, by, min_attempts
-- order:  most attempts first, then pattern_hash, method, user_action
-- An episode is one attempt, the one that succeeded, or else the last, however often it was tried. The interval of the rate is Wilson's,
-- from the counts, and not made here.
WITH
-- include _details
-- include _steps
-- include _episodes
attempted AS (
    SELECT
        episodes.pattern_id,
        details.recovery_method,
        CASE WHEN $by = 'user-action' THEN details.recovery_user_action END AS recovery_user_action,
        episodes.outcome,
        episodes.took
    FROM episodes
    JOIN details ON details.detail_id = episodes.recovery_detail_id
    WHERE episodes.is_attempted = 1
),
ways AS (
    SELECT
        pattern_id,
        recovery_method,
        recovery_user_action,
        count(*) AS attempts,
        count(*) FILTER (WHERE outcome = 'recovered') AS successes,
        count(*) FILTER (WHERE outcome = 'dead end') AS dead_ends,
        CAST(percentile_cont(5e-1) WITHIN GROUP (ORDER BY took) FILTER (WHERE outcome = 'recovered') AS DOUBLE) / 1000000
            AS recovery_median
    FROM attempted
    GROUP BY pattern_id, recovery_method, recovery_user_action
    HAVING count(*) >= $min_attempts
),
without AS (
    SELECT pattern_id, count(*) AS episodes, count(*) FILTER (WHERE outcome = 'dead end') AS dead_ends
    FROM episodes
    WHERE is_attempted = 0
    GROUP BY pattern_id
)
SELECT
    pattern_names.template AS pattern,
    pattern_names.pattern_hash AS pattern_hash,
    ways.recovery_method AS method,
    ways.recovery_user_action AS user_action,
    ways.attempts AS attempts,
    ways.successes AS successes,
    CAST(ways.successes AS DOUBLE) * 100 / ways.attempts AS rate,
    CAST(0 AS DOUBLE) AS rate_low,
    CAST(100 AS DOUBLE) AS rate_high,
    ways.recovery_median AS recovery_median,
    CAST(ways.dead_ends AS DOUBLE) * 100 / ways.attempts AS dead_end,
    coalesce(without.episodes, 0) AS unattempted,
    CAST(without.dead_ends AS DOUBLE) * 100 / without.episodes AS dead_end_unattempted
FROM ways
JOIN pattern_names ON pattern_names.pattern_id = ways.pattern_id
LEFT JOIN without ON without.pattern_id = ways.pattern_id
ORDER BY attempts DESC, pattern_hash, method NULLS LAST, user_action NULLS LAST
