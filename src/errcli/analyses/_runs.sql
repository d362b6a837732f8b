-- How often does a pattern follow on another one? Expressions to be included behind _steps.
-- `runs` has one row per run of errors of one pattern in a session, with the pattern that follows, null at the session's end;
-- `departures` counts the runs of a pattern, `arrivals` those that it follows on, `all_runs` all of them.
runs AS (
    SELECT user_id, session_id, pattern_id, next_pattern_id, next_began - began AS gap
    FROM occurred
    WHERE session_id IS NOT NULL
        AND (next_pattern_id IS NULL OR next_pattern_id <> pattern_id)
),
departures AS (
    SELECT pattern_id, count(*) AS runs
    FROM runs
    GROUP BY pattern_id
),
arrivals AS (
    SELECT next_pattern_id AS pattern_id, count(*) AS arrivals
    FROM runs
    WHERE next_pattern_id IS NOT NULL
    GROUP BY next_pattern_id
),
all_runs AS (
    SELECT count(*) AS runs
    FROM runs
),
