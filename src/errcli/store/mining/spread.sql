-- spread: which events have the shape of the twin that was looked at?
-- grain:  one row per such event, in shaped
-- params: none
-- order:  none
-- Materialized, since all events would be joined twice else.
INSERT INTO shaped
WITH examples AS MATERIALIZED (
    SELECT chosen.twin, shapes.example, mining_hash(shapes.shape) AS shape_hash
    FROM mining_chosen AS chosen
    ANTI JOIN mining_unlike AS unlike ON unlike.twin = chosen.twin
    JOIN example_shapes AS shapes ON shapes.example = chosen.seq
)
SELECT twins.seq, hash(twins.kind, examples.shape_hash) AS kind, examples.example
FROM mining_twins AS twins
JOIN examples ON examples.twin = twins.twin;
