-- Which pattern did each event belong to, and what came next in its session? Expressions to be included behind _events, or
-- behind _details.
-- `occurred` has one row per event in ($since, $until], `pattern_names` one per pattern. Times are microseconds of Unix time;
-- events of the same time are in the order of their ids. An event without a session is followed by nothing. The opening
-- pattern is that of the session's first event; `is_ending_blocked` says whether its last one blocked the user.
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
        e.detail_id,
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
        row_number() OVER session AS step,
        CASE WHEN e.session_id IS NOT NULL THEN lead(patterns.pattern_id) OVER session END AS next_pattern_id,
        CASE WHEN e.session_id IS NOT NULL THEN lead(unix_micros(e.timestamp)) OVER session END AS next_began,
        first_value(patterns.pattern_id) OVER session AS opening_pattern_id,
        last_value(CASE WHEN e.user_blocked THEN 1 ELSE 0 END) OVER (
            PARTITION BY e.user_id, e.session_id ORDER BY e.timestamp, e.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS is_ending_blocked
    FROM logged AS e
    JOIN patterns ON patterns.shape_id = e.shape_id
    WINDOW session AS (PARTITION BY e.user_id, e.session_id ORDER BY e.timestamp, e.id)
),
