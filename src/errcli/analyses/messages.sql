-- messages: what are users told when something goes wrong, and does it help them?
-- grain:  one row per message to users, or none, shown in at least $min_times episodes of ($since, $until]
-- params: since, until, gap, settle, min_times
-- order:  most often shown first, then user_message
-- A message is generic if it has the words for an error of no name in it, or if three patterns or more show it. Repeated is an
-- episode if the same user ran into the same pattern again within the window. The interval is Wilson's, from the counts, and
-- not made here.
WITH
-- include _steps
-- include _episodes
shown AS (
    SELECT
        user_message,
        user_id,
        pattern_id,
        outcome,
        lead(began) OVER (PARTITION BY user_id, pattern_id ORDER BY began, session_id NULLS LAST) AS again
    FROM episodes
),
message_patterns AS (
    SELECT user_message, count(*) AS patterns
    FROM (SELECT user_message, pattern_id FROM shown GROUP BY user_message, pattern_id) AS distinct_patterns
    GROUP BY user_message
),
message_users AS (
    SELECT user_message, count(*) AS users
    FROM (SELECT user_message, user_id FROM shown GROUP BY user_message, user_id) AS distinct_users
    GROUP BY user_message
),
totals AS (
    SELECT
        user_message,
        count(*) AS times,
        count(*) FILTER (WHERE outcome = 'recovered') AS recovered,
        count(*) FILTER (WHERE outcome = 'dead end') AS dead_ends,
        count(again) AS repeated
    FROM shown
    GROUP BY user_message
),
kinds AS (
    SELECT
        totals.user_message,
        totals.times,
        totals.recovered,
        totals.dead_ends,
        totals.repeated,
        message_users.users,
        message_patterns.patterns,
        CASE
            WHEN totals.user_message IS NULL THEN 'none'
            WHEN message_patterns.patterns >= 3
                OR lower(totals.user_message) LIKE '%something went wrong%'
                OR lower(totals.user_message) LIKE '%error occurred%'
                OR lower(totals.user_message) LIKE '%error has occurred%'
                OR lower(totals.user_message) LIKE '%unexpected error%'
                OR lower(totals.user_message) LIKE '%unknown error%'
                OR lower(totals.user_message) LIKE '%internal error%'
                THEN 'generic'
            ELSE 'specific'
        END AS kind
    FROM totals
    JOIN message_users ON message_users.user_message IS NOT DISTINCT FROM totals.user_message
    JOIN message_patterns ON message_patterns.user_message IS NOT DISTINCT FROM totals.user_message
),
specific AS (
    SELECT CAST(sum(recovered) AS DOUBLE) * 100 / nullif(sum(times), 0) AS recovered
    FROM kinds
    WHERE kind = 'specific'
)
SELECT
    kinds.user_message AS user_message,
    kinds.kind AS kind,
    kinds.times AS times,
    kinds.users AS users,
    kinds.patterns AS patterns,
    CAST(kinds.recovered AS DOUBLE) * 100 / kinds.times AS recovered,
    CAST(0 AS DOUBLE) AS recovered_low,
    CAST(100 AS DOUBLE) AS recovered_high,
    CAST(kinds.repeated AS DOUBLE) * 100 / kinds.times AS repeated,
    CAST(kinds.dead_ends AS DOUBLE) * 100 / kinds.times AS dead_end,
    CAST(kinds.recovered AS DOUBLE) * 100 / kinds.times - specific.recovered AS against_specific
FROM kinds
CROSS JOIN specific
WHERE kinds.times >= $min_times
ORDER BY times DESC, user_message NULLS LAST
