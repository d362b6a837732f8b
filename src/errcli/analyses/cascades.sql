-- cascades: which error leads to which?
-- grain:  one row per pattern and one that directly follows it, or names it as previous, in $min_sessions sessions or events
-- params: since, until, min_sessions
-- order:  most sessions first, then most times, then most reported, then pattern_hash, then leads_to_hash
-- Only what is in ($since, $until] counts. Errors of one pattern in a row are one run. Probable is compared with how often the
-- second pattern follows on any run but its own: on those it cannot follow. A code among an event's previous errors stands for
-- the pattern with most errors of that code. Where `q` is not null, it is made from the counts, and not here.
WITH
-- include _events
-- include _steps
-- include _runs
session_pairs AS (
    SELECT
        user_id, session_id, pattern_id, next_pattern_id,
        max(is_opening) AS is_opening,
        max(is_ending_blocked) AS is_ending_blocked
    FROM runs
    GROUP BY user_id, session_id, pattern_id, next_pattern_id
),
session_counts AS (
    SELECT
        pattern_id,
        next_pattern_id,
        count(*) AS sessions,
        CAST(sum(is_ending_blocked) AS DOUBLE) AS blocked
    FROM session_pairs
    WHERE next_pattern_id IS NOT NULL
    GROUP BY pattern_id, next_pattern_id
),
pairs AS (
    SELECT
        session_counts.pattern_id,
        session_counts.next_pattern_id,
        session_counts.sessions,
        session_counts.blocked,
        transitions.times,
        transitions.gap
    FROM session_counts
    JOIN transitions
        ON transitions.pattern_id = session_counts.pattern_id
        AND transitions.next_pattern_id = session_counts.next_pattern_id
),
codes AS (
    SELECT error_code, pattern_id
    FROM (
        SELECT
            e.error_code,
            patterns.pattern_id,
            row_number() OVER (
                PARTITION BY e.error_code ORDER BY sum(e.occurrences) DESC, min(patterns.pattern_hash)
            ) AS rank
        FROM user_errors AS e
        JOIN patterns ON patterns.shape_id = e.shape_id
        WHERE e.error_code IS NOT NULL
            AND e.timestamp > $since
            AND e.timestamp <= $until
        GROUP BY e.error_code, patterns.pattern_id
    ) AS ranked
    WHERE rank = 1
),
previous AS (
    SELECT patterns.pattern_id, e.previous_errors, count(*) AS times
    FROM user_errors AS e
    JOIN patterns ON patterns.shape_id = e.shape_id
    WHERE e.previous_errors IS NOT NULL
        AND e.timestamp > $since
        AND e.timestamp <= $until
    GROUP BY patterns.pattern_id, e.previous_errors
),
reports AS (
    SELECT pattern_id, next_pattern_id, CAST(sum(times) AS BIGINT) AS reported
    FROM (
        -- who names two codes of a pattern names one pattern
        SELECT DISTINCT codes.pattern_id, previous.pattern_id AS next_pattern_id, previous.previous_errors, previous.times
        FROM previous
        JOIN codes ON array_contains(previous.previous_errors, codes.error_code)
        WHERE codes.pattern_id <> previous.pattern_id
    ) AS named
    GROUP BY pattern_id, next_pattern_id
),
links AS (
    SELECT
        coalesce(pairs.pattern_id, reports.pattern_id) AS pattern_id,
        coalesce(pairs.next_pattern_id, reports.next_pattern_id) AS next_pattern_id,
        coalesce(pairs.sessions, 0) AS sessions,
        coalesce(pairs.times, 0) AS times,
        pairs.blocked,
        pairs.gap,
        coalesce(reports.reported, 0) AS reported
    FROM pairs
    FULL JOIN reports
        ON reports.pattern_id = pairs.pattern_id AND reports.next_pattern_id = pairs.next_pattern_id
    WHERE pairs.sessions >= $min_sessions OR reports.reported >= $min_sessions
),
pair_users AS (
    SELECT pattern_id, next_pattern_id, count(*) AS users
    FROM (
        SELECT pattern_id, next_pattern_id, user_id
        FROM session_pairs
        WHERE next_pattern_id IS NOT NULL
        GROUP BY pattern_id, next_pattern_id, user_id
    ) AS distinct_users
    GROUP BY pattern_id, next_pattern_id
),
roots AS (
    SELECT pattern_id, count(*) AS sessions, CAST(sum(is_opening) AS DOUBLE) AS opened
    FROM (
        SELECT user_id, session_id, pattern_id, max(is_opening) AS is_opening
        FROM session_pairs
        GROUP BY user_id, session_id, pattern_id
    ) AS openings
    GROUP BY pattern_id
)
SELECT
    first.template AS pattern,
    second.template AS leads_to,
    first.pattern_hash AS pattern_hash,
    second.pattern_hash AS leads_to_hash,
    links.sessions AS sessions,
    coalesce(pair_users.users, 0) AS users,
    links.times AS times,
    CAST(links.times AS DOUBLE) * 100 / departures.runs AS probability,
    (CAST(links.times AS DOUBLE) / departures.runs)
        / nullif(CAST(arrivals.arrivals AS DOUBLE) / nullif(all_runs.runs - coalesce(own.runs, 0), 0), 0) AS lift,
    CASE WHEN links.sessions >= $min_sessions THEN CAST(1 AS DOUBLE) END AS q,
    CAST(links.gap AS DOUBLE) / 1000000 AS gap_median,
    links.blocked * 100 / nullif(links.sessions, 0) AS ending_blocked,
    roots.opened * 100 / roots.sessions AS root_share,
    coalesce(departures.runs, 0) AS runs,
    coalesce(arrivals.arrivals, 0) AS arrivals,
    all_runs.runs - coalesce(own.runs, 0) AS other_runs,
    links.reported AS reported
FROM links
CROSS JOIN all_runs
JOIN pattern_names AS first ON first.pattern_id = links.pattern_id
JOIN pattern_names AS second ON second.pattern_id = links.next_pattern_id
LEFT JOIN pair_users
    ON pair_users.pattern_id = links.pattern_id AND pair_users.next_pattern_id = links.next_pattern_id
LEFT JOIN departures ON departures.pattern_id = links.pattern_id
LEFT JOIN arrivals ON arrivals.pattern_id = links.next_pattern_id
LEFT JOIN roots ON roots.pattern_id = links.pattern_id
LEFT JOIN departures AS own ON own.pattern_id = links.next_pattern_id
ORDER BY sessions DESC, times DESC, reported DESC, pattern_hash, leads_to_hash
