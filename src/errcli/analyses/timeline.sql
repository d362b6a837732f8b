-- timeline: when did errors come, how many, and how many users did they meet?
-- grain:  one row per 48th of ($since, $until], those without errors included; none where all are
-- params: since, until, baseline_since
-- order:  the oldest part first
-- The bounds of the parts are filled in afterwards: here every row has those of the window.
WITH chosen AS (
    SELECT user_id, timestamp, user_blocked, occurrences
    FROM user_errors
    WHERE timestamp > $since
        AND timestamp <= $until
),
beginning AS (
    -- where the window has none, the timeline begins with the first event
    SELECT
        CASE WHEN $since > $baseline_since THEN $since ELSE min(timestamp) - INTERVAL 1 MICROSECOND END AS starts_at
    FROM chosen
    HAVING count(*) > 0
),
parted AS (
    SELECT
        chosen.user_id,
        chosen.user_blocked,
        chosen.occurrences,
        CAST(floor(
            (unix_micros(chosen.timestamp) - 1 - unix_micros(beginning.starts_at))
            * 48 / CAST(unix_micros($until) - unix_micros(beginning.starts_at) AS DOUBLE)
        ) AS INTEGER) AS part
    FROM chosen
    CROSS JOIN beginning
),
part_users AS (
    SELECT
        part,
        user_id,
        sum(occurrences) AS errors,
        coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS blocked
    FROM parted
    GROUP BY part, user_id
),
part_counts AS (
    SELECT part, sum(errors) AS errors, count(*) AS users, sum(blocked) AS blocked
    FROM part_users
    GROUP BY part
),
parts AS (
    SELECT eights.number * 8 + ones.number AS part
    FROM (VALUES (0), (1), (2), (3), (4), (5)) AS eights (number)
    CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7)) AS ones (number)
)
SELECT
    CAST(parts.part + 1 AS BIGINT) AS part,
    beginning.starts_at AS starts_at,
    $until AS ends_at,
    CAST(coalesce(part_counts.errors, 0) AS BIGINT) AS errors,
    CAST(coalesce(part_counts.users, 0) AS BIGINT) AS users,
    CAST(coalesce(part_counts.blocked, 0) AS BIGINT) AS blocked
FROM parts
CROSS JOIN beginning
LEFT JOIN part_counts ON part_counts.part = parts.part
ORDER BY part
