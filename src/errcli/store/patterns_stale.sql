-- patterns_stale: which shapes have to be mined, since their type and code has others now, or one comes more often by a step?
-- grain:  shapes_to_mine: one row per shape of a (type, code) with any change: shape_id, error_type, error_code, shape,
--         events; live_shapes: one row per shape with events: shape_id, errors, first_seen
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE live_shapes AS
SELECT shape_id, errors, first_seen
FROM shape_stats;

CREATE OR REPLACE TEMP TABLE shapes_to_mine AS
WITH members AS (
    SELECT
        shapes.error_type,
        shapes.error_code,
        -- -1 is of what has to be mined anew
        coalesce(known.errors >= 0, false) AS is_known,
        live_shapes.shape_id IS NOT NULL
        AND (NOT is_known OR mining_often(live_shapes.errors) <> mining_often(known.errors)) AS has_changed
    FROM shapes
    LEFT JOIN live_shapes ON live_shapes.shape_id = shapes.shape_id
    LEFT JOIN shape_patterns AS known ON known.shape_id = shapes.shape_id
    WHERE shapes.named_by IS NULL AND (live_shapes.shape_id IS NOT NULL OR known.shape_id IS NOT NULL)
),
changed AS (
    SELECT error_type, error_code
    FROM members
    GROUP BY error_type, error_code
    HAVING bool_or(has_changed)
        -- what is and was the only shape of its type and code has its template, however often it comes
        AND NOT (count(*) = 1 AND bool_and(is_known))
)
SELECT shapes.shape_id, shapes.error_type, shapes.error_code, shapes.shape, live_shapes.errors AS events
FROM live_shapes
JOIN shapes ON shapes.shape_id = live_shapes.shape_id
JOIN changed
    ON changed.error_type = shapes.error_type
    AND changed.error_code IS NOT DISTINCT FROM shapes.error_code
WHERE shapes.named_by IS NULL;
