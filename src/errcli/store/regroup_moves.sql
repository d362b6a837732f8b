-- regroup_moves: where do the events of each shape go?
-- grain:  shape_moves: one row per shape that all of its events leave: shape_id, moved_to (where most of them go),
--         moved_seen (the time of its first event)
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE shape_moves AS
WITH ways AS (
    SELECT
        regrouped_ways.shape_id AS old_id,
        shapes.shape_id AS new_id,
        row_number() OVER (
            PARTITION BY regrouped_ways.shape_id
            ORDER BY sum(regrouped_ways.looked_at) DESC, shapes.shape_hash
        ) AS place,
        bool_or(shapes.shape_id = regrouped_ways.shape_id) OVER (PARTITION BY regrouped_ways.shape_id) AS stays
    FROM regrouped_ways
    JOIN kind_shapes ON kind_shapes.kind = regrouped_ways.kind
    JOIN shapes ON shapes.shape_id = kind_shapes.shape_id
    WHERE regrouped_ways.shape_id IS NOT NULL
    GROUP BY regrouped_ways.shape_id, shapes.shape_id, shapes.shape_hash
)
SELECT ways.old_id AS shape_id, ways.new_id AS moved_to, shape_stats.first_seen AS moved_seen
FROM ways
JOIN shape_stats ON shape_stats.shape_id = ways.old_id
WHERE ways.place = 1 AND NOT ways.stays;
