-- resolve_covered: how many events does a decision about an event, a pattern or a place cover?
-- grain:  one row: events
-- params: event_id, pattern_hash, shape_id, decided_at
-- order:  none
SELECT count(*) AS events
FROM events
WHERE id = CAST($event_id AS UUID)
    OR (
        timestamp <= $decided_at
        AND CASE WHEN $shape_id IS NULL THEN place_hash = $pattern_hash ELSE pattern_hash = $pattern_hash END
    );
