-- load_traces: which arriving events do without their stack trace, since earlier ones of their pattern have theirs?
-- grain:  one row per such event: seq
-- params: keep, the number of events of a pattern that keep it
-- order:  none
-- What is kept is counted in the store itself, so that a pattern whose events were pruned gets new ones.
CREATE OR REPLACE TEMP TABLE without_trace AS
WITH traced AS (
    SELECT new_events.seq, new_events.pattern_hash
    FROM new_events
    ANTI JOIN folded ON folded.seq = new_events.seq
    WHERE new_events.technical IS NOT NULL
),
stored AS (
    SELECT pattern_hash, count(*) AS events
    FROM user_errors
    WHERE technical IS NOT NULL AND pattern_hash IN (SELECT pattern_hash FROM traced)
    GROUP BY pattern_hash
)
SELECT seq
FROM (
    SELECT
        traced.seq,
        coalesce(stored.events, 0) + row_number() OVER (PARTITION BY traced.pattern_hash ORDER BY traced.seq) AS place
    FROM traced
    LEFT JOIN stored ON stored.pattern_hash = traced.pattern_hash
) AS ranked
WHERE place > $keep;
