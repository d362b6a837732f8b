-- What went wrong for each user, one thing at a time, and how did it end? Expressions to be included behind _steps.
-- `episodes` has one row per episode of the events in ($since, $until]: those of the same user, session and pattern, each at
-- most $gap seconds after the one before. Times are microseconds of Unix time; events of the same time are in the order of
-- their ids; `detail_id` is that of the first, `recovery_detail_id` that of the attempt that succeeded first, or else of the
-- last one. It ends
--   recovered   when an event of it says so;
--   moved on    when the session goes on with another pattern;
--   dead end    if nothing follows in the session, and the user was blocked or the severity was high or critical;
--   quiet       if nothing follows, and it was neither;
--   open        if nothing follows, and its last event is less than $settle seconds before $until, too near to tell.
-- An event without a session is followed by nothing. `took` is how long it lasted until then, in microseconds, $settle of
-- silence included; of an open one, how long it has lasted.
whole AS (
    -- most patterns of a session are one episode
    SELECT
        user_id,
        session_id,
        pattern_id,
        count(*) AS events,
        min(began) AS began,
        max(ended) AS ended,
        sum(occurrences) AS errors,
        max(is_blocked) AS is_blocked,
        max(is_bad) AS is_bad,
        max(severity_rank) AS severity_rank,
        max(is_failed) AS is_failed,
        max(is_lossy) AS is_lossy,
        min(recovered_at) AS recovered_at,
        -- what follows the last event; the later the event, the later what follows
        CASE WHEN count(next_began) = count(*) THEN max(next_began) END AS next_began,
        min_by(detail_id, step) AS detail_id,
        max(CASE WHEN is_attempt THEN 1 ELSE 0 END) AS is_attempted,
        coalesce(
            min_by(detail_id, CASE WHEN recovered_at IS NOT NULL THEN step END),
            max_by(detail_id, CASE WHEN is_attempt THEN step END)
        ) AS recovery_detail_id
    FROM occurred
    GROUP BY user_id, session_id, pattern_id
),
compared AS (
    SELECT
        occurred.user_id, occurred.session_id, occurred.pattern_id, occurred.step, occurred.detail_id,
        occurred.began, occurred.ended, occurred.occurrences, occurred.is_blocked, occurred.is_bad, occurred.recovered_at,
        occurred.severity_rank, occurred.is_failed, occurred.is_lossy, occurred.is_attempt,
        lag(occurred.ended) OVER (
            PARTITION BY occurred.user_id, occurred.session_id, occurred.pattern_id ORDER BY occurred.step
        ) AS ended_before,
        -- of the other pattern that comes next, even if this one comes back before
        min(CASE WHEN occurred.next_pattern_id <> occurred.pattern_id THEN occurred.next_began END) OVER (
            PARTITION BY occurred.user_id, occurred.session_id, occurred.pattern_id ORDER BY occurred.step
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS next_began
    FROM occurred
    JOIN whole
        ON whole.user_id = occurred.user_id
        AND whole.session_id IS NOT DISTINCT FROM occurred.session_id
        AND whole.pattern_id = occurred.pattern_id
    WHERE whole.events > 1 AND whole.ended - whole.began > $gap * 1000000
),
numbered AS (
    SELECT
        user_id, session_id, pattern_id, step, detail_id, began, ended, occurrences, is_blocked, is_bad, recovered_at,
        severity_rank, is_failed, is_lossy, is_attempt, next_began,
        sum(CASE WHEN began - ended_before <= $gap * 1000000 THEN 0 ELSE 1 END) OVER (
            PARTITION BY user_id, session_id, pattern_id ORDER BY step ROWS UNBOUNDED PRECEDING
        ) AS episode
    FROM compared
),
parted AS (
    SELECT
        user_id,
        session_id,
        pattern_id,
        min(began) AS began,
        max(ended) AS ended,
        sum(occurrences) AS errors,
        max(is_blocked) AS is_blocked,
        max(is_bad) AS is_bad,
        max(severity_rank) AS severity_rank,
        max(is_failed) AS is_failed,
        max(is_lossy) AS is_lossy,
        min(recovered_at) AS recovered_at,
        CASE WHEN count(next_began) = count(*) THEN max(next_began) END AS next_began,
        min_by(detail_id, step) AS detail_id,
        max(CASE WHEN is_attempt THEN 1 ELSE 0 END) AS is_attempted,
        coalesce(
            min_by(detail_id, CASE WHEN recovered_at IS NOT NULL THEN step END),
            max_by(detail_id, CASE WHEN is_attempt THEN step END)
        ) AS recovery_detail_id
    FROM numbered
    GROUP BY user_id, session_id, pattern_id, episode
),
followed AS (
    SELECT
        user_id, session_id, pattern_id, began, ended, errors, is_blocked, is_bad, recovered_at, next_began,
        severity_rank, is_failed, is_lossy, is_attempted, detail_id, recovery_detail_id
    FROM whole
    WHERE events = 1 OR ended - began <= $gap * 1000000
    UNION ALL
    SELECT
        user_id, session_id, pattern_id, began, ended, errors, is_blocked, is_bad, recovered_at, next_began,
        severity_rank, is_failed, is_lossy, is_attempted, detail_id, recovery_detail_id
    FROM parted
),
concluded AS (
    SELECT
        user_id, session_id, pattern_id, began, ended, errors, is_blocked, is_bad, recovered_at, next_began, is_attempted,
        severity_rank, is_failed, is_lossy, detail_id, recovery_detail_id,
        CASE
            WHEN recovered_at IS NOT NULL THEN 'recovered'
            WHEN next_began IS NOT NULL THEN 'moved on'
            WHEN ended + $settle * 1000000 > unix_micros($until) THEN 'open'
            WHEN is_bad = 1 THEN 'dead end'
            ELSE 'quiet'
        END AS outcome
    FROM followed
),
episodes AS (
    SELECT
        user_id, session_id, pattern_id, began, ended, errors, is_blocked, is_bad, is_attempted,
        severity_rank, is_failed, is_lossy, detail_id, recovery_detail_id, outcome,
        CASE outcome
            WHEN 'recovered' THEN recovered_at
            WHEN 'moved on' THEN next_began
            WHEN 'open' THEN unix_micros($until)
            ELSE ended + $settle * 1000000
        END - began AS took
    FROM concluded
),
