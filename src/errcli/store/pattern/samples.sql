-- samples: what do such events look like?
-- grain:  one row per event, three at most: section, name (its user), value (its message), timestamp; the newest one, the
--         newest of another user, the newest of another page than that of the first
-- params: none
-- order:  newest first, then message
WITH newest AS (
    SELECT id, user_id, page FROM pattern_events ORDER BY timestamp DESC, id LIMIT 1
),
chosen AS (
    SELECT id FROM newest
    UNION
    SELECT id FROM (
        SELECT id FROM pattern_events WHERE user_id <> (SELECT user_id FROM newest) ORDER BY timestamp DESC, id LIMIT 1
    )
    UNION
    SELECT id FROM (
        SELECT id FROM pattern_events
        WHERE page IS DISTINCT FROM (SELECT page FROM newest)
        ORDER BY timestamp DESC, id LIMIT 1
    )
)
SELECT
    'samples' AS section,
    user_id AS name,
    coalesce(error_message, error_code, '-') AS value,
    NULL AS errors,
    NULL AS users,
    NULL AS share,
    NULL AS elsewhere,
    NULL AS score,
    timestamp
FROM pattern_events
WHERE id IN (SELECT id FROM chosen)
ORDER BY timestamp DESC, id
