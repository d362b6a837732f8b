-- spread: which events have the shape of the twin that was looked at?
-- grain:  one row per such event, in shaped
-- params: none
-- order:  none
INSERT INTO shaped
SELECT twins.seq, hash(twins.kind, examples.shape_hash) AS kind, examples.example
FROM mining_twins AS twins
JOIN (
    SELECT chosen.twin, shapes.example, hash(shapes.shape) AS shape_hash
    FROM mining_chosen AS chosen
    ANTI JOIN mining_unlike AS unlike ON unlike.twin = chosen.twin
    JOIN example_shapes AS shapes ON shapes.example = chosen.seq
) AS examples ON examples.twin = twins.twin;
