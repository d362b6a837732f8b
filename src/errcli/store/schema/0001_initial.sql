-- 0001_initial: the tables and views of a store.
-- Events are never updated, but for the count of those folded into them; every other table is derived from them, or is a log of what was done.

-- One row per error event. No key and no index: uniqueness of id is the load's promise, zone maps serve time.
CREATE TABLE user_errors (
    id                   UUID NOT NULL,
    source_id            VARCHAR,               -- the event's own id, where that is no UUID
    user_id              VARCHAR NOT NULL,
    session_id           VARCHAR,
    timestamp            TIMESTAMPTZ NOT NULL,
    error_type           VARCHAR NOT NULL,
    error_code           VARCHAR,
    error_message        VARCHAR,
    user_message         VARCHAR,               -- what the user was shown
    technical            VARCHAR,               -- stack trace, request id and the like
    page                 VARCHAR,
    action               VARCHAR,
    severity             VARCHAR,
    user_blocked         BOOLEAN,
    workflow_failed      BOOLEAN,
    data_loss            BOOLEAN,
    workflow_id          VARCHAR,
    agent_id             VARCHAR,
    input_data           JSON,
    previous_errors      VARCHAR[],
    recovery_attempted   BOOLEAN,
    recovery_successful  BOOLEAN,
    recovery_method      VARCHAR,
    recovery_user_action VARCHAR,
    release              VARCHAR,
    fingerprint          VARCHAR,
    pattern_hash         VARCHAR NOT NULL,      -- SHA-256 over type, page and action
    occurrences          INTEGER NOT NULL DEFAULT 1,  -- itself, and the similar events that were folded into it
    folded_until         TIMESTAMPTZ,           -- the time of the newest of these; NULL where there are none
    created_at           TIMESTAMPTZ NOT NULL   -- when it was loaded
);

-- One row per event that was folded into another: so that it is a duplicate the next time.
CREATE TABLE folded_events (
    id        UUID NOT NULL,
    timestamp TIMESTAMPTZ NOT NULL
);

-- One row per content of a log: how far it is read. A file is known by its first bytes and by those before the place
-- up to which it was read, whatever its name.
CREATE TABLE file_positions (
    reading    VARCHAR NOT NULL,                -- how it is read: format, fields, zone
    head_size  INTEGER NOT NULL,                -- bytes, from the beginning
    head       VARCHAR NOT NULL,                -- their SHA-256
    read_bytes BIGINT NOT NULL,                 -- of the text, after decompression
    tail_size  INTEGER NOT NULL,                -- bytes, up to there
    tail       VARCHAR NOT NULL,                -- their SHA-256
    lines      BIGINT NOT NULL,
    complete   BOOLEAN NOT NULL,                -- whether the last line has its end
    format     VARCHAR NOT NULL,
    file       VARCHAR NOT NULL,                -- its name at that time
    read_at    TIMESTAMPTZ NOT NULL
);

-- One row per load of lines of a file, of pruned times one per file and day: what became of each line.
CREATE TABLE ingested_files (
    file        VARCHAR NOT NULL,
    format      VARCHAR NOT NULL,
    bytes       BIGINT NOT NULL,                -- read, after decompression
    lines       BIGINT NOT NULL,                -- the sum of the six columns that follow
    stored      BIGINT NOT NULL,
    duplicates  BIGINT NOT NULL,
    folded      BIGINT NOT NULL,
    dropped     BIGINT NOT NULL,
    rejected    BIGINT NOT NULL,
    blank       BIGINT NOT NULL,
    ingested_at TIMESTAMPTZ NOT NULL
);

-- One row per line that could not become an event; the same line of the same file is kept once.
CREATE TABLE rejected_lines (
    file        VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,                -- from 1
    reason      VARCHAR NOT NULL,
    text        VARCHAR NOT NULL,               -- redacted, at most 8,192 characters
    ingested_at TIMESTAMPTZ NOT NULL
);

-- One row per load of a file and rule that dropped records of it.
CREATE TABLE dropped_counts (
    file        VARCHAR NOT NULL,
    rule        VARCHAR NOT NULL,
    count       BIGINT NOT NULL,
    ingested_at TIMESTAMPTZ NOT NULL
);

-- One row per decision, in order, append-only: the last one of a target stands.
CREATE TABLE resolutions (
    sequence     BIGINT NOT NULL,               -- from 1, the order of the decisions
    event_id     UUID,                          -- the target: an event ...
    pattern_hash VARCHAR,                       -- ... or a pattern
    resolved     BOOLEAN NOT NULL,              -- true: resolved, false: reopened
    decided_at   TIMESTAMPTZ NOT NULL,          -- a pattern's events up to here are covered
    release      VARCHAR,                       -- the release that carries the fix
    note         VARCHAR
);

-- One row per UTC day with events stored since the last rollup.
CREATE TABLE changed_days (date DATE NOT NULL);

-- One row per prune and (date, pattern, user, page, action) of the events that it deleted: their counts outlive them.
CREATE TABLE pruned_stats (
    date               DATE NOT NULL,
    pattern_hash       VARCHAR NOT NULL,
    error_type         VARCHAR NOT NULL,
    page               VARCHAR,
    action             VARCHAR,
    user_id            VARCHAR NOT NULL,
    error_count        BIGINT NOT NULL,
    blocked_count      BIGINT NOT NULL,
    recovery_attempts  BIGINT NOT NULL,
    recovery_successes BIGINT NOT NULL,
    first_seen         TIMESTAMPTZ NOT NULL,
    last_seen          TIMESTAMPTZ NOT NULL
);

