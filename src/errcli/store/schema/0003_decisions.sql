-- 0003_decisions: users who end an ignore are those who had not had the pattern before, also where they were pruned.

-- One row per pattern or place that somebody decided about: the last decision, and how many users it has hit since who
-- had not been hit before. Users are counted where they end an ignore; those of pruned days count, too.
CREATE OR REPLACE VIEW standing_decisions AS
WITH decisions AS (
    SELECT
        coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) AS group_hash,
        resolutions.shape_id,
        resolutions.decision,
        resolutions.decided_at,
        resolutions.release,
        resolutions.note,
        resolutions.ignored_until,
        resolutions.ignored_users,
        row_number() OVER (
            PARTITION BY coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash)
            ORDER BY resolutions.sequence DESC
        ) AS age
    FROM resolutions
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
    WHERE resolutions.event_id IS NULL AND resolutions.decision IN ('resolved', 'reopened', 'ignored')
),
counted AS (
    SELECT group_hash, shape_id, decided_at
    FROM decisions
    WHERE age = 1 AND ignored_users IS NOT NULL
),
hits AS NOT MATERIALIZED (
    SELECT shape_id, place_hash, user_id, timestamp AS first_seen
    FROM user_errors
    UNION ALL
    SELECT shape_id, place_hash, user_id, first_seen
    FROM pruned_stats
),
first_hits AS (
    SELECT counted.group_hash, counted.decided_at, hits.user_id, min(hits.first_seen) AS first_seen
    FROM counted
    JOIN shape_patterns ON shape_patterns.pattern_hash = counted.group_hash
    JOIN hits ON hits.shape_id = shape_patterns.shape_id
    GROUP BY counted.group_hash, counted.decided_at, hits.user_id
    UNION ALL
    SELECT counted.group_hash, counted.decided_at, hits.user_id, min(hits.first_seen) AS first_seen
    FROM counted
    JOIN hits ON hits.place_hash = counted.group_hash
    WHERE counted.shape_id IS NULL
    GROUP BY counted.group_hash, counted.decided_at, hits.user_id
),
users AS (
    SELECT group_hash, count(*) AS users_since
    FROM first_hits
    WHERE first_seen > decided_at
    GROUP BY group_hash
)
SELECT
    decisions.group_hash,
    decisions.decision,
    decisions.decided_at,
    decisions.release,
    decisions.note,
    decisions.ignored_until,
    decisions.ignored_users,
    coalesce(users.users_since, 0) AS users_since
FROM decisions
LEFT JOIN users ON users.group_hash = decisions.group_hash
WHERE decisions.age = 1;
