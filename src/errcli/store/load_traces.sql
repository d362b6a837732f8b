-- load_traces: which arriving events do without their stack trace, since earlier ones of their shape have theirs?
-- grain:  one row per such event: seq
-- params: keep, the number of events of a shape that keep it
-- order:  none
-- What is kept is counted in the store itself, so that a shape whose events were pruned gets new ones.
CREATE OR REPLACE TEMP TABLE without_trace AS
WITH traced AS (
    SELECT new_events.seq, new_events.shape_id
    FROM new_events
    ANTI JOIN folded ON folded.seq = new_events.seq
    WHERE new_events.technical IS NOT NULL
),
stored AS (
    SELECT shape_id, count(*) AS events
    FROM user_errors
    WHERE technical IS NOT NULL AND shape_id IN (SELECT shape_id FROM traced)
    GROUP BY shape_id
)
SELECT seq
FROM (
    SELECT
        traced.seq,
        coalesce(stored.events, 0) + row_number() OVER (PARTITION BY traced.shape_id ORDER BY traced.seq) AS place
    FROM traced
    LEFT JOIN stored ON stored.shape_id = traced.shape_id
) AS ranked
WHERE place > $keep;
