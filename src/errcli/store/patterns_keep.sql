-- patterns_keep: keep what was mined.
-- grain:  regrouped_patterns: one row per pattern that has gained or lost a shape; shape_patterns: one row per shape
-- params: none
-- order:  by shape_id
CREATE OR REPLACE TEMP TABLE regrouped_patterns AS
WITH moves AS (
    SELECT
        known.pattern_hash AS old_hash,
        present.pattern_hash AS new_hash,
        known.template AS old_template,
        present.template AS new_template
    FROM present_patterns AS present
    FULL JOIN shape_patterns AS known ON known.shape_id = present.shape_id
)
SELECT DISTINCT pattern_hash
FROM (
    SELECT unnest([old_hash, new_hash]) AS pattern_hash
    FROM moves
    WHERE old_hash IS DISTINCT FROM new_hash OR old_template IS DISTINCT FROM new_template
) AS moved
WHERE pattern_hash IS NOT NULL;

DELETE FROM shape_patterns;

INSERT INTO shape_patterns BY NAME
FROM present_patterns
ORDER BY shape_id;
