-- history: what was decided about it, and when was it back?
-- grain:  one row per decision: section, name (the decision), value (release and note), timestamp
-- params: pattern_hash
-- order:  oldest first
SELECT
    'history' AS section,
    resolutions.decision AS name,
    nullif(concat_ws(
        ', ',
        resolutions.release,
        resolutions.note,
        'until ' || strftime(resolutions.ignored_until, '%Y-%m-%d %H:%M'),
        'until ' || resolutions.ignored_users || ' more users'
    ), '') AS value,
    NULL AS errors,
    NULL AS users,
    NULL AS share,
    NULL AS elsewhere,
    NULL AS score,
    resolutions.decided_at AS timestamp
FROM resolutions
LEFT JOIN shape_patterns ON shape_patterns.shape_id = resolutions.shape_id
WHERE coalesce(shape_patterns.pattern_hash, resolutions.pattern_hash) = $pattern_hash
ORDER BY resolutions.sequence
