-- verify: is a pattern gone since it was resolved, or do its users run into something else?
-- grain:  one row, for a pattern that was resolved in ($since, $until]; none where it was not
-- params: pattern, since, until, gap, settle
-- order:  pattern_hash
-- The resolution that was made last parts the window. What was before begins with the first episode of the pattern in the
-- window, which therefore counts in no rate: it is there by choice, and the wait for it is unknown. Displaced
-- are users with an episode of it before, who afterwards have one of another pattern at the same page and action that they
-- had not had there before. The interval is made from the counts, and not here.
WITH
-- include _details
-- include _steps
-- include _episodes
decisions AS (
    SELECT
        resolutions.decided_at,
        resolutions.release,
        row_number() OVER (ORDER BY resolutions.sequence DESC) AS age
    FROM resolutions
    JOIN patterns ON patterns.shape_id = resolutions.shape_id
    WHERE patterns.pattern_hash = $pattern
        AND resolutions.decision = 'resolved'
        AND resolutions.decided_at > $since
        AND resolutions.decided_at <= $until
),
target AS (
    SELECT
        pattern_names.pattern_id,
        pattern_names.pattern_hash,
        pattern_names.template,
        decisions.decided_at,
        decisions.release,
        unix_micros(decisions.decided_at) AS resolved_at
    FROM decisions
    JOIN pattern_names ON pattern_names.pattern_hash = $pattern
    WHERE decisions.age = 1
),
sides AS (
    SELECT
        episodes.pattern_id,
        episodes.user_id,
        details.place_id,
        episodes.began,
        CASE WHEN episodes.pattern_id = target.pattern_id THEN 1 ELSE 0 END AS is_target,
        CASE WHEN episodes.began > target.resolved_at THEN 1 ELSE 0 END AS is_after
    FROM episodes
    JOIN details ON details.detail_id = episodes.detail_id
    CROSS JOIN target
),
beginning AS (
    SELECT min(began) AS began
    FROM sides
    WHERE is_target = 1 AND is_after = 0
),
counts AS (
    SELECT
        count(*) FILTER (WHERE sides.is_target = 1 AND sides.is_after = 0) AS before,
        count(*) FILTER (WHERE sides.is_target = 1 AND sides.is_after = 1) AS after,
        count(*) FILTER (WHERE sides.is_target = 0 AND sides.is_after = 0) AS others_before,
        count(*) FILTER (WHERE sides.is_target = 0 AND sides.is_after = 1) AS others_after
    FROM sides
    CROSS JOIN beginning
    WHERE sides.is_after = 1 OR sides.began >= beginning.began
),
people AS (
    SELECT
        count(*) FILTER (WHERE was_hit = 1) AS before,
        count(*) FILTER (WHERE is_hit = 1) AS after
    FROM (
        SELECT user_id, max(1 - is_after) AS was_hit, max(is_after) AS is_hit
        FROM sides
        WHERE is_target = 1
        GROUP BY user_id
    ) AS hit
),
hit_places AS (
    SELECT DISTINCT user_id, place_id
    FROM sides
    WHERE is_target = 1 AND is_after = 0
),
newcomers AS (
    -- at a place where the pattern was, a user runs into another one for the first time
    SELECT sides.pattern_id, sides.user_id
    FROM sides
    JOIN hit_places
        ON hit_places.user_id = sides.user_id
        AND hit_places.place_id = sides.place_id
    WHERE sides.is_target = 0
    GROUP BY sides.pattern_id, sides.user_id, sides.place_id
    HAVING min(sides.is_after) = 1
),
displacing AS (
    SELECT
        pattern_names.template,
        pattern_names.pattern_hash,
        newcomers.users,
        row_number() OVER (ORDER BY newcomers.users DESC, pattern_names.pattern_hash) AS rank
    FROM (
        SELECT pattern_id, count(*) AS users
        FROM (SELECT DISTINCT pattern_id, user_id FROM newcomers) AS distinct_users
        GROUP BY pattern_id
    ) AS newcomers
    JOIN pattern_names ON pattern_names.pattern_id = newcomers.pattern_id
),
most_displacing AS (
    SELECT max(template) AS template, max(pattern_hash) AS pattern_hash
    FROM displacing
    WHERE rank = 1
),
displaced AS (
    SELECT count(*) AS users
    FROM (SELECT DISTINCT user_id FROM newcomers) AS displaced_users
),
times AS (
    SELECT
        target.resolved_at - beginning.began AS before,
        unix_micros($until) - target.resolved_at AS after
    FROM target
    CROSS JOIN beginning
)
SELECT
    target.template AS pattern,
    target.pattern_hash AS pattern_hash,
    target.decided_at AS resolved_at,
    target.release AS release,
    CAST('' AS STRING) AS verdict,
    counts.before AS episodes_before,
    counts.after AS episodes_after,
    people.before AS users_before,
    people.after AS users_after,
    CAST(times.before AS DOUBLE) / 1000000 AS time_before,
    CAST(times.after AS DOUBLE) / 1000000 AS time_after,
    (CAST(counts.after AS DOUBLE) / nullif(times.after, 0))
        / nullif(CAST(counts.before - 1 AS DOUBLE) / nullif(times.before, 0), 0) AS ratio,
    CAST(NULL AS DOUBLE) AS ratio_low,
    CAST(NULL AS DOUBLE) AS ratio_high,
    (CAST(counts.others_after AS DOUBLE) / nullif(times.after, 0))
        / nullif(CAST(counts.others_before AS DOUBLE) / nullif(times.before, 0), 0) AS others_ratio,
    displaced.users AS displaced,
    most_displacing.template AS displaced_to,
    most_displacing.pattern_hash AS displaced_to_hash
FROM target
CROSS JOIN times
CROSS JOIN counts
CROSS JOIN people
CROSS JOIN displaced
CROSS JOIN most_displacing
ORDER BY pattern_hash
