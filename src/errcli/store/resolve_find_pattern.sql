-- resolve_find_pattern: which patterns have a hash that begins like this?
-- grain:  one row per pattern, two at most: more than one is already too many
-- params: prefix
-- order:  by pattern_hash
SELECT DISTINCT pattern_hash
FROM (
    SELECT pattern_hash FROM user_errors
    UNION ALL
    SELECT pattern_hash FROM error_patterns
) AS known
WHERE starts_with(pattern_hash, $prefix)
ORDER BY pattern_hash
LIMIT 2;
