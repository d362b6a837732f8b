-- values: what stands most often at one place of the template?
-- grain:  one row per value: section, name (the number of the place), value, errors, share (of the errors that fit)
-- params: pattern, a regular expression with a group for each place; place, from 1; most, rows
-- order:  most errors first, then value
WITH messages AS (
    SELECT error_message AS message, sum(occurrences) AS errors
    FROM pattern_events
    GROUP BY error_message
    ORDER BY errors DESC, message
    LIMIT 10000
),
found AS (
    SELECT regexp_extract(message, $pattern, CAST($place AS INTEGER), 's') AS value, errors
    FROM messages
    WHERE regexp_matches(message, $pattern, 's')
)
SELECT
    'values' AS section,
    CAST($place AS VARCHAR) AS name,
    value,
    CAST(sum(errors) AS BIGINT) AS errors,
    NULL AS users,
    CAST(sum(errors) AS DOUBLE) * 100 / (SELECT sum(errors) FROM found) AS share,
    NULL AS elsewhere,
    NULL AS score,
    NULL AS timestamp
FROM found
GROUP BY value
ORDER BY errors DESC, value
LIMIT $most
