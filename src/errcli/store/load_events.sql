-- load_events: add the arriving events to the store.
-- grain:  one row per event that is not known and not folded; its occurrences are those of what is folded into it, too
-- params: now
-- order:  as they arrive, where the engine keeps order
INSERT INTO user_errors BY NAME
WITH sums AS (
    SELECT into_id, CAST(sum(occurrences) AS INTEGER) AS occurrences, max(timestamp) AS newest
    FROM folded
    GROUP BY into_id
)
SELECT
    arriving.* EXCLUDE (seq, plain)
        REPLACE (
            CASE WHEN without_trace.seq IS NULL THEN arriving.technical END AS technical,
            arriving.occurrences + coalesce(sums.occurrences, 0) AS occurrences
        ),
    CASE WHEN sums.newest IS NOT NULL THEN greatest(arriving.timestamp, sums.newest) END AS folded_until,
    arriving_patterns.pattern_hash,
    CAST($now AS TIMESTAMPTZ) AS created_at
FROM memory.arriving
JOIN arriving_patterns
    ON arriving_patterns.error_type = arriving.error_type
    AND arriving_patterns.page IS NOT DISTINCT FROM arriving.page
    AND arriving_patterns.action IS NOT DISTINCT FROM arriving.action
LEFT JOIN without_trace ON without_trace.seq = arriving.seq
LEFT JOIN sums ON sums.into_id = arriving.id
ANTI JOIN folded ON folded.seq = arriving.seq
ANTI JOIN known ON known.seq = arriving.seq;
