-- patterns: what is breaking for users, how much, where, since when, and is it getting worse?
-- grain:  one row per pattern, or per place, with at least $min_count errors in ($since, $until]
-- params: since, until, baseline_since, min_count, by, type, page, state, sort
-- order:  what is sorted by first, most first; then most errors, then most users, then pattern_hash
-- Growing is what has at least twice the errors that the windows before had on average, and three times more than their
-- square root on top, which chance hardly gives. The windows before are three, or as many as there is history for; with
-- less than one nothing is said. What was pruned is no history: its errors would be missing in the average.
-- Decisions count whenever they were made, since those about a log of the past are made today. An ignore is laid over
-- what was decided before it, which stands again once the ignore has ended.
WITH span AS (
    SELECT
        (
            unix_micros($since)
            - greatest(
                unix_micros($baseline_since),
                (SELECT min(unix_micros(first_seen)) FROM shape_patterns),
                (SELECT max(unix_micros(horizon)) FROM prunes)
            )
        ) / CAST(unix_micros($until) - unix_micros($since) AS DOUBLE) AS windows_before
),
grouped AS (
    SELECT
        e.id,
        e.user_id,
        e.timestamp,
        e.error_type,
        e.error_code,
        e.page,
        e.action,
        e.user_blocked,
        e.occurrences,
        least(coalesce(e.folded_until, e.timestamp), $until) AS last_occurrence,
        CASE WHEN $by = 'place' THEN e.place_hash ELSE shape_patterns.pattern_hash END AS group_hash
    FROM user_errors AS e
    JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
    WHERE e.timestamp > $since
        AND e.timestamp <= $until
        AND ($type IS NULL OR e.error_type = $type)
        AND ($page IS NULL OR e.page = $page)
),
beginning AS (
    -- where the window has none, the trend begins with the first event
    SELECT
        CASE WHEN $since > $baseline_since THEN unix_micros($since) ELSE min(unix_micros(timestamp)) - 1 END
            AS since_micros
    FROM grouped
),
seen AS (
    SELECT
        grouped.timestamp,
        grouped.error_type,
        grouped.error_code,
        grouped.page,
        grouped.action,
        grouped.user_blocked,
        grouped.occurrences,
        grouped.last_occurrence,
        grouped.group_hash,
        CAST(floor(
            (unix_micros(grouped.timestamp) - 1 - beginning.since_micros)
            * 12 / CAST(unix_micros($until) - beginning.since_micros AS DOUBLE)
        ) AS INTEGER) AS twelfth
    FROM grouped
    CROSS JOIN beginning
),
cells AS (
    -- the fewest rows out of which all that is asked of a window but its users adds up
    SELECT
        group_hash,
        error_type,
        error_code,
        page,
        action,
        twelfth,
        CAST(sum(occurrences) AS BIGINT) AS errors,
        CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
        min(timestamp) AS first_seen,
        max(timestamp) AS newest,
        max(last_occurrence) AS last_seen
    FROM seen
    GROUP BY group_hash, error_type, error_code, page, action, twelfth
),
totals AS (
    SELECT
        group_hash,
        min(error_type || ':' || coalesce(page, '-') || ':' || coalesce(action, '-')) AS place,
        CAST(sum(cells.errors) AS BIGINT) AS errors,
        CAST(sum(blocked) AS BIGINT) AS blocked,
        min(first_seen) AS first_seen,
        max(newest) AS newest,
        max(last_seen) AS last_seen,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 0), 0) AS STRING) AS t1,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 1), 0) AS STRING) AS t2,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 2), 0) AS STRING) AS t3,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 3), 0) AS STRING) AS t4,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 4), 0) AS STRING) AS t5,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 5), 0) AS STRING) AS t6,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 6), 0) AS STRING) AS t7,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 7), 0) AS STRING) AS t8,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 8), 0) AS STRING) AS t9,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 9), 0) AS STRING) AS t10,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 10), 0) AS STRING) AS t11,
        CAST(coalesce(sum(cells.errors) FILTER (WHERE twelfth = 11), 0) AS STRING) AS t12
    FROM cells
    GROUP BY group_hash
    HAVING sum(cells.errors) >= $min_count
),
group_users AS (
    SELECT group_hash, count(*) AS users
    FROM (SELECT group_hash, user_id FROM grouped GROUP BY group_hash, user_id) AS distinct_users
    GROUP BY group_hash
),
group_types AS (
    SELECT
        group_hash,
        error_type,
        row_number() OVER (PARTITION BY group_hash ORDER BY sum(cells.errors) DESC, error_type) AS place
    FROM cells
    GROUP BY group_hash, error_type
),
group_codes AS (
    SELECT
        group_hash,
        error_code,
        row_number() OVER (PARTITION BY group_hash ORDER BY sum(cells.errors) DESC, error_code NULLS LAST) AS place
    FROM cells
    WHERE error_code IS NOT NULL
    GROUP BY group_hash, error_code
),
group_pages AS (
    SELECT
        group_hash,
        page,
        sum(cells.errors) AS errors,
        row_number() OVER (PARTITION BY group_hash ORDER BY sum(cells.errors) DESC, page NULLS LAST) AS place
    FROM cells
    GROUP BY group_hash, page
),
group_actions AS (
    SELECT
        group_hash,
        action,
        sum(cells.errors) AS errors,
        row_number() OVER (PARTITION BY group_hash ORDER BY sum(cells.errors) DESC, action NULLS LAST) AS place
    FROM cells
    GROUP BY group_hash, action
),
newest AS (
    SELECT grouped.group_hash, min(grouped.id) AS id
    FROM grouped
    JOIN totals ON totals.group_hash = grouped.group_hash AND totals.newest = grouped.timestamp
    GROUP BY grouped.group_hash
),
samples AS (
    SELECT newest.group_hash, e.error_message
    FROM newest
    JOIN user_errors AS e
        ON e.id = newest.id
        -- so that only the window is read
        AND e.timestamp > $since
        AND e.timestamp <= $until
),
everything AS (
    SELECT CAST(sum(occurrences) AS DOUBLE) AS errors
    FROM user_errors
    WHERE timestamp > $since
        AND timestamp <= $until
),
before AS (
    -- looked for apart from the window's, of which far more is kept at hand
    SELECT
        CASE WHEN $by = 'place' THEN e.place_hash ELSE shape_patterns.pattern_hash END AS group_hash,
        sum(e.occurrences) AS errors
    FROM user_errors AS e
    JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
    WHERE e.timestamp > $baseline_since
        AND e.timestamp <= $since
        AND ($type IS NULL OR e.error_type = $type)
        AND ($page IS NULL OR e.page = $page)
    GROUP BY CASE WHEN $by = 'place' THEN e.place_hash ELSE shape_patterns.pattern_hash END
),
beginnings AS (
    SELECT pattern_hash AS group_hash, min(template) AS template, min(first_seen) AS first_ever
    FROM shape_patterns
    WHERE $by = 'template'
    GROUP BY pattern_hash
    UNION ALL
    SELECT group_hash, CAST(NULL AS STRING) AS template, min(first_ever) AS first_ever
    FROM (
        SELECT place_hash AS group_hash, min(timestamp) AS first_ever
        FROM user_errors
        WHERE $by = 'place'
        GROUP BY place_hash
        UNION ALL
        SELECT place_hash AS group_hash, min(first_seen) AS first_ever
        FROM pruned_stats
        WHERE $by = 'place'
        GROUP BY place_hash
    ) AS places
    GROUP BY group_hash
),
compared AS (
    SELECT
        totals.group_hash,
        beginnings.template,
        beginnings.first_ever,
        span.windows_before >= 1 AS is_comparable,
        coalesce(before.errors, 0) / nullif(span.windows_before, 0) AS usual
    FROM totals
    CROSS JOIN span
    JOIN beginnings ON beginnings.group_hash = totals.group_hash
    LEFT JOIN before ON before.group_hash = totals.group_hash
),
newly_hit AS (
    SELECT group_hash, count(*) AS users
    FROM newly_hit_users
    WHERE first_seen <= $until
    GROUP BY group_hash
),
states AS (
    SELECT
        totals.group_hash,
        compared.template,
        CASE
            WHEN decisions.ignored_at IS NOT NULL
                AND (decisions.ignored_until IS NULL OR decisions.ignored_until > $until)
                AND (decisions.ignored_users IS NULL OR decisions.ignored_users > coalesce(newly_hit.users, 0)) THEN 'ignored'
            WHEN decisions.decision = 'resolved' AND totals.last_seen > decisions.decided_at THEN 'back'
            WHEN decisions.decision = 'resolved' THEN 'resolved'
            WHEN compared.first_ever > $since AND $since > $baseline_since THEN 'new'
            WHEN compared.is_comparable
                AND totals.errors >= 2 * compared.usual
                AND totals.errors >= compared.usual + 3 * sqrt(greatest(compared.usual, 1)) THEN 'growing'
            ELSE 'ongoing'
        END AS state
    FROM totals
    JOIN compared ON compared.group_hash = totals.group_hash
    LEFT JOIN standing_decisions AS decisions ON decisions.group_hash = totals.group_hash
    LEFT JOIN newly_hit ON newly_hit.group_hash = totals.group_hash
)
SELECT
    coalesce(states.template, totals.place) AS pattern,
    totals.group_hash AS pattern_hash,
    group_types.error_type AS error_type,
    group_codes.error_code AS error_code,
    group_pages.page AS page,
    group_actions.action AS action,
    totals.errors AS errors,
    group_users.users AS users,
    totals.blocked AS blocked,
    totals.first_seen AS first_seen,
    totals.last_seen AS last_seen,
    samples.error_message AS sample_message,
    states.state AS state,
    totals.t1 || ' ' || totals.t2 || ' ' || totals.t3 || ' ' || totals.t4 || ' ' || totals.t5 || ' ' || totals.t6
        || ' ' || totals.t7 || ' ' || totals.t8 || ' ' || totals.t9 || ' ' || totals.t10 || ' ' || totals.t11
        || ' ' || totals.t12 AS trend,
    totals.errors * 100 / everything.errors AS share,
    CAST(group_pages.errors AS DOUBLE) * 100 / totals.errors AS page_share,
    CAST(group_actions.errors AS DOUBLE) * 100 / totals.errors AS action_share
FROM totals
CROSS JOIN everything
JOIN states ON states.group_hash = totals.group_hash
LEFT JOIN group_users ON group_users.group_hash = totals.group_hash
LEFT JOIN group_types ON group_types.group_hash = totals.group_hash AND group_types.place = 1
LEFT JOIN group_pages ON group_pages.group_hash = totals.group_hash AND group_pages.place = 1
LEFT JOIN group_actions ON group_actions.group_hash = totals.group_hash AND group_actions.place = 1
LEFT JOIN samples ON samples.group_hash = totals.group_hash
LEFT JOIN group_codes ON group_codes.group_hash = totals.group_hash AND group_codes.place = 1
WHERE CASE WHEN $state IS NULL THEN states.state <> 'ignored' ELSE states.state = $state END
ORDER BY
    CASE $sort
        WHEN 'users' THEN group_users.users
        WHEN 'blocked' THEN totals.blocked
        WHEN 'first-seen' THEN unix_micros(totals.first_seen)
        WHEN 'last-seen' THEN unix_micros(totals.last_seen)
        ELSE totals.errors
    END DESC,
    errors DESC,
    users DESC,
    pattern_hash
