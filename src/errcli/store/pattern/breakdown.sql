-- breakdown: which users, pages and so on does it hit most?
-- grain:  one row per field and value: section (the field), value, errors, users, share (of all its errors)
-- params: most, values of a field
-- order:  by field as listed, most errors first, then value
WITH fields AS (
    SELECT 1 AS rank, 'users' AS section, user_id AS value, user_id, occurrences FROM pattern_events
    UNION ALL
    SELECT 2 AS rank, 'pages' AS section, page AS value, user_id, occurrences FROM pattern_events
    UNION ALL
    SELECT 3 AS rank, 'actions' AS section, action AS value, user_id, occurrences FROM pattern_events
    UNION ALL
    SELECT 4 AS rank, 'codes' AS section, error_code AS value, user_id, occurrences FROM pattern_events
    UNION ALL
    SELECT 5 AS rank, 'severities' AS section, severity AS value, user_id, occurrences FROM pattern_events
),
counted AS (
    SELECT
        rank, section, value,
        CAST(sum(occurrences) AS BIGINT) AS errors,
        count(DISTINCT user_id) AS users,
        row_number() OVER (PARTITION BY section ORDER BY sum(occurrences) DESC, value) AS place
    FROM fields
    WHERE value IS NOT NULL
    GROUP BY rank, section, value
)
SELECT
    section,
    NULL AS name,
    value,
    errors,
    CASE WHEN section <> 'users' THEN users END AS users,
    CAST(errors AS DOUBLE) * 100 / (SELECT sum(occurrences) FROM pattern_events) AS share,
    NULL AS elsewhere,
    NULL AS score,
    NULL AS timestamp
FROM counted
WHERE place <= $most
ORDER BY rank, errors DESC, value
