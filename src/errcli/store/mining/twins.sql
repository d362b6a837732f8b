-- twins: which of the events that were handed over differ in nothing but their digits?
-- grain:  one row per event, in mining_twins: as no_twins.sql makes it
-- params: none
-- order:  none
-- By what they say, not by a hash of it: texts with the same hash are easily made, and one of twins is searched for secrets.
-- To find those of several parts takes as long as to look at more events.
INSERT INTO mining_twins
WITH firsts AS (
    SELECT said, ends, min(seq) AS seq
    FROM mining_zeroed
    WHERE NOT is_single
    GROUP BY said, ends
)
SELECT events.seq, events.kind, coalesce(firsts.seq, events.seq) AS twin, events.is_single AS is_exact
FROM mining_zeroed AS events
LEFT JOIN firsts ON firsts.said = events.said AND firsts.ends = events.ends AND NOT events.is_single;
