-- 0002_patterns: an event's message becomes a shape when it is loaded; shapes become patterns when they are mined.
-- What was called a pattern until now, type, page and action, is a place.
DROP VIEW computed_patterns;
DROP VIEW changed_daily_stats;
DROP VIEW computed_daily_stats;
DROP VIEW changed_event_stats;
DROP VIEW event_stats;
DROP VIEW events;
DROP VIEW standing_resolutions;

-- SHA-256 over type, page and action.
ALTER TABLE user_errors RENAME COLUMN pattern_hash TO place_hash;

-- The shape of its message; NULL only until a store of an older version is regrouped.
ALTER TABLE user_errors ADD COLUMN shape_id INTEGER;

-- As in user_errors.
ALTER TABLE pruned_stats RENAME COLUMN pattern_hash TO place_hash;

-- As in user_errors.
ALTER TABLE pruned_stats ADD COLUMN shape_id INTEGER;

-- The shape whose hash was given, where the target is a pattern; with none, pattern_hash is that of a place.
ALTER TABLE resolutions ADD COLUMN shape_id INTEGER;

-- 'resolved', 'reopened', 'ignored', or 'back': seen again, noted by a load.
ALTER TABLE resolutions ADD COLUMN decision VARCHAR;

-- Until when it is ignored; NULL where that is not bound to a time.
ALTER TABLE resolutions ADD COLUMN ignored_until TIMESTAMPTZ;

-- How many users more than at that time end it; NULL where that is not bound to users.
ALTER TABLE resolutions ADD COLUMN ignored_users INTEGER;

UPDATE resolutions
SET decision = CASE WHEN resolved THEN 'resolved' ELSE 'reopened' END;

-- One row per shape: what is left of a message when its values are taken out, or the name that a group was given.
-- It stays when its events are pruned.
CREATE TABLE shapes (
    shape_id   INTEGER NOT NULL,                -- from 1, in the order of loading
    shape_hash VARCHAR(64) NOT NULL,            -- SHA-256 over the next four; the hash of a pattern is one of these
    named_by   VARCHAR,                         -- NULL: its words; else 'fingerprint', 'rule', 'code' or 'place'
    error_type VARCHAR,                         -- NULL where the name stands for itself
    error_code VARCHAR,                         -- likewise
    shape      VARCHAR NOT NULL,
    moved_to   INTEGER,                         -- the shape that most of its events got when they were regrouped
    moved_seen TIMESTAMPTZ                      -- the time of the oldest of these
);

-- One row per shape that was mined: the pattern that it belongs to.
CREATE TABLE shape_patterns (
    shape_id     INTEGER NOT NULL,
    pattern_hash VARCHAR(64) NOT NULL,          -- the hash of the oldest shape of the pattern
    template     VARCHAR NOT NULL,              -- what the messages of the pattern have in common
    errors       BIGINT NOT NULL,               -- of the shape, when it was mined
    first_seen   TIMESTAMPTZ                    -- of the shape, when it was mined; NULL where its events have moved
);

-- One row: the version of the masks by which the shapes of the store were made; 0 is none.
CREATE TABLE mask_set (version INTEGER NOT NULL);

INSERT INTO mask_set VALUES (0);

-- What was pruned has no messages left: its pattern is its place.
INSERT INTO shapes
SELECT
    CAST(row_number() OVER (ORDER BY place) AS INTEGER) AS shape_id,
    sha256(CAST(json_array('place', NULL, NULL, place) AS VARCHAR)) AS shape_hash,
    'place' AS named_by,
    NULL AS error_type,
    NULL AS error_code,
    place AS shape,
    NULL AS moved_to,
    NULL AS moved_seen
FROM (
    SELECT DISTINCT concat_ws(':', error_type, coalesce(page, '-'), coalesce(action, '-')) AS place
    FROM pruned_stats
) AS places;

UPDATE pruned_stats
SET shape_id = shapes.shape_id
FROM shapes
WHERE shapes.shape = concat_ws(':', pruned_stats.error_type, coalesce(page, '-'), coalesce(action, '-'));

-- The patterns are made anew, by message.
DELETE FROM error_patterns;

INSERT INTO changed_days
SELECT date
FROM (
    SELECT utc_date(timestamp) AS date FROM user_errors
    UNION
    SELECT date FROM pruned_stats
) AS days
WHERE date NOT IN (SELECT date FROM changed_days);

-- One row per event or place whose last decision was to resolve it, and per pattern: any of its shapes may be the target.
CREATE VIEW standing_resolutions AS
SELECT event_id, place_hash, pattern_hash, decided_at AS resolved_at, release, note
FROM (
    SELECT
        resolutions.event_id,
        CASE WHEN resolutions.shape_id IS NULL THEN resolutions.pattern_hash END AS place_hash,
        shape_patterns.pattern_hash,
        resolutions.resolved,
        resolutions.decided_at,
        resolutions.release,
        resolutions.note,
        row_number() OVER (
            PARTITION BY
                resolutions.event_id,
                coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash)
            ORDER BY resolutions.sequence DESC
        ) AS age
    FROM resolutions
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
    WHERE resolutions.decision IN ('resolved', 'reopened')
) AS decisions
WHERE age = 1 AND resolved;

-- One row per event, with its pattern, and `resolved`: a resolution of its id, or of its pattern or place at or after
-- its time, stands.
CREATE VIEW events AS
SELECT
    e.*,
    shape_patterns.pattern_hash,
    shape_patterns.template,
    (
        own.event_id IS NOT NULL
        OR coalesce(e.timestamp <= pattern.resolved_at, false)
        OR coalesce(e.timestamp <= place.resolved_at, false)
    ) AS resolved
