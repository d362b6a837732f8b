-- struggling: which users hit many errors at once, is that unusual for them, and what are they stuck at?
-- grain:  one row per user with at least $min_errors errors in ($since, $until]
-- params: since, until, gap, settle, min_errors, baseline
-- order:  most errors first, then user_id
-- Errors in windows of this length are taken to have a mean of their own for each user, and these means a gamma
-- distribution, whose mean and variance are those of all users before the window (Gamma-Poisson, by moments). What a user
-- had before makes it the user's own. `q` is made from these, and not here.
WITH
-- include _events
-- include _steps
-- include _episodes
totals AS (
    SELECT
        user_id,
        CAST(sum(occurrences) AS BIGINT) AS errors,
        CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
        min(timestamp) AS first_seen,
        max(timestamp) AS newest_at,
        max(least(coalesce(folded_until, timestamp), $until)) AS last_seen
    FROM user_errors
    WHERE timestamp > $since
        AND timestamp <= $until
    GROUP BY user_id
    HAVING sum(occurrences) >= $min_errors
),
thirds AS (
    SELECT
        occurred.user_id,
        occurred.began,
        lag(occurred.began, 2) OVER (
            PARTITION BY occurred.user_id, occurred.pattern_id ORDER BY occurred.began
        ) AS second_before
    FROM occurred
    JOIN totals ON totals.user_id = occurred.user_id
),
loops AS (
    SELECT user_id
    FROM thirds
    WHERE began - second_before <= 600000000
    GROUP BY user_id
),
endings AS (
    SELECT
        episodes.user_id,
        max(CASE WHEN episodes.outcome = 'dead end' THEN 1 ELSE 0 END) AS is_dead_end,
        max(CASE WHEN episodes.outcome = 'open' THEN 1 ELSE 0 END) AS is_open,
        min(
            CASE
                WHEN episodes.outcome = 'dead end' OR (episodes.outcome = 'open' AND episodes.is_bad = 1)
                    THEN episodes.began
            END
        ) AS stuck_since
    FROM episodes
    JOIN totals ON totals.user_id = episodes.user_id
    GROUP BY episodes.user_id
),
stuck_times AS (
    SELECT endings.user_id, min(e.timestamp) AS stuck_since
    FROM endings
    JOIN user_errors AS e ON e.user_id = endings.user_id AND unix_micros(e.timestamp) = endings.stuck_since
    GROUP BY endings.user_id
),
newest AS (
    SELECT
        e.user_id,
        e.page,
        e.action,
        e.user_message,
        row_number() OVER (PARTITION BY e.user_id ORDER BY e.id DESC) AS age
    FROM user_errors AS e
    JOIN totals ON totals.user_id = e.user_id AND totals.newest_at = e.timestamp
),
everybody AS (
    SELECT
        user_id,
        coalesce(sum(occurrences) FILTER (WHERE timestamp <= $since), 0) AS errors,
        min(unix_micros(timestamp)) AS first_seen
    FROM user_errors
    WHERE $baseline
        AND timestamp <= $until
    GROUP BY user_id
),
span AS (
    SELECT
        CAST(unix_micros($since) - min(first_seen) AS DOUBLE) / (unix_micros($until) - unix_micros($since))
            AS windows_before
    FROM everybody
),
spread AS (
    SELECT
        span.windows_before,
        avg(everybody.errors / span.windows_before) AS mean,
        greatest(
            var_pop(everybody.errors / span.windows_before) - avg(everybody.errors / span.windows_before) / span.windows_before,
            -- where users differ no more than chance has it
            avg(everybody.errors / span.windows_before) * avg(everybody.errors / span.windows_before) / 10000
        ) AS variance
    FROM everybody
    CROSS JOIN span
    WHERE span.windows_before >= 1
    GROUP BY span.windows_before
),
expectations AS (
    SELECT
        everybody.user_id,
        spread.mean * spread.mean / spread.variance + everybody.errors AS shape,
        spread.mean / spread.variance + spread.windows_before AS rate
    FROM everybody
    CROSS JOIN spread
    WHERE spread.mean > 0
)
SELECT
    totals.user_id AS user_id,
    totals.errors AS errors,
    totals.blocked AS blocked,
    totals.first_seen AS first_seen,
    totals.last_seen AS last_seen,
    nullif(
        substr(
            CASE WHEN loops.user_id IS NOT NULL THEN ', loop' ELSE '' END
            || CASE WHEN totals.blocked > 0 THEN ', blocked' ELSE '' END
            || CASE WHEN endings.is_dead_end = 1 THEN ', dead end' ELSE '' END
            || CASE WHEN endings.is_open = 1 THEN ', open' ELSE '' END,
            3
        ),
        ''
    ) AS why,
    stuck_times.stuck_since AS stuck_since,
    newest.page AS last_page,
    newest.action AS last_action,
    newest.user_message AS last_message,
    CAST(expectations.shape / expectations.rate AS DOUBLE) AS expected,
    CAST(expectations.shape AS DOUBLE) AS expected_shape,
    CAST(NULL AS DOUBLE) AS q
FROM totals
JOIN newest ON newest.user_id = totals.user_id AND newest.age = 1
LEFT JOIN loops ON loops.user_id = totals.user_id
LEFT JOIN endings ON endings.user_id = totals.user_id
LEFT JOIN stuck_times ON stuck_times.user_id = totals.user_id
LEFT JOIN expectations ON expectations.user_id = totals.user_id
ORDER BY errors DESC, user_id
