-- join_twins: which twins of one stretch are those of another?
-- grain:  the rows of mining_twins
-- params: none
-- order:  none
-- `mining_part` has the twins of the first ones that were read again.
CREATE OR REPLACE TEMP TABLE mining_twins AS
SELECT twins.seq, twins.kind, coalesce(firsts.twin, twins.twin) AS twin, twins.is_exact
FROM mining_twins AS twins
LEFT JOIN mining_part AS firsts ON firsts.seq = twins.twin;
