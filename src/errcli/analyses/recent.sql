-- recent: what did users run into last, whoever they are?
-- grain:  one row per event in ($since, $until]
-- params: since, until
-- order:  newest first, then id
SELECT
-- include _event
FROM events
WHERE timestamp > $since
    AND timestamp <= $until
ORDER BY timestamp DESC, id
