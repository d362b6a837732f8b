-- regressions: which patterns and places are back: resolved, and seen again after that?
-- grain:  one row per pattern or place of which that is not noted yet: group_hash, shape_id, first_seen (the first event
--         after it was resolved), release (of that event), pattern (its template, or its place)
-- params: none
-- order:  by first_seen, then group_hash
WITH last_decisions AS (
    SELECT
        coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) AS group_hash,
        resolutions.shape_id,
        resolutions.decision,
        resolutions.decided_at,
        row_number() OVER (
            PARTITION BY coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash)
            ORDER BY resolutions.sequence DESC
        ) AS age
    FROM resolutions
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
    WHERE resolutions.event_id IS NULL
),
resolved AS (
    SELECT group_hash, shape_id, decided_at
    FROM last_decisions
    WHERE age = 1 AND decision = 'resolved'
),
seen_again AS (
    SELECT
        resolved.group_hash,
        resolved.shape_id,
        events.timestamp,
        events.release,
        CASE
            WHEN resolved.shape_id IS NULL
                THEN concat_ws(':', events.error_type, coalesce(events.page, '-'), coalesce(events.action, '-'))
            ELSE shape_patterns.template
        END AS pattern,
        row_number() OVER (PARTITION BY resolved.group_hash ORDER BY events.timestamp, events.id) AS place
    FROM temp.fresh_events AS events
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = events.shape_id
    JOIN resolved
        ON resolved.group_hash = CASE WHEN resolved.shape_id IS NULL THEN events.place_hash ELSE shape_patterns.pattern_hash END
    WHERE events.timestamp > resolved.decided_at
)
SELECT group_hash, shape_id, timestamp AS first_seen, release, pattern
FROM seen_again
WHERE place = 1
ORDER BY first_seen, group_hash;
