-- shapes: of which shapes is the pattern, by whom was it named, and which hashes lead to it?
-- grain:  one row per shape: shape_hash, named_by, shape, template, errors, has_moved, message (an example)
-- params: pattern_hash
-- order:  most errors first, then shape
SELECT
    shapes.shape_hash,
    shapes.named_by,
    shapes.shape,
    shape_patterns.template,
    shape_patterns.errors,
    shape_patterns.first_seen IS NULL AS has_moved,
    (SELECT max(e.error_message) FROM user_errors AS e WHERE e.shape_id = shapes.shape_id) AS message
FROM shape_patterns
JOIN shapes ON shapes.shape_id = shape_patterns.shape_id
WHERE shape_patterns.pattern_hash = $pattern_hash
ORDER BY shape_patterns.errors DESC, shapes.shape