-- One row per prune: events at or before `horizon` are gone and are not taken in again.
CREATE TABLE prunes (
    horizon   TIMESTAMPTZ NOT NULL,
    deleted   BIGINT NOT NULL,
    pruned_at TIMESTAMPTZ NOT NULL
);

-- One row per (UTC date, user), kept by rollup.
CREATE TABLE daily_error_stats (
    date               DATE NOT NULL,
    user_id            VARCHAR NOT NULL,
    error_count        BIGINT NOT NULL,         -- occurrences
    unique_errors      BIGINT NOT NULL,         -- distinct patterns
    blocked_count      BIGINT NOT NULL,
    recovery_rate      DECIMAL(5, 2),           -- percent of attempts; NULL without attempts
    recovery_attempts  BIGINT NOT NULL,
    recovery_successes BIGINT NOT NULL
);

-- One row per pattern, kept by rollup.
CREATE TABLE error_patterns (
    id                    UUID NOT NULL,
    pattern_hash          VARCHAR(64) NOT NULL,
    error_type            VARCHAR NOT NULL,
    error_message_pattern VARCHAR NOT NULL,     -- type:page:action
    occurrence_count      BIGINT NOT NULL,
    affected_users        BIGINT NOT NULL,
    first_seen            TIMESTAMPTZ NOT NULL,
    last_seen             TIMESTAMPTZ NOT NULL,
    common_page           VARCHAR,
    common_action         VARCHAR
);

-- One row per target whose last decision was to resolve it.
CREATE VIEW standing_resolutions AS
SELECT event_id, pattern_hash, decided_at AS resolved_at, release, note
FROM (
    SELECT *, row_number() OVER (PARTITION BY event_id, pattern_hash ORDER BY sequence DESC) AS age
    FROM resolutions
) AS decisions
WHERE age = 1 AND resolved;

-- One row per event, with `resolved`: a resolution of its id, or of its pattern at or after its time, stands.
CREATE VIEW events AS
SELECT
    e.*,
    (own.event_id IS NOT NULL OR coalesce(e.timestamp <= pattern.resolved_at, false)) AS resolved
FROM user_errors AS e
LEFT JOIN standing_resolutions AS own ON own.event_id = e.id
LEFT JOIN standing_resolutions AS pattern ON pattern.pattern_hash = e.pattern_hash;

-- Microseconds since 1970; Spark SQL has a function of this name, so that analyses may use it.
CREATE MACRO unix_micros(moment) AS epoch_us(moment);

-- The UTC day of a time; by arithmetic, which takes an eighth of the cast's time, whatever the session's zone.
CREATE MACRO utc_date(moment) AS CAST(make_timestamp(epoch_us(moment)) AS DATE);

-- One row per (date, pattern, user, page, action) of the events in the store at or before a time, on all days or on
-- changed ones only: what is left out before the events are grouped costs nothing.
CREATE MACRO stats_of_events(up_to, changed_only) AS TABLE
SELECT
    utc_date(timestamp) AS date,
    pattern_hash,
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
    max(coalesce(folded_until, timestamp)) AS last_seen
FROM user_errors
WHERE timestamp <= up_to
    AND (NOT changed_only OR utc_date(timestamp) IN (SELECT changed_days.date FROM changed_days))
GROUP BY utc_date(timestamp), pattern_hash, error_type, page, action, user_id;

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
CREATE MACRO daily_stats_of(event_stats) AS TABLE
SELECT
    date,
    user_id,
    CAST(sum(error_count) AS BIGINT) AS error_count,
    count(DISTINCT pattern_hash) AS unique_errors,
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

-- One row per pattern, computed from the events: what error_patterns holds after a rollup.
CREATE VIEW computed_patterns AS
WITH places AS (
    SELECT
        pattern_hash, error_type, page, action,
        sum(error_count) AS errors,
        row_number() OVER (
            PARTITION BY pattern_hash
            ORDER BY sum(error_count) DESC, error_type, page NULLS LAST, action NULLS LAST
        ) AS place
    FROM event_stats
    GROUP BY pattern_hash, error_type, page, action
),
totals AS (
    SELECT
        pattern_hash,
        CAST(sum(error_count) AS BIGINT) AS occurrence_count,
        count(DISTINCT user_id) AS affected_users,
        min(first_seen) AS first_seen,
        max(last_seen) AS last_seen
    FROM event_stats
    GROUP BY pattern_hash
)
SELECT
    CAST(md5(totals.pattern_hash) AS UUID) AS id,
    totals.pattern_hash,
    places.error_type,
    concat_ws(':', places.error_type, coalesce(places.page, '-'), coalesce(places.action, '-'))
        AS error_message_pattern,
    totals.occurrence_count,
    totals.affected_users,
    totals.first_seen,
    totals.last_seen,
    places.page AS common_page,
    places.action AS common_action
FROM totals
JOIN places ON places.pattern_hash = totals.pattern_hash AND places.place = 1;
