-- rollup_patterns: bring error_patterns up to date for the patterns seen on a changed day, or of other shapes now.
-- grain:  one row per such pattern
-- params: none
-- order:  by pattern_hash
CREATE OR REPLACE TEMP TABLE changed_patterns AS
SELECT shape_patterns.pattern_hash
FROM changed_event_stats
JOIN shape_patterns ON shape_patterns.shape_id = changed_event_stats.shape_id
UNION
SELECT pattern_hash
FROM regrouped_patterns;

DELETE FROM error_patterns
WHERE pattern_hash IN (SELECT pattern_hash FROM changed_patterns);

INSERT INTO error_patterns BY NAME
SELECT *
FROM computed_patterns
WHERE pattern_hash IN (SELECT pattern_hash FROM changed_patterns)
ORDER BY pattern_hash;
