-- patterns_keep: keep what was mined.
-- grain:  regrouped_patterns: one row per pattern that has gained or lost a shape; shape_patterns: one row per shape;
--         resolutions: what was decided about a pattern once more for each part that it comes apart into
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

-- Of a pattern that came apart, that part keeps the hash, and the decisions, which has the oldest shape.
INSERT INTO resolutions BY NAME
WITH parts AS (
    SELECT known.pattern_hash AS whole_hash, present.pattern_hash, shapes.shape_id
    FROM present_patterns AS present
    JOIN shapes ON shapes.shape_id = present.shape_id AND shapes.shape_hash = present.pattern_hash
    JOIN shape_patterns AS known ON known.shape_id = present.shape_id
    WHERE known.pattern_hash <> present.pattern_hash
)
SELECT
    (SELECT max(sequence) FROM resolutions)
        + row_number() OVER (ORDER BY parts.pattern_hash, resolutions.sequence) AS sequence,
    resolutions.* EXCLUDE (sequence) REPLACE (parts.pattern_hash AS pattern_hash, parts.shape_id AS shape_id)
FROM parts
JOIN shape_patterns AS known ON known.pattern_hash = parts.whole_hash
JOIN resolutions ON resolutions.shape_id = known.shape_id
ANTI JOIN resolutions AS own ON own.shape_id = parts.shape_id;

DELETE FROM shape_patterns;

INSERT INTO shape_patterns BY NAME
FROM present_patterns
ORDER BY shape_id;
