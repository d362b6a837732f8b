-- 0003_decisions: an ignore lies over what was decided before; users who end it are those who had not had the pattern.

-- One row per pattern or place that somebody decided about: the last decision that is no ignore, if there is any, with the
-- shape whose hash it named and whether it is noted that the pattern is back since; of an ignore that came after all others
-- also from when on and until when, or with how many users more, it holds.
CREATE OR REPLACE VIEW standing_decisions AS
WITH decisions AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY group_hash ORDER BY sequence DESC) AS age,
        row_number() OVER (PARTITION BY group_hash, decision = 'ignored' ORDER BY sequence DESC) AS age_of_kind
    FROM (
        SELECT
            resolutions.* EXCLUDE (pattern_hash),
            coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) AS group_hash,
            max(resolutions.sequence) FILTER (WHERE resolutions.decision = 'back')
                OVER (PARTITION BY coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash)) AS noted_back
        FROM resolutions
        LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
        WHERE resolutions.event_id IS NULL
    ) AS notes
    WHERE decision IN ('resolved', 'reopened', 'ignored')
)
SELECT
    last.group_hash,
    coalesce(standing.shape_id, last.shape_id) AS shape_id,
    standing.decision,
    standing.decided_at,
    standing.release,
    standing.note,
    coalesce(standing.noted_back > standing.sequence, false) AS is_noted_back,
    CASE WHEN last.decision = 'ignored' THEN last.decided_at END AS ignored_at,
    last.ignored_until,
    last.ignored_users
FROM decisions AS last
LEFT JOIN decisions AS standing
    ON standing.group_hash = last.group_hash AND standing.age_of_kind = 1 AND standing.decision <> 'ignored'
WHERE last.age = 1;

-- One row per pattern or place that is ignored until more users have it, and user who has it since and had not had it
-- before: when they had it first. Users of pruned days count, too.
CREATE VIEW newly_hit_users AS
WITH ignores AS (
    SELECT group_hash, shape_id, ignored_at
    FROM standing_decisions
    WHERE ignored_users IS NOT NULL
),
hits AS NOT MATERIALIZED (
    SELECT shape_id, place_hash, user_id, timestamp AS first_seen
    FROM user_errors
    UNION ALL
    SELECT shape_id, place_hash, user_id, first_seen
    FROM pruned_stats
),
hits_of_ignored AS (
    SELECT ignores.group_hash, ignores.ignored_at, hits.user_id, hits.first_seen
    FROM ignores
    JOIN shape_patterns ON shape_patterns.pattern_hash = ignores.group_hash
    JOIN hits ON hits.shape_id = shape_patterns.shape_id
    UNION ALL
    SELECT ignores.group_hash, ignores.ignored_at, hits.user_id, hits.first_seen
    FROM ignores
    JOIN hits ON hits.place_hash = ignores.group_hash
    WHERE ignores.shape_id IS NULL
)
SELECT group_hash, user_id, min(first_seen) AS first_seen
FROM hits_of_ignored
GROUP BY group_hash, user_id, ignored_at
HAVING min(first_seen) > ignored_at;
