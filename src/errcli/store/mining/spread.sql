-- spread: which events have the shape of the twin that was looked at?
-- grain:  one row per such event, in shaped: seq, shape
-- params: none
-- order:  none
INSERT INTO shaped
SELECT twins.seq, shapes.shape
FROM mining_twins AS twins
JOIN mining_chosen AS chosen ON chosen.twin = twins.twin
JOIN mining_shapes AS shapes ON shapes.seq = chosen.seq
WHERE chosen.is_sure OR NOT shapes.by_digits;
