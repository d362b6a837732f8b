-- user-timeline: when did each pattern befall one user, and how did it end?
-- grain:  one row per pattern of the user's events in ($since, $until]
-- params: user_id, since, until, baseline_since, gap, settle
-- order:  first seen first, then pattern_hash
-- The strip has the errors in each of 48 equal parts of the window, oldest first, and `!` behind a number of which at least
-- one error blocked the user.
WITH chosen AS (
    SELECT
        e.id,
        e.session_id,
        e.timestamp,
        e.folded_until,
        e.page,
        e.severity,
        e.user_blocked,
        e.recovery_successful,
        e.occurrences,
        shape_patterns.pattern_hash,
        shape_patterns.template
    FROM user_errors AS e
    JOIN shape_patterns ON shape_patterns.shape_id = e.shape_id
    WHERE e.user_id = $user_id
        AND e.timestamp > $since
        AND e.timestamp <= $until
),
-- include _chain
beginning AS (
    -- where the window has none, the strip begins with the first event
    SELECT
        CASE WHEN $since > $baseline_since THEN unix_micros($since) ELSE min(unix_micros(timestamp)) - 1 END
            AS since_micros
    FROM chosen
),
pieces AS (
    SELECT
        pattern_hash,
        part,
        CAST(sum(occurrences) AS STRING) AS errors,
        max(CASE WHEN user_blocked THEN '!' ELSE '' END) AS mark
    FROM (
        SELECT
            chosen.pattern_hash,
            chosen.occurrences,
            chosen.user_blocked,
            CAST(floor(
                (unix_micros(chosen.timestamp) - 1 - beginning.since_micros)
                * 48 / CAST(unix_micros($until) - beginning.since_micros AS DOUBLE)
            ) AS INTEGER) AS part
        FROM chosen
        CROSS JOIN beginning
    ) AS parted
    GROUP BY pattern_hash, part
),
strips AS (
    -- every number but 0 comes behind '0'
    SELECT
        pattern_hash,
        max(CASE WHEN part = 0 THEN piece ELSE '0' END) AS p0, max(CASE WHEN part = 1 THEN piece ELSE '0' END) AS p1,
        max(CASE WHEN part = 2 THEN piece ELSE '0' END) AS p2, max(CASE WHEN part = 3 THEN piece ELSE '0' END) AS p3,
        max(CASE WHEN part = 4 THEN piece ELSE '0' END) AS p4, max(CASE WHEN part = 5 THEN piece ELSE '0' END) AS p5,
        max(CASE WHEN part = 6 THEN piece ELSE '0' END) AS p6, max(CASE WHEN part = 7 THEN piece ELSE '0' END) AS p7,
        max(CASE WHEN part = 8 THEN piece ELSE '0' END) AS p8, max(CASE WHEN part = 9 THEN piece ELSE '0' END) AS p9,
        max(CASE WHEN part = 10 THEN piece ELSE '0' END) AS p10, max(CASE WHEN part = 11 THEN piece ELSE '0' END) AS p11,
        max(CASE WHEN part = 12 THEN piece ELSE '0' END) AS p12, max(CASE WHEN part = 13 THEN piece ELSE '0' END) AS p13,
        max(CASE WHEN part = 14 THEN piece ELSE '0' END) AS p14, max(CASE WHEN part = 15 THEN piece ELSE '0' END) AS p15,
        max(CASE WHEN part = 16 THEN piece ELSE '0' END) AS p16, max(CASE WHEN part = 17 THEN piece ELSE '0' END) AS p17,
        max(CASE WHEN part = 18 THEN piece ELSE '0' END) AS p18, max(CASE WHEN part = 19 THEN piece ELSE '0' END) AS p19,
        max(CASE WHEN part = 20 THEN piece ELSE '0' END) AS p20, max(CASE WHEN part = 21 THEN piece ELSE '0' END) AS p21,
        max(CASE WHEN part = 22 THEN piece ELSE '0' END) AS p22, max(CASE WHEN part = 23 THEN piece ELSE '0' END) AS p23,
        max(CASE WHEN part = 24 THEN piece ELSE '0' END) AS p24, max(CASE WHEN part = 25 THEN piece ELSE '0' END) AS p25,
        max(CASE WHEN part = 26 THEN piece ELSE '0' END) AS p26, max(CASE WHEN part = 27 THEN piece ELSE '0' END) AS p27,
        max(CASE WHEN part = 28 THEN piece ELSE '0' END) AS p28, max(CASE WHEN part = 29 THEN piece ELSE '0' END) AS p29,
        max(CASE WHEN part = 30 THEN piece ELSE '0' END) AS p30, max(CASE WHEN part = 31 THEN piece ELSE '0' END) AS p31,
        max(CASE WHEN part = 32 THEN piece ELSE '0' END) AS p32, max(CASE WHEN part = 33 THEN piece ELSE '0' END) AS p33,
        max(CASE WHEN part = 34 THEN piece ELSE '0' END) AS p34, max(CASE WHEN part = 35 THEN piece ELSE '0' END) AS p35,
        max(CASE WHEN part = 36 THEN piece ELSE '0' END) AS p36, max(CASE WHEN part = 37 THEN piece ELSE '0' END) AS p37,
        max(CASE WHEN part = 38 THEN piece ELSE '0' END) AS p38, max(CASE WHEN part = 39 THEN piece ELSE '0' END) AS p39,
        max(CASE WHEN part = 40 THEN piece ELSE '0' END) AS p40, max(CASE WHEN part = 41 THEN piece ELSE '0' END) AS p41,
        max(CASE WHEN part = 42 THEN piece ELSE '0' END) AS p42, max(CASE WHEN part = 43 THEN piece ELSE '0' END) AS p43,
        max(CASE WHEN part = 44 THEN piece ELSE '0' END) AS p44, max(CASE WHEN part = 45 THEN piece ELSE '0' END) AS p45,
        max(CASE WHEN part = 46 THEN piece ELSE '0' END) AS p46, max(CASE WHEN part = 47 THEN piece ELSE '0' END) AS p47
    FROM (SELECT pattern_hash, part, errors || mark AS piece FROM pieces) AS written
    GROUP BY pattern_hash
),
totals AS (
    SELECT
        pattern_hash,
        min(template) AS pattern,
        CAST(sum(occurrences) AS BIGINT) AS errors,
        CAST(coalesce(sum(occurrences) FILTER (WHERE user_blocked), 0) AS BIGINT) AS blocked,
        min(timestamp) AS first_seen,
        max(least(coalesce(folded_until, timestamp), $until)) AS last_seen
    FROM chosen
    GROUP BY pattern_hash
),
newest AS (
    SELECT
        chosen.pattern_hash,
        chosen.page,
        chosen.session_id,
        chained.outcome,
        row_number() OVER (PARTITION BY chosen.pattern_hash ORDER BY chosen.timestamp DESC, chosen.id DESC) AS place
    FROM chosen
    JOIN chained ON chained.id = chosen.id
)
SELECT
    totals.pattern AS pattern,
    totals.pattern_hash AS pattern_hash,
    totals.errors AS errors,
    totals.blocked AS blocked,
    strips.p0 || ' ' || strips.p1 || ' ' || strips.p2 || ' ' || strips.p3 || ' ' || strips.p4 || ' ' || strips.p5 || ' ' || strips.p6 || ' ' || strips.p7
        || ' ' || strips.p8 || ' ' || strips.p9 || ' ' || strips.p10 || ' ' || strips.p11 || ' ' || strips.p12 || ' ' || strips.p13 || ' ' || strips.p14 || ' ' || strips.p15
        || ' ' || strips.p16 || ' ' || strips.p17 || ' ' || strips.p18 || ' ' || strips.p19 || ' ' || strips.p20 || ' ' || strips.p21 || ' ' || strips.p22 || ' ' || strips.p23
        || ' ' || strips.p24 || ' ' || strips.p25 || ' ' || strips.p26 || ' ' || strips.p27 || ' ' || strips.p28 || ' ' || strips.p29 || ' ' || strips.p30 || ' ' || strips.p31
        || ' ' || strips.p32 || ' ' || strips.p33 || ' ' || strips.p34 || ' ' || strips.p35 || ' ' || strips.p36 || ' ' || strips.p37 || ' ' || strips.p38 || ' ' || strips.p39
        || ' ' || strips.p40 || ' ' || strips.p41 || ' ' || strips.p42 || ' ' || strips.p43 || ' ' || strips.p44 || ' ' || strips.p45 || ' ' || strips.p46 || ' ' || strips.p47 AS strip,
    totals.first_seen AS first_seen,
    totals.last_seen AS last_seen,
    newest.page AS page,
    newest.outcome AS outcome,
    newest.session_id AS session_id
FROM totals
JOIN strips ON strips.pattern_hash = totals.pattern_hash
JOIN newest ON newest.pattern_hash = totals.pattern_hash AND newest.place = 1
ORDER BY first_seen, pattern_hash
