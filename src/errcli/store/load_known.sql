-- load_known: which of the arriving events are not to be stored, and why?
-- grain:  one row per such event: seq, its number in the file, and `rule`; NULL for a duplicate, of which the first
--         stays
-- params: none
-- order:  none
-- In most loads these are few or none: the events that are stored need not be joined with anything.
CREATE OR REPLACE TEMP TABLE known AS
WITH arriving AS (
    SELECT arriving.seq, arriving.id, arriving.timestamp
    FROM temp.arriving
    ANTI JOIN dropped ON dropped.seq = arriving.seq
),
horizon AS (SELECT max(horizon) AS horizon FROM prunes),
repeated AS (SELECT id, min(seq) AS seq FROM arriving GROUP BY id HAVING count(*) > 1)
SELECT dropped.seq, dropped.rule
FROM dropped
UNION ALL
SELECT arriving.seq, 'pruned' AS rule
FROM arriving
WHERE arriving.timestamp <= (SELECT horizon FROM horizon)
UNION ALL
SELECT arriving.seq, NULL AS rule
FROM arriving
LEFT JOIN repeated ON repeated.id = arriving.id
WHERE arriving.timestamp > coalesce((SELECT horizon FROM horizon), '-infinity')
    AND (
        arriving.seq > repeated.seq
        OR arriving.id IN (SELECT id FROM user_errors SEMI JOIN arriving AS new ON new.id = user_errors.id)
        OR arriving.id IN (SELECT id FROM folded_events)
    );

-- What is not to be stored needs no shape.
DELETE FROM shaped
WHERE seq IN (SELECT seq FROM known);
