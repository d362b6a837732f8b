-- resolve_add: note a decision.
-- grain:  one row
-- params: event_id, pattern_hash, resolved, decided_at, release, note
-- order:  none
INSERT INTO resolutions (sequence, event_id, pattern_hash, resolved, decided_at, release, note)
SELECT
    coalesce(max(sequence), 0) + 1,
    CAST($event_id AS UUID),
    CAST($pattern_hash AS VARCHAR),
    CAST($resolved AS BOOLEAN),
    CAST($decided_at AS TIMESTAMPTZ),
    CAST($release AS VARCHAR),
    CAST($note AS VARCHAR)
FROM resolutions;
