-- user: what did one user run into, newest first?
-- grain:  one row per event of the user in ($since, $until]
-- params: user_id, since, until
-- order:  newest first, then id
SELECT
-- include _event
FROM events
WHERE user_id = $user_id
    AND timestamp > $since
    AND timestamp <= $until
ORDER BY timestamp DESC, id
