-- regressions: which patterns and places are back: resolved, and seen again after that?
-- grain:  one row per pattern or place of which that is not noted yet: group_hash, shape_id, first_seen (the first event
--         after it was resolved), release (of that event), pattern (its template, or its place)
-- params: none
-- order:  by first_seen, then group_hash
-- What is ignored is not back. Once the ignore has ended, by the clock of the newest event, what was seen meanwhile counts,
-- too: nobody has looked at it before.
WITH decisions AS (
    SELECT
        coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) AS group_hash,
        resolutions.shape_id,
        resolutions.decision,
        resolutions.decided_at,
        resolutions.ignored_until,
        resolutions.ignored_users,
        row_number() OVER (
            PARTITION BY coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash)
            ORDER BY resolutions.sequence DESC
        ) AS age,
        row_number() OVER (
            PARTITION BY coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash), resolutions.decision = 'ignored'
            ORDER BY resolutions.sequence DESC
        ) AS age_of_kind
    FROM resolutions
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
    WHERE resolutions.event_id IS NULL
),
-- users are counted for these only: it takes as long as to read all events
ignores AS (
    SELECT
        ignored.group_hash,
        standing.shape_id,
        ignored.decided_at,
        ignored.ignored_users,
        coalesce(ignored.ignored_until <= (SELECT greatest(max(timestamp), max(folded_until)) FROM user_errors), false)
            AS is_over
    FROM decisions AS ignored
    JOIN decisions AS standing ON standing.group_hash = ignored.group_hash
    WHERE ignored.age = 1
        AND ignored.decision = 'ignored'
        AND standing.age_of_kind = 1
        AND standing.decision = 'resolved'
),
hits AS NOT MATERIALIZED (
    SELECT shape_id, place_hash, user_id, timestamp AS first_seen
    FROM user_errors
    UNION ALL
    SELECT shape_id, place_hash, user_id, first_seen
    FROM pruned_stats
),
first_hits AS (
    SELECT ignores.group_hash, ignores.decided_at, hits.user_id, min(hits.first_seen) AS first_seen
    FROM ignores
    JOIN shape_patterns ON shape_patterns.pattern_hash = ignores.group_hash
    JOIN hits ON hits.shape_id = shape_patterns.shape_id
    WHERE ignores.ignored_users IS NOT NULL AND NOT ignores.is_over
    GROUP BY ignores.group_hash, ignores.decided_at, hits.user_id
    UNION ALL
    SELECT ignores.group_hash, ignores.decided_at, hits.user_id, min(hits.first_seen) AS first_seen
    FROM ignores
    JOIN hits ON hits.place_hash = ignores.group_hash
    WHERE ignores.ignored_users IS NOT NULL AND NOT ignores.is_over AND ignores.shape_id IS NULL
    GROUP BY ignores.group_hash, ignores.decided_at, hits.user_id
),
newly_hit AS (
    SELECT group_hash, count(*) AS users
    FROM first_hits
    WHERE first_seen > decided_at
    GROUP BY group_hash
),
resolved AS (
    SELECT
        decisions.group_hash,
        decisions.shape_id,
        decisions.decided_at,
        ignores.group_hash IS NOT NULL AS was_ignored
    FROM decisions
    LEFT JOIN ignores ON ignores.group_hash = decisions.group_hash
    LEFT JOIN newly_hit ON newly_hit.group_hash = decisions.group_hash
    WHERE decisions.age_of_kind = 1
        AND decisions.decision = 'resolved'
        AND (ignores.group_hash IS NULL OR ignores.is_over OR ignores.ignored_users <= newly_hit.users)
),
seen AS NOT MATERIALIZED (
    SELECT id, timestamp, release, error_type, page, action, shape_id, place_hash, true AS is_fresh
    FROM temp.fresh_events
    UNION ALL
    SELECT id, timestamp, release, error_type, page, action, shape_id, place_hash, false AS is_fresh
    FROM user_errors
    WHERE timestamp > (SELECT min(decided_at) FROM resolved WHERE was_ignored)
),
seen_again AS (
    SELECT resolved.group_hash, resolved.shape_id, seen.id, seen.timestamp, seen.release, shape_patterns.template AS pattern
    FROM resolved
    JOIN shape_patterns ON shape_patterns.pattern_hash = resolved.group_hash
    JOIN seen ON seen.shape_id = shape_patterns.shape_id
    WHERE resolved.shape_id IS NOT NULL
        AND seen.timestamp > resolved.decided_at
        AND (seen.is_fresh OR resolved.was_ignored)
    UNION ALL
    SELECT
        resolved.group_hash,
        resolved.shape_id,
        seen.id,
        seen.timestamp,
        seen.release,
        concat_ws(':', seen.error_type, coalesce(seen.page, '-'), coalesce(seen.action, '-')) AS pattern
    FROM resolved
    JOIN seen ON seen.place_hash = resolved.group_hash
    WHERE resolved.shape_id IS NULL
        AND seen.timestamp > resolved.decided_at
        AND (seen.is_fresh OR resolved.was_ignored)
),
in_order AS (
    SELECT *, row_number() OVER (PARTITION BY group_hash ORDER BY timestamp, id) AS place
    FROM seen_again
)
SELECT group_hash, shape_id, timestamp AS first_seen, release, pattern
FROM in_order
WHERE place = 1
ORDER BY first_seen, group_hash;
