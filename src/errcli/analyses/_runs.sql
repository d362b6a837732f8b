-- How often does a pattern follow on another one? Expressions to be included behind _steps.
-- `runs` has one row per run of errors of one pattern in a session, with the pattern that follows, null at the session's end;
-- `transitions` counts them by both, and has the median gap; `departures` counts the runs of a pattern, `arrivals` those that
-- it follows on, `all_runs` all of them.
runs AS (
    SELECT
        user_id,
        session_id,
        pattern_id,
        next_pattern_id,
        next_began - began AS gap,
        CASE WHEN pattern_id = opening_pattern_id THEN 1 ELSE 0 END AS is_opening,
        is_ending_blocked
    FROM occurred
    WHERE session_id IS NOT NULL
        AND (next_pattern_id IS NULL OR next_pattern_id <> pattern_id)
),
transitions AS (
    SELECT
        pattern_id,
        next_pattern_id,
        count(*) AS times,
        percentile_cont(5e-1) WITHIN GROUP (ORDER BY gap) AS gap
    FROM runs
    GROUP BY pattern_id, next_pattern_id
),
departures AS (
    SELECT pattern_id, CAST(sum(times) AS BIGINT) AS runs
    FROM transitions
    GROUP BY pattern_id
),
arrivals AS (
    SELECT next_pattern_id AS pattern_id, CAST(sum(times) AS BIGINT) AS arrivals
    FROM transitions
    WHERE next_pattern_id IS NOT NULL
    GROUP BY next_pattern_id
),
all_runs AS (
    SELECT CAST(sum(times) AS BIGINT) AS runs
    FROM transitions
),
