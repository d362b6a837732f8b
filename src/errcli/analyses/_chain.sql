-- Of which episode is each event of one user, and how did that end? Expressions to be included behind `chosen`, the events.
-- By the rules of _episodes, which asks them of everybody. `chained` has one row per event: its place in its session, and
-- of its episode the number in the session, from 1 in the order of the first events, and the outcome.
placed AS (
    SELECT
        id,
        session_id,
        pattern_hash,
        unix_micros(timestamp) AS began,
        unix_micros(least(coalesce(folded_until, timestamp), $until)) AS ended,
        CASE WHEN recovery_successful THEN 1 ELSE 0 END AS is_recovered,
        CASE WHEN user_blocked OR lower(severity) IN ('high', 'critical') THEN 1 ELSE 0 END AS is_bad,
        row_number() OVER session AS step,
        CASE WHEN session_id IS NOT NULL THEN lead(pattern_hash) OVER session END AS next_hash
    FROM chosen
    WINDOW session AS (PARTITION BY session_id ORDER BY timestamp, id)
),
compared AS (
    SELECT
        id,
        session_id,
        pattern_hash,
        ended,
        is_recovered,
        is_bad,
        step,
        CASE WHEN began - lag(ended) OVER same <= $gap * 1000000 THEN 0 ELSE step END AS opens_at,
        -- where the session goes on with another pattern for the last time
        max(CASE WHEN next_hash <> pattern_hash THEN step ELSE 0 END) OVER (PARTITION BY session_id, pattern_hash) AS left_at
    FROM placed
    WINDOW same AS (PARTITION BY session_id, pattern_hash ORDER BY step)
),
opened AS (
    SELECT
        id,
        session_id,
        ended,
        is_recovered,
        is_bad,
        step,
        left_at,
        max(opens_at) OVER (
            PARTITION BY session_id, pattern_hash ORDER BY step ROWS UNBOUNDED PRECEDING
        ) AS opened_at
    FROM compared
),
chained AS (
    SELECT
        id,
        step,
        dense_rank() OVER (PARTITION BY session_id ORDER BY opened_at) AS episode,
        CASE
            WHEN max(is_recovered) OVER whole = 1 THEN 'recovered'
            WHEN max(left_at) OVER whole >= max(step) OVER whole THEN 'moved on'
            WHEN max(ended) OVER whole + $settle * 1000000 > unix_micros($until) THEN 'open'
            WHEN max(is_bad) OVER whole = 1 THEN 'dead end'
            ELSE 'quiet'
        END AS outcome
    FROM opened
    WINDOW whole AS (PARTITION BY session_id, opened_at)
),
