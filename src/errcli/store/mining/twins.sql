-- twins: which events of a stretch differ in nothing but their digits?
-- grain:  one row per event, in mining_twins: as no_twins.sql makes it
-- params: none
-- order:  none
INSERT INTO mining_twins
SELECT
    seq,
    kind,
    CASE WHEN is_single THEN hash(seq) ELSE hash(said, others) END AS twin,
    is_single AS is_exact
FROM mining_zeroed;
