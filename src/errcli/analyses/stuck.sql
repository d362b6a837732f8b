-- stuck: where do users get stuck, how do they get on, and who is stuck right now?
-- grain:  one row per page and action, or per pattern, with at least $min_episodes episodes in ($since, $until]
-- params: since, until, gap, settle, by, min_episodes
-- order:  most stuck users first, then most episodes, then place, then pattern_hash, page, action
-- The shares are the cumulative incidence of competing risks after Aalen and Johansen: what is still open counts for as
-- long as it has lasted. Their sum is 100 with `open`, what is left. Times to recovery are quantiles of Kaplan and Meier,
-- in which what ended otherwise is censored: null where fewer recover.
WITH
-- include _details
-- include _steps
-- include _episodes
placed AS (
    SELECT
        CASE WHEN $by = 'pattern' THEN episodes.pattern_id ELSE 0 END AS pattern_id,
        CASE WHEN $by = 'place' THEN details.place_id ELSE 0 END AS place_id,
        episodes.user_id,
        episodes.ended,
        episodes.outcome,
        episodes.outcome = 'dead end' OR (episodes.outcome = 'open' AND episodes.is_bad = 1) AS is_stuck,
        episodes.outcome = 'open' AND episodes.is_bad = 1 AS is_stuck_now,
        episodes.took
    FROM episodes
    JOIN details ON details.detail_id = episodes.detail_id
),
totals AS (
    SELECT pattern_id, place_id, count(*) AS episodes
    FROM placed
    GROUP BY pattern_id, place_id
    HAVING count(*) >= $min_episodes
),
times AS (
    SELECT
        pattern_id,
        place_id,
        took,
        count(*) AS leaving,
        count(*) FILTER (WHERE outcome = 'recovered') AS recovered,
        count(*) FILTER (WHERE outcome = 'moved on') AS moved_on,
        count(*) FILTER (WHERE outcome = 'dead end') AS dead_end,
        count(*) FILTER (WHERE outcome = 'quiet') AS quiet,
        count(*) FILTER (WHERE outcome <> 'open') AS finished
    FROM placed
    GROUP BY pattern_id, place_id, took
),
at_risk AS (
    SELECT
        pattern_id, place_id, took, recovered, moved_on, dead_end, quiet, finished,
        CAST(
            sum(leaving) OVER (PARTITION BY pattern_id, place_id ORDER BY took DESC ROWS UNBOUNDED PRECEDING) AS DOUBLE
        ) AS at_risk
    FROM times
),
survivals AS (
    -- a product is the exponential of a sum of logarithms; only the last factor can be zero, and is left out
    SELECT
        pattern_id, place_id, took, recovered, moved_on, dead_end, quiet, at_risk,
        coalesce(exp(sum(CASE WHEN finished < at_risk THEN ln(1 - finished / at_risk) END) OVER (
            PARTITION BY pattern_id, place_id ORDER BY took ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )), 1) AS lasting,
        CASE WHEN recovered = at_risk THEN 0 ELSE exp(
            sum(CASE WHEN recovered < at_risk THEN ln(1 - recovered / at_risk) END) OVER (
                PARTITION BY pattern_id, place_id ORDER BY took ROWS UNBOUNDED PRECEDING
            )
        ) END AS not_recovered
    FROM at_risk
),
shares AS (
    SELECT
        pattern_id,
        place_id,
        100 * sum(lasting * recovered / at_risk) AS recovered,
        100 * sum(lasting * moved_on / at_risk) AS moved_on,
        100 * sum(lasting * dead_end / at_risk) AS dead_end,
        100 * sum(lasting * quiet / at_risk) AS quiet,
        100 * sum(lasting * (recovered + moved_on + dead_end + quiet) / at_risk) AS finished,
        CAST(min(took) FILTER (WHERE not_recovered <= CAST(1 AS DOUBLE) / 2 + 1e-12) AS DOUBLE) / 1000000
            AS recovery_p50,
        CAST(min(took) FILTER (WHERE not_recovered <= CAST(1 AS DOUBLE) / 10 + 1e-12) AS DOUBLE) / 1000000
            AS recovery_p90
    FROM survivals
    GROUP BY pattern_id, place_id
),
people AS (
    SELECT
        pattern_id,
        place_id,
        user_id,
        max(CASE WHEN is_stuck THEN 1 ELSE 0 END) AS is_stuck,
        max(CASE WHEN is_stuck_now THEN 1 ELSE 0 END) AS is_stuck_now,
        row_number() OVER (
            PARTITION BY pattern_id, place_id
            ORDER BY max(CASE WHEN is_stuck_now THEN ended END) DESC NULLS LAST, user_id
        ) AS rank
    FROM placed
    GROUP BY pattern_id, place_id, user_id
),
crowds AS (
    SELECT
        pattern_id,
        place_id,
        count(*) AS users,
        CAST(sum(is_stuck) AS BIGINT) AS stuck,
        CAST(sum(is_stuck_now) AS BIGINT) AS stuck_now,
        max(CASE WHEN is_stuck_now = 1 AND rank = 1 THEN user_id END) AS user_1,
        max(CASE WHEN is_stuck_now = 1 AND rank = 2 THEN ', ' || user_id END) AS user_2,
        max(CASE WHEN is_stuck_now = 1 AND rank = 3 THEN ', ' || user_id END) AS user_3
    FROM people
    GROUP BY pattern_id, place_id
)
SELECT
    coalesce(pattern_names.template, coalesce(places.page, '-') || ' ' || coalesce(places.action, '-')) AS place,
    pattern_names.pattern_hash AS pattern_hash,
    totals.episodes AS episodes,
    crowds.users AS users,
    crowds.stuck AS stuck,
    shares.recovered AS recovered,
    shares.moved_on AS moved_on,
    shares.dead_end AS dead_end,
    shares.quiet AS quiet,
    greatest(0, 100 - shares.finished) AS open,
    shares.recovery_p50 AS recovery_p50,
    shares.recovery_p90 AS recovery_p90,
    crowds.stuck_now AS stuck_now,
    crowds.user_1 || coalesce(crowds.user_2, '') || coalesce(crowds.user_3, '') AS stuck_users,
    places.page AS page,
    places.action AS action
FROM totals
JOIN shares
    ON shares.pattern_id = totals.pattern_id
    AND shares.place_id = totals.place_id
JOIN crowds
    ON crowds.pattern_id = totals.pattern_id
    AND crowds.place_id = totals.place_id
LEFT JOIN details AS places ON places.detail_id = totals.place_id
LEFT JOIN pattern_names ON pattern_names.pattern_id = totals.pattern_id
ORDER BY stuck DESC, episodes DESC, place, pattern_hash NULLS FIRST, page NULLS LAST, action NULLS LAST
