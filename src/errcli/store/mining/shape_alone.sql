-- shape_alone: which shape does each event have, where each was looked at?
-- grain:  one row per event, in shaped
-- params: none
-- order:  none
INSERT INTO shaped
SELECT to_shape.seq, hash(to_shape.kind, mining_hash(shapes.shape)) AS kind, shapes.example
FROM to_shape
JOIN example_shapes AS shapes ON shapes.example = to_shape.seq;
