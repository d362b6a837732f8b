-- resolve_covered: how many events does a decision about an event or a pattern cover?
-- grain:  one row: events
-- params: event_id, pattern_hash, decided_at
-- order:  none
SELECT count(*) AS events
FROM user_errors
WHERE id = CAST($event_id AS UUID)
    OR (pattern_hash = $pattern_hash AND timestamp <= $decided_at);
