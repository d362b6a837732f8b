-- features: which pages and actions are the problem, and is it getting worse?
-- grain:  one row per page and action with at least $min_users users who ran into an error there in ($since, $until]
-- params: since, until, baseline_since, gap, settle, min_users
-- order:  most users first, then most errors, then page, then action
-- tables: exposures (date DATE, page VARCHAR, action VARCHAR, users BIGINT), how many users came to a place on a UTC day
-- The log knows only users who ran into an error: what is compared with the window before, of the same length, is the share
-- of them who did so at this place, if the log reaches back so far. Who came to a place without an error is in `exposures`,
-- which may be empty. Of both sides those days count that are in it and lie whole in the window; one that begins with the
-- window does, with its first microsecond. `q` and the rates are made from these counts, and not here, but for the prior of
-- the rates, which needs all places of `exposures`.
WITH
-- include _details
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
        places.page,
        places.action,
        CAST(count(*) FILTER (WHERE episodes.outcome = 'recovered') AS DOUBLE) * 100 / count(*) AS recovered
    FROM episodes
    JOIN details AS places ON places.detail_id = episodes.detail_id
    GROUP BY places.page, places.action
),
days AS (
    SELECT date
    FROM exposures
    WHERE date < CAST($until AS DATE)
        AND (date > CAST($since AS DATE) OR (date = CAST($since AS DATE) AND unix_micros($since) % 86400000000 = 0))
    GROUP BY date
),
visits AS (
    SELECT
        nullif(exposures.page, '') AS page,
        nullif(exposures.action, '') AS action,
        CAST(sum(exposures.users) AS BIGINT) AS exposed
    FROM exposures
    JOIN days ON days.date = exposures.date
    GROUP BY nullif(exposures.page, ''), nullif(exposures.action, '')
),
user_days AS (
    SELECT nullif(e.page, '') AS page, nullif(e.action, '') AS action, e.user_id, days.date
    FROM user_errors AS e
    JOIN days ON days.date = CAST(e.timestamp AS DATE)
    WHERE e.timestamp >= $since
        AND e.timestamp <= $until
    GROUP BY nullif(e.page, ''), nullif(e.action, ''), e.user_id, days.date
),
failures AS (
    SELECT page, action, count(*) AS hit
    FROM user_days
    GROUP BY page, action
),
exposed_places AS (
    SELECT visits.page, visits.action, visits.exposed, coalesce(failures.hit, 0) AS hit
    FROM visits
    LEFT JOIN failures
        ON coalesce(failures.page, '') = coalesce(visits.page, '')
        AND coalesce(failures.action, '') = coalesce(visits.action, '')
),
-- The rates of places are taken to have a beta distribution. Its mean and how much they differ, the correlation within a
-- place, are estimated by moments with weights (Kleinman, 1973): at first a place weighs as much as its user-days, then so
-- much that a place of many does not outweigh what there is between the places.
sampled AS (
    SELECT CAST(exposed AS DOUBLE) AS trials, CAST(hit AS DOUBLE) / exposed AS rate
    FROM exposed_places
    WHERE exposed > 0 AND hit <= exposed
),
pooled AS (
    SELECT sum(trials) AS weight, sum(trials * rate) / sum(trials) AS rate
    FROM sampled
),
pooled_spread AS (
    SELECT
        (
            sum(
                sampled.trials * (sampled.rate - pooled.rate) * (sampled.rate - pooled.rate)
                / nullif(pooled.rate * (1 - pooled.rate), 0)
            )
            - sum(1 - sampled.trials / pooled.weight)
        )
        / nullif(sum((sampled.trials - 1) * (1 - sampled.trials / pooled.weight)), 0) AS correlation
    FROM sampled
    CROSS JOIN pooled
),
weighted AS (
    SELECT
        sampled.trials,
        sampled.rate,
        sampled.trials
        / (1 + (sampled.trials - 1) * greatest(0, least(1, coalesce(pooled_spread.correlation, 0)))) AS weight
    FROM sampled
    CROSS JOIN pooled_spread
),
centre AS (
    SELECT sum(trials) AS trials, sum(weight) AS weight, sum(weight * rate) / sum(weight) AS rate
    FROM weighted
),
spread AS (
    SELECT
        (
            sum(
                weighted.weight * (weighted.rate - centre.rate) * (weighted.rate - centre.rate)
                / nullif(centre.rate * (1 - centre.rate), 0)
            )
            - sum(weighted.weight / weighted.trials * (1 - weighted.weight / centre.weight))
        )
        / nullif(
            sum((weighted.weight - weighted.weight / weighted.trials) * (1 - weighted.weight / centre.weight)), 0
        ) AS correlation
    FROM weighted
    CROSS JOIN centre
),
prior AS (
    SELECT
        CAST(centre.trials AS BIGINT) AS exposed,
        centre.rate * 100 AS rate,
        CASE WHEN spread.correlation > 0 THEN greatest(0, 1 / spread.correlation - 1) END AS weight
    FROM centre
    CROSS JOIN spread
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
    everywhere.users_before AS users_everywhere_before,
    exposed_places.exposed AS exposed,
    exposed_places.hit AS hit,
    CAST(NULL AS DOUBLE) AS rate,
    CAST(NULL AS DOUBLE) AS rate_low,
    CAST(NULL AS DOUBLE) AS rate_high,
    prior.exposed AS exposed_everywhere,
    prior.rate AS rate_everywhere,
    prior.weight AS rate_weight
FROM places
CROSS JOIN everywhere
LEFT JOIN endings
    -- an empty text is neither a page nor an action
    ON coalesce(endings.page, '') = coalesce(places.page, '')
    AND coalesce(endings.action, '') = coalesce(places.action, '')
CROSS JOIN prior
LEFT JOIN exposed_places
    ON coalesce(exposed_places.page, '') = coalesce(places.page, '')
    AND coalesce(exposed_places.action, '') = coalesce(places.action, '')
ORDER BY users DESC, errors DESC, page NULLS LAST, action NULLS LAST
