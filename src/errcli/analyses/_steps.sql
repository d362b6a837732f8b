-- Which pattern did each event belong to, and what came next in its session? Expressions that analyses include.
-- `occurred` has one row per event in ($since, $until], `pattern_names` one per pattern. Times are microseconds of Unix time;
-- events of the same time are in the order of their ids. An event without a session is followed by nothing.
patterns AS (
    SELECT shape_id, pattern_hash, template, min(shape_id) OVER (PARTITION BY pattern_hash) AS pattern_id
    FROM shape_patterns
),
pattern_names AS (
    SELECT pattern_id, min(pattern_hash) AS pattern_hash, min(template) AS template
    FROM patterns
    GROUP BY pattern_id
),
occurred AS (
    SELECT
        e.user_id,
        e.session_id,
        patterns.pattern_id,
        e.page,
        e.action,
        unix_micros(e.timestamp) AS began,
        unix_micros(least(coalesce(e.folded_until, e.timestamp), $until)) AS ended,
        e.occurrences,
        CASE WHEN e.user_blocked THEN 1 ELSE 0 END AS is_blocked,
        CASE WHEN e.user_blocked OR lower(e.severity) IN ('high', 'critical') THEN 1 ELSE 0 END AS is_bad,
        CASE lower(e.severity) WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'low' THEN 1 ELSE 2 END AS severity_rank,
        CASE WHEN e.workflow_failed THEN 1 ELSE 0 END AS is_failed,
        CASE WHEN e.data_loss THEN 1 ELSE 0 END AS is_lossy,
        CASE WHEN e.recovery_successful THEN unix_micros(e.timestamp) END AS recovered_at,
        e.recovery_attempted OR e.recovery_successful AS is_attempt,
        e.recovery_method,
        e.recovery_user_action,
        e.user_message,
        row_number() OVER session AS step,
        CASE WHEN e.session_id IS NOT NULL THEN lead(patterns.pattern_id) OVER session END AS next_pattern_id,
        CASE WHEN e.session_id IS NOT NULL THEN lead(unix_micros(e.timestamp)) OVER session END AS next_began
    FROM user_errors AS e
    JOIN patterns ON patterns.shape_id = e.shape_id
    WHERE e.timestamp > $since
        AND e.timestamp <= $until
    WINDOW session AS (PARTITION BY e.user_id, e.session_id ORDER BY e.timestamp, e.id)
),
