-- regroup_report: which events have moved from one pattern to another?
-- grain:  one row per old and new pattern that are not the same: old_hash, old_pattern, new_hash, new_pattern, events,
--         errors, and the decisions that stand for the old one and for the new one
-- params: none
-- order:  most events first, then old_hash, then new_hash
WITH moves AS (
    SELECT
        before.pattern_hash AS old_hash,
        before.template AS old_pattern,
        after.pattern_hash AS new_hash,
        after.template AS new_pattern,
        before.decision AS old_decision,
        sum(ways.events) AS events,
        sum(ways.errors) AS errors
    FROM regrouped_ways AS ways
    JOIN patterns_before AS before ON before.shape_id = ways.shape_id
    JOIN kind_shapes ON kind_shapes.kind = ways.kind
    JOIN shape_patterns AS after ON after.shape_id = kind_shapes.shape_id
    WHERE ways.events > 0 AND (before.pattern_hash <> after.pattern_hash OR before.template <> after.template)
    GROUP BY before.pattern_hash, before.template, after.pattern_hash, after.template, before.decision
)
SELECT
    moves.old_hash,
    moves.old_pattern,
    moves.new_hash,
    moves.new_pattern,
    CAST(moves.events AS BIGINT) AS events,
    CAST(moves.errors AS BIGINT) AS errors,
    moves.old_decision,
    CASE WHEN decisions.ignored_at IS NULL THEN decisions.decision ELSE 'ignored' END AS new_decision
FROM moves
LEFT JOIN standing_decisions AS decisions ON decisions.group_hash = moves.new_hash
ORDER BY events DESC, old_hash, new_hash;
