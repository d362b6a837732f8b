-- messages: what are users told when something goes wrong, and does it help them?
-- grain:  one row per message to users, or none, shown in at least $min_times episodes of ($since, $until]
-- params: since, until, gap, settle, min_times
-- order:  most often shown first, then user_message
-- A message is generic if it has the words for an error of no name in it, or if three patterns or more show it. Repeated is an
-- episode if it is not the last of its user and pattern in the window; of several that begin last, that is the one whose
-- message comes first. The interval is Wilson's, from the counts, and not made here.
WITH
-- include _details
-- include _steps
-- include _episodes
by_user AS (
    SELECT
        details.message_id,
        episodes.user_id,
        episodes.pattern_id,
        count(*) AS times,
        count(*) FILTER (WHERE episodes.outcome = 'recovered') AS recovered,
        count(*) FILTER (WHERE episodes.outcome = 'dead end') AS dead_ends,
        max(episodes.began) AS last_began
    FROM episodes
    JOIN details ON details.detail_id = episodes.detail_id
    GROUP BY details.message_id, episodes.user_id, episodes.pattern_id
),
latest AS (
    SELECT
        message_id,
        row_number() OVER (PARTITION BY user_id, pattern_id ORDER BY last_began DESC, message_id) AS age
    FROM by_user
),
ends AS (
    SELECT message_id, count(*) AS users
    FROM latest
    WHERE age = 1
    GROUP BY message_id
),
message_patterns AS (
    SELECT message_id, count(*) AS patterns
    FROM (SELECT message_id, pattern_id FROM by_user GROUP BY message_id, pattern_id) AS distinct_patterns
    GROUP BY message_id
),
message_users AS (
    SELECT message_id, count(*) AS users
    FROM (SELECT message_id, user_id FROM by_user GROUP BY message_id, user_id) AS distinct_users
    GROUP BY message_id
),
totals AS (
    SELECT
        message_id,
        CAST(sum(times) AS BIGINT) AS times,
        CAST(sum(recovered) AS BIGINT) AS recovered,
        CAST(sum(dead_ends) AS BIGINT) AS dead_ends
    FROM by_user
    GROUP BY message_id
),
kinds AS (
    SELECT
        details.user_message,
        totals.times,
        totals.recovered,
        totals.dead_ends,
        totals.times - coalesce(ends.users, 0) AS repeated,
        message_users.users,
        message_patterns.patterns,
        CASE
            WHEN details.user_message IS NULL THEN 'none'
            WHEN message_patterns.patterns >= 3
                OR lower(details.user_message) LIKE '%something went wrong%'
                OR lower(details.user_message) LIKE '%error occurred%'
                OR lower(details.user_message) LIKE '%error has occurred%'
                OR lower(details.user_message) LIKE '%unexpected error%'
                OR lower(details.user_message) LIKE '%unknown error%'
                OR lower(details.user_message) LIKE '%internal error%'
                THEN 'generic'
            ELSE 'specific'
        END AS kind
    FROM totals
    JOIN details ON details.detail_id = totals.message_id
    JOIN message_users ON message_users.message_id = totals.message_id
    JOIN message_patterns ON message_patterns.message_id = totals.message_id
    LEFT JOIN ends ON ends.message_id = totals.message_id
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
