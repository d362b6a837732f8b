-- patterns_stale: which shapes have to be mined, since what is known of them or of their neighbours has changed?
-- grain:  shapes_to_mine: one row per shape of a (type, code) with any change: shape_id, error_type, error_code, shape,
--         events; live_shapes: one row per shape with events: shape_id, errors, first_seen
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE live_shapes AS
SELECT shape_id, errors, first_seen
FROM shape_stats;

CREATE OR REPLACE TEMP TABLE shapes_to_mine AS
WITH changed AS (
    SELECT DISTINCT shapes.error_type, shapes.error_code
    FROM live_shapes
    JOIN shapes ON shapes.shape_id = live_shapes.shape_id
    LEFT JOIN shape_patterns ON shape_patterns.shape_id = live_shapes.shape_id
    WHERE shapes.named_by IS NULL AND live_shapes.errors IS DISTINCT FROM shape_patterns.errors
)
SELECT shapes.shape_id, shapes.error_type, shapes.error_code, shapes.shape, live_shapes.errors AS events
FROM live_shapes
JOIN shapes ON shapes.shape_id = live_shapes.shape_id
JOIN changed
    ON changed.error_type = shapes.error_type
    AND changed.error_code IS NOT DISTINCT FROM shapes.error_code
WHERE shapes.named_by IS NULL;
