-- load_traces: which arriving events do without their stack trace, since earlier ones of their pattern have theirs?
-- grain:  one row per such event: seq
-- params: keep, the number of events of a pattern that keep it
-- order:  none
-- What is kept is counted in the store itself, so that a pattern whose events were pruned gets new ones.
CREATE OR REPLACE TEMP TABLE without_trace AS
WITH traced AS (
    SELECT arriving.seq, arriving_patterns.pattern_hash
    FROM memory.arriving
    JOIN arriving_patterns
        ON arriving_patterns.error_type = arriving.error_type
        AND arriving_patterns.page IS NOT DISTINCT FROM arriving.page
        AND arriving_patterns.action IS NOT DISTINCT FROM arriving.action
    ANTI JOIN known ON known.seq = arriving.seq
    ANTI JOIN folded ON folded.seq = arriving.seq
    WHERE arriving.technical IS NOT NULL
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
