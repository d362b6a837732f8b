-- features: which pages and actions are the problem, and is it getting worse?
-- grain:  one row per page and action with at least $min_users users who ran into an error there in ($since, $until]
-- params: since, until, baseline_since, gap, settle, min_users
-- order:  most users first, then most errors, then page, then action
-- The log knows only users who ran into an error, so there is no rate per visit here: what is compared with the window
-- before, of the same length, is the share of them who did so at this place, if the log reaches back so far. `q` is made from these counts, and not here.
WITH
-- include _steps
-- include _episodes
hits AS (
    SELECT
        nullif(page, '') AS page,
        nullif(action, '') AS action,
        user_id,
        coalesce(sum(occurrences) FILTER (WHERE timestamp > $since), 0) AS errors,
        coalesce(sum(occurrences) FILTER (WHERE timestamp > $since AND user_blocked), 0) AS blocked,
        max(CASE WHEN timestamp > $since THEN 1 ELSE 0 END) AS is_hit,
        max(CASE WHEN timestamp > $since THEN 0 ELSE 1 END) AS was_hit
    FROM user_errors
    WHERE timestamp > $baseline_since
        AND unix_micros(timestamp) > 2 * unix_micros($since) - unix_micros($until)
        AND timestamp <= $until
    GROUP BY nullif(page, ''), nullif(action, ''), user_id
),
places AS (
    SELECT
        page,
        action,
        CAST(sum(is_hit) AS BIGINT) AS users,
        CAST(sum(was_hit) AS BIGINT) AS users_before,
        CAST(sum(errors) AS BIGINT) AS errors,
        CAST(sum(blocked) AS BIGINT) AS blocked
    FROM hits
    GROUP BY page, action
    HAVING sum(is_hit) >= $min_users
),
history AS (
    SELECT min(unix_micros(timestamp)) <= 2 * unix_micros($since) - unix_micros($until) AS is_long_enough
    FROM user_errors
),
everywhere AS (
    SELECT
        CAST(sum(people.is_hit) AS BIGINT) AS users,
        CASE WHEN history.is_long_enough THEN CAST(sum(people.was_hit) AS BIGINT) END AS users_before
    FROM (SELECT user_id, max(is_hit) AS is_hit, max(was_hit) AS was_hit FROM hits GROUP BY user_id) AS people
    CROSS JOIN history
    GROUP BY history.is_long_enough
),
endings AS (
    SELECT
        page,
        action,
        CAST(count(*) FILTER (WHERE outcome = 'recovered') AS DOUBLE) * 100 / count(*) AS recovered
    FROM episodes
    GROUP BY page, action
)
SELECT
    places.page AS page,
    places.action AS action,
    places.users AS users,
    places.errors AS errors,
    places.blocked AS blocked,
    endings.recovered AS recovered,
    CASE WHEN everywhere.users_before IS NOT NULL THEN places.users_before END AS users_before,
    CASE WHEN places.users_before > 0 THEN
        (CAST(places.users AS DOUBLE) / everywhere.users)
        / (CAST(places.users_before AS DOUBLE) / everywhere.users_before) * 100 - 100
    END AS change,
    CAST(NULL AS DOUBLE) AS q,
    everywhere.users AS users_everywhere,
    everywhere.users_before AS users_everywhere_before
FROM places
CROSS JOIN everywhere
LEFT JOIN endings
    -- an empty text is neither a page nor an action
    ON coalesce(endings.page, '') = coalesce(places.page, '')
    AND coalesce(endings.action, '') = coalesce(places.action, '')
ORDER BY users DESC, errors DESC, page NULLS LAST, action NULLS LAST
