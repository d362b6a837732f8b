-- cascades: which error leads to which?
-- grain:  one row per pattern and the one that directly follows it in at least $min_sessions sessions of ($since, $until]
-- params: since, until, min_sessions
-- order:  most sessions first, then most times, then pattern_hash, then leads_to_hash
-- Errors of one pattern in a row are one run. Probable is compared with how often the second pattern follows on any run but
-- its own: on those it cannot follow. `q` is made from the counts, and not here.
WITH
-- include _steps
-- include _runs
session_ends AS (
    SELECT user_id, session_id, is_blocked
    FROM occurred
    WHERE session_id IS NOT NULL
        AND next_pattern_id IS NULL
),
session_pairs AS (
    SELECT user_id, session_id, pattern_id, next_pattern_id, count(*) AS times
    FROM runs
    WHERE next_pattern_id IS NOT NULL
    GROUP BY user_id, session_id, pattern_id, next_pattern_id
),
pairs AS (
    SELECT
        session_pairs.pattern_id,
        session_pairs.next_pattern_id,
        count(*) AS sessions,
        CAST(sum(session_pairs.times) AS BIGINT) AS times,
        CAST(sum(session_ends.is_blocked) AS DOUBLE) AS blocked
    FROM session_pairs
    JOIN session_ends
        ON session_ends.user_id = session_pairs.user_id AND session_ends.session_id = session_pairs.session_id
    GROUP BY session_pairs.pattern_id, session_pairs.next_pattern_id
    HAVING count(*) >= $min_sessions
),
pair_users AS (
    SELECT pattern_id, next_pattern_id, count(*) AS users
    FROM (
        SELECT pattern_id, next_pattern_id, user_id
        FROM session_pairs
        GROUP BY pattern_id, next_pattern_id, user_id
    ) AS distinct_users
    GROUP BY pattern_id, next_pattern_id
),
gaps AS (
    SELECT pattern_id, next_pattern_id, percentile_cont(5e-1) WITHIN GROUP (ORDER BY gap) AS gap
    FROM runs
    WHERE next_pattern_id IS NOT NULL
    GROUP BY pattern_id, next_pattern_id
),
roots AS (
    SELECT pattern_id, count(*) AS sessions, CAST(sum(is_opening) AS DOUBLE) AS opened
    FROM (
        SELECT user_id, session_id, pattern_id, max(CASE WHEN step = 1 THEN 1 ELSE 0 END) AS is_opening
        FROM occurred
        WHERE session_id IS NOT NULL
        GROUP BY user_id, session_id, pattern_id
    ) AS openings
    GROUP BY pattern_id
)
SELECT
    first.template AS pattern,
    second.template AS leads_to,
    first.pattern_hash AS pattern_hash,
    second.pattern_hash AS leads_to_hash,
    pairs.sessions AS sessions,
    pair_users.users AS users,
    pairs.times AS times,
    CAST(pairs.times AS DOUBLE) * 100 / departures.runs AS probability,
    (CAST(pairs.times AS DOUBLE) / departures.runs)
        / (CAST(arrivals.arrivals AS DOUBLE) / (all_runs.runs - coalesce(own.runs, 0))) AS lift,
    CAST(1 AS DOUBLE) AS q,
    CAST(gaps.gap AS DOUBLE) / 1000000 AS gap_median,
    pairs.blocked * 100 / pairs.sessions AS ending_blocked,
    roots.opened * 100 / roots.sessions AS root_share,
    departures.runs AS runs,
    arrivals.arrivals AS arrivals,
    all_runs.runs - coalesce(own.runs, 0) AS other_runs
FROM pairs
CROSS JOIN all_runs
JOIN pattern_names AS first ON first.pattern_id = pairs.pattern_id
JOIN pattern_names AS second ON second.pattern_id = pairs.next_pattern_id
JOIN pair_users ON pair_users.pattern_id = pairs.pattern_id AND pair_users.next_pattern_id = pairs.next_pattern_id
JOIN gaps ON gaps.pattern_id = pairs.pattern_id AND gaps.next_pattern_id = pairs.next_pattern_id
JOIN departures ON departures.pattern_id = pairs.pattern_id
JOIN arrivals ON arrivals.pattern_id = pairs.next_pattern_id
JOIN roots ON roots.pattern_id = pairs.pattern_id
LEFT JOIN departures AS own ON own.pattern_id = pairs.next_pattern_id
ORDER BY sessions DESC, times DESC, pattern_hash, leads_to_hash
