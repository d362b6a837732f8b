-- regroup_before: to which pattern does each shape belong before anything changes, and what was decided about that?
-- grain:  one row per shape: shape_id, pattern_hash, template, decision
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE patterns_before AS
SELECT
    shape_patterns.shape_id,
    shape_patterns.pattern_hash,
    shape_patterns.template,
    CASE WHEN decisions.ignored_at IS NULL THEN decisions.decision ELSE 'ignored' END AS decision
FROM shape_patterns
LEFT JOIN standing_decisions AS decisions ON decisions.group_hash = shape_patterns.pattern_hash;
