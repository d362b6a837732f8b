-- resolve_find_pattern: which patterns or places have a hash that begins like this?
-- grain:  one row per pattern or place, two at most: more than one is already too many; shape_id is NULL for a place
-- params: prefix
-- order:  patterns first by their own hashes, then by hashes of other shapes of theirs, then places
WITH hashes AS (
    SELECT 1 AS kind, shapes.shape_hash AS hash, shape_patterns.pattern_hash
    FROM shapes
    JOIN shape_patterns ON shape_patterns.shape_id = shapes.shape_id
    WHERE starts_with(shapes.shape_hash, $prefix) AND shapes.shape_hash = shape_patterns.pattern_hash
    UNION
    SELECT 2 AS kind, shapes.shape_hash AS hash, shape_patterns.pattern_hash
    FROM shapes
    JOIN shape_patterns ON shape_patterns.shape_id = shapes.shape_id
    WHERE starts_with(shapes.shape_hash, $prefix)
    UNION
    SELECT 3 AS kind, place_hash AS hash, place_hash AS pattern_hash
    FROM user_errors
    WHERE starts_with(place_hash, $prefix)
    UNION
    SELECT 3 AS kind, place_hash AS hash, place_hash AS pattern_hash
    FROM pruned_stats
    WHERE starts_with(place_hash, $prefix)
)
SELECT DISTINCT hashes.pattern_hash, CASE WHEN hashes.kind < 3 THEN shapes.shape_id END AS shape_id
FROM hashes
LEFT JOIN shapes ON shapes.shape_hash = hashes.pattern_hash
WHERE hashes.kind = (SELECT min(kind) FROM hashes)
ORDER BY hashes.pattern_hash
LIMIT 2;
