-- regressions: which patterns and places are back: resolved, and seen again after that?
-- grain:  one row per pattern or place of which that is not noted yet: group_hash, shape_id, first_seen (the first event
--         after it was resolved), release (of that event), pattern (its template, or its place)
-- params: none
-- order:  by first_seen, then group_hash
-- What is ignored is not back. Once the ignore has ended, by the clock of the newest event, what was seen meanwhile counts,
-- too: nobody has looked at it before.
WITH newly_hit AS (
    SELECT group_hash, count(*) AS users
    FROM newly_hit_users
    GROUP BY group_hash
),
resolved AS (
    SELECT
        decisions.group_hash,
        decisions.shape_id,
        decisions.decided_at,
        decisions.ignored_at IS NOT NULL AS was_ignored
    FROM standing_decisions AS decisions
    LEFT JOIN newly_hit ON newly_hit.group_hash = decisions.group_hash
    WHERE decisions.decision = 'resolved'
        AND NOT decisions.is_noted_back
        AND (
            decisions.ignored_at IS NULL
            OR decisions.ignored_until <= (SELECT greatest(max(timestamp), max(folded_until)) FROM user_errors)
            OR decisions.ignored_users <= newly_hit.users
        )
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
