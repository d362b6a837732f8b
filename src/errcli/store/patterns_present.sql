-- patterns_present: to which pattern does each shape belong?
-- grain:  present_patterns: one row per shape with events, or whose events have moved to one: as in shape_patterns
-- params: none
-- order:  none
-- A pattern's hash is that of its oldest shape: it stays when younger ones join, and when two patterns become one.
CREATE OR REPLACE TEMP TABLE present_patterns AS
WITH templates AS (
    SELECT
        shapes.shape_id,
        shapes.shape_hash,
        shapes.named_by,
        shapes.error_type,
        shapes.error_code,
        coalesce(mined.template, known.template, shapes.shape) AS template,
        live_shapes.errors,
        live_shapes.first_seen
    FROM live_shapes
    JOIN shapes ON shapes.shape_id = live_shapes.shape_id
    LEFT JOIN mined ON mined.shape_id = live_shapes.shape_id
    LEFT JOIN shape_patterns AS known ON known.shape_id = live_shapes.shape_id
),
members AS (
    SELECT *, false AS has_moved, first_seen AS oldest
    FROM templates
    UNION ALL
    SELECT
        shapes.shape_id,
        shapes.shape_hash,
        templates.named_by,
        templates.error_type,
        templates.error_code,
        templates.template,
        0 AS errors,
        NULL AS first_seen,
        true AS has_moved,
        shapes.moved_seen AS oldest
    FROM shapes
    JOIN templates ON templates.shape_id = shapes.moved_to
    ANTI JOIN live_shapes ON live_shapes.shape_id = shapes.shape_id
)
SELECT
    shape_id,
    first_value(shape_hash) OVER (
        PARTITION BY named_by, error_type, error_code, template
        -- of the shapes that one event has had, the one that came first; otherwise numbers depend on batches
        ORDER BY oldest, CASE WHEN was_regrouped THEN shape_id ELSE 0 END, shape_hash
    ) AS pattern_hash,
    template,
    errors,
    first_seen
FROM (
    SELECT *, bool_or(has_moved) OVER (PARTITION BY named_by, error_type, error_code, template) AS was_regrouped
    FROM members
) AS grouped;
