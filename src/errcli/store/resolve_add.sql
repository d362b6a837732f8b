-- resolve_add: note a decision.
-- grain:  one row
-- params: event_id, pattern_hash, shape_id, decision, decided_at, release, note, ignored_until, ignored_users
-- order:  none
INSERT INTO resolutions BY NAME
SELECT
    coalesce(max(sequence), 0) + 1 AS sequence,
    CAST($event_id AS UUID) AS event_id,
    CAST($pattern_hash AS VARCHAR) AS pattern_hash,
    CAST($shape_id AS INTEGER) AS shape_id,
    $decision = 'resolved' AS resolved,
    CAST($decision AS VARCHAR) AS decision,
    CAST($decided_at AS TIMESTAMPTZ) AS decided_at,
    CAST($release AS VARCHAR) AS release,
    CAST($note AS VARCHAR) AS note,
    CAST($ignored_until AS TIMESTAMPTZ) AS ignored_until,
    CAST($ignored_users AS INTEGER) AS ignored_users
FROM resolutions;
