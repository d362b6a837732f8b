-- load_events: add the arriving events to the store.
-- grain:  one row per event that is not known and not folded; its occurrences are those of what is folded into it, too
-- params: now
-- order:  as they arrive, where the engine keeps order
INSERT INTO user_errors BY NAME
WITH sums AS (
    SELECT into_id, sum(occurrences) AS occurrences, max(timestamp) AS newest
    FROM folded
    GROUP BY into_id
)
SELECT
    new_events.* EXCLUDE (seq, plain)
        REPLACE (
            CASE WHEN without_trace.seq IS NULL THEN new_events.technical END AS technical,
            CAST(least(new_events.occurrences + coalesce(sums.occurrences, 0), 2147483647) AS INTEGER) AS occurrences
        ),
    CASE WHEN sums.newest IS NOT NULL THEN greatest(new_events.timestamp, sums.newest) END AS folded_until,
    CAST($now AS TIMESTAMPTZ) AS created_at
FROM new_events
LEFT JOIN without_trace ON without_trace.seq = new_events.seq
LEFT JOIN sums ON sums.into_id = new_events.id
ANTI JOIN folded ON folded.seq = new_events.seq;
