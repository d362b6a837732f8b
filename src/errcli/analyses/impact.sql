-- impact: which unresolved errors are of severity high or critical, or block users?
-- grain:  one row per such event in ($since, $until]
-- params: since, until
-- order:  newest first, then id
SELECT
-- include _event
FROM events
WHERE timestamp > $since
    AND timestamp <= $until
    AND (lower(severity) IN ('high', 'critical') OR user_blocked)
    AND NOT resolved
ORDER BY timestamp DESC, id
