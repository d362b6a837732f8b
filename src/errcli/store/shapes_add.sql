-- shapes_add: give new shapes their numbers.
-- grain:  shapes: one row per shape of an event that the store does not know; kind_shapes: one row per kind: kind,
--         place_hash, shape_id
-- params: none
-- order:  none
INSERT INTO shapes
SELECT
    CAST(
        coalesce((SELECT max(shape_id) FROM shapes), 0) + row_number() OVER (ORDER BY fresh.shape_hash) AS INTEGER
    ) AS shape_id,
    fresh.shape_hash,
    fresh.named_by,
    fresh.shape_type AS error_type,
    fresh.shape_code AS error_code,
    fresh.shape,
    NULL AS moved_to,
    NULL AS moved_seen
FROM (
    SELECT DISTINCT kinds.shape_hash, kinds.named_by, kinds.shape_type, kinds.shape_code, kinds.shape
    FROM kinds
    SEMI JOIN shaped ON shaped.kind = kinds.kind
) AS fresh
ANTI JOIN shapes AS known ON known.shape_hash = fresh.shape_hash;

CREATE OR REPLACE TEMP TABLE kind_shapes AS
SELECT kinds.kind, kinds.place_hash, shapes.shape_id
FROM kinds
JOIN shapes ON shapes.shape_hash = kinds.shape_hash;