FROM user_errors AS e
LEFT JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
LEFT JOIN standing_resolutions AS own ON own.event_id = e.id
LEFT JOIN standing_resolutions AS pattern ON pattern.pattern_hash = shape_patterns.pattern_hash
LEFT JOIN standing_resolutions AS place ON place.place_hash = e.place_hash;

-- One row per (date, shape, place, user) of the events in the store at or before a time, on all days or on changed
-- ones only: what is left out before the events are grouped costs nothing.
CREATE OR REPLACE MACRO stats_of_events(up_to, changed_only) AS TABLE
SELECT
    utc_date(timestamp) AS date,
    place_hash,
    error_type,
    page,
    action,
    user_id,
    CAST(sum(occurrences) AS BIGINT) AS error_count,
    CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked_count,
    CAST(coalesce(sum(occurrences) FILTER (WHERE recovery_attempted), 0) AS BIGINT) AS recovery_attempts,
    CAST(coalesce(sum(occurrences) FILTER (WHERE recovery_attempted AND recovery_successful), 0) AS BIGINT)
        AS recovery_successes,
    min(timestamp) AS first_seen,
    max(coalesce(folded_until, timestamp)) AS last_seen,
    shape_id
FROM user_errors
WHERE timestamp <= up_to
    AND (NOT changed_only OR utc_date(timestamp) IN (SELECT changed_days.date FROM changed_days))
GROUP BY utc_date(timestamp), place_hash, error_type, page, action, user_id, shape_id;

-- Rows as in pruned_stats over all events that ever were, to be added up.
CREATE VIEW event_stats AS
FROM stats_of_events('infinity', false)
UNION ALL
FROM pruned_stats;

-- The same for the days that changed since the last rollup.
CREATE VIEW changed_event_stats AS
FROM stats_of_events('infinity', true)
UNION ALL
FROM pruned_stats WHERE date IN (SELECT changed_days.date FROM changed_days);

-- One row per (date, user): rows of event_stats, or of some days of it, added up.
CREATE OR REPLACE MACRO daily_stats_of(event_stats) AS TABLE
SELECT
    date,
    user_id,
    CAST(sum(error_count) AS BIGINT) AS error_count,
    count(DISTINCT place_hash) AS unique_errors,
    CAST(sum(blocked_count) AS BIGINT) AS blocked_count,
    CAST(CAST(sum(recovery_successes) AS DOUBLE) * 100 / nullif(sum(recovery_attempts), 0) AS DECIMAL(5, 2))
        AS recovery_rate,
    CAST(sum(recovery_attempts) AS BIGINT) AS recovery_attempts,
    CAST(sum(recovery_successes) AS BIGINT) AS recovery_successes
FROM query_table(event_stats)
GROUP BY date, user_id;

-- What daily_error_stats holds after a rollup, computed from the events.
CREATE VIEW computed_daily_stats AS
FROM daily_stats_of('event_stats');

-- The same for the days that changed since the last rollup.
CREATE VIEW changed_daily_stats AS
FROM daily_stats_of('changed_event_stats');

-- One row per shape with events that ever were: how many errors, and the time of the first.
CREATE VIEW shape_stats AS
SELECT shape_id, CAST(sum(errors) AS BIGINT) AS errors, min(first_seen) AS first_seen
FROM (
    SELECT shape_id, sum(occurrences) AS errors, min(timestamp) AS first_seen
    FROM user_errors
    GROUP BY shape_id
    UNION ALL
    SELECT shape_id, sum(error_count) AS errors, min(first_seen) AS first_seen
    FROM pruned_stats
    GROUP BY shape_id
) AS counted
WHERE shape_id IS NOT NULL
GROUP BY shape_id;

-- One row per pattern, computed from the events: what error_patterns holds after a rollup.
CREATE VIEW computed_patterns AS
WITH stats AS (
    SELECT event_stats.*, shape_patterns.pattern_hash, shape_patterns.template
    FROM event_stats
    JOIN shape_patterns ON shape_patterns.shape_id = event_stats.shape_id
),
places AS (
    SELECT
        pattern_hash, error_type, page, action,
        row_number() OVER (
            PARTITION BY pattern_hash
            ORDER BY sum(error_count) DESC, error_type, page NULLS LAST, action NULLS LAST
        ) AS place
    FROM stats
    GROUP BY pattern_hash, error_type, page, action
),
totals AS (
    SELECT
        pattern_hash,
        min(template) AS template,
        CAST(sum(error_count) AS BIGINT) AS occurrence_count,
        count(DISTINCT user_id) AS affected_users,
        min(first_seen) AS first_seen,
        max(last_seen) AS last_seen
    FROM stats
    GROUP BY pattern_hash
)
SELECT
    CAST(md5(totals.pattern_hash) AS UUID) AS id,
    totals.pattern_hash,
    places.error_type,
    totals.template AS error_message_pattern,
    totals.occurrence_count,
    totals.affected_users,
    totals.first_seen,
    totals.last_seen,
    places.page AS common_page,
    places.action AS common_action
FROM totals
JOIN places ON places.pattern_hash = totals.pattern_hash AND places.place = 1;

-- One row per pattern or place that somebody decided about: the last decision, and how many users it has hit since.
CREATE VIEW standing_decisions AS
WITH decisions AS (
    SELECT
        coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) AS group_hash,
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
users AS (
    SELECT decisions.group_hash, count(DISTINCT e.user_id) AS users_since
    FROM user_errors AS e
    JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
    JOIN decisions ON decisions.group_hash IN (shape_patterns.pattern_hash, e.place_hash) AND decisions.age = 1
    WHERE decisions.ignored_users IS NOT NULL AND e.timestamp > decisions.decided_at
    GROUP BY decisions.group_hash
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
