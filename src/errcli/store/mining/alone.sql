-- alone: what are the twins of events of which that is not known yet, where each is to be looked at by itself?
-- grain:  one row per event, in mining_twins
-- params: none
-- order:  none
INSERT INTO mining_twins
SELECT to_shape.seq, to_shape.kind, to_shape.seq AS twin, true AS is_exact
FROM to_shape
ANTI JOIN mining_twins AS known ON known.seq = to_shape.seq;
