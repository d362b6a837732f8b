-- What went wrong for each user, one thing at a time, and how did it end? Expressions that analyses include.
-- `episodes` has one row per episode that begins in ($since, $until]: events of the same user, session and pattern, each at
-- most $gap seconds after the one before. All times are microseconds of Unix time.
-- It ends 'recovered', if an event of it says so; 'moved on', if the session goes on with another pattern; in a 'dead end',
-- if the session ends there and the user was blocked or the severity high or critical; 'quiet', if it was neither; and it
-- is 'open' if its last event is less than $settle seconds before $until, too near to tell. What has no session has
-- nothing behind it. `took` is how long it lasted until then, a silence of $settle seconds included.
occurred AS (
    SELECT
        e.id,
        e.user_id,
        e.session_id,
        shape_patterns.pattern_hash,
        e.page,
        e.action,
        unix_micros(e.timestamp) AS began,
        unix_micros(coalesce(e.folded_until, e.timestamp)) AS ended,
        e.occurrences,
        e.user_blocked,
        lower(e.severity) IN ('high', 'critical') AS is_severe,
        e.recovery_successful
    FROM user_errors AS e
    JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
    WHERE e.timestamp > $since
        AND e.timestamp <= $until
),
compared AS (
    SELECT
        occurred.*,
        lag(ended) OVER (PARTITION BY user_id, session_id, pattern_hash ORDER BY began, id) AS ended_before,
        lag(pattern_hash) OVER (PARTITION BY user_id, session_id ORDER BY began, id) AS pattern_before
    FROM occurred
),
