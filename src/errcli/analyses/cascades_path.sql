-- cascades-path: which whole chains of errors are the most frequent?
-- grain:  one row per chain of two patterns or more that at least $min_sessions sessions of ($since, $until] have in common
-- params: since, until, min_sessions
-- order:  most sessions first, then the longest, then path, then path_hashes
-- Errors of one pattern in a row are one link. Chains are whole, from the first event of the session in the window to the
-- last; those of more than eight links count as one if the first eight are the same.
WITH
-- include _events
-- include _steps
numbered AS (
    SELECT
        user_id,
        session_id,
        pattern_id,
        began,
        is_blocked,
        next_pattern_id,
        CASE WHEN next_pattern_id IS NULL OR next_pattern_id <> pattern_id THEN sum(
            CASE WHEN next_pattern_id IS NULL OR next_pattern_id <> pattern_id THEN 1 ELSE 0 END
        ) OVER (PARTITION BY user_id, session_id ORDER BY step ROWS UNBOUNDED PRECEDING) END AS link
    FROM occurred
    WHERE session_id IS NOT NULL
        AND (step > 1 OR next_pattern_id IS NOT NULL) -- one event alone is no chain
),
chains AS (
    SELECT
        user_id,
        session_id,
        least(max(link), 9) AS links,
        max(began) - min(began) AS took,
        max(CASE WHEN next_pattern_id IS NULL THEN is_blocked END) AS is_blocked,
        max(CASE WHEN link = 1 THEN pattern_id END) AS link_1,
        max(CASE WHEN link = 2 THEN pattern_id END) AS link_2,
        max(CASE WHEN link = 3 THEN pattern_id ELSE 0 END) AS link_3,
        max(CASE WHEN link = 4 THEN pattern_id ELSE 0 END) AS link_4,
        max(CASE WHEN link = 5 THEN pattern_id ELSE 0 END) AS link_5,
        max(CASE WHEN link = 6 THEN pattern_id ELSE 0 END) AS link_6,
        max(CASE WHEN link = 7 THEN pattern_id ELSE 0 END) AS link_7,
        max(CASE WHEN link = 8 THEN pattern_id ELSE 0 END) AS link_8
    FROM numbered
    GROUP BY user_id, session_id
    HAVING max(link) > 1
),
paths AS (
    SELECT
        links, link_1, link_2, link_3, link_4, link_5, link_6, link_7, link_8,
        row_number() OVER (ORDER BY links, link_1, link_2, link_3, link_4, link_5, link_6, link_7, link_8) AS path_id,
        count(*) AS sessions
    FROM chains
    GROUP BY links, link_1, link_2, link_3, link_4, link_5, link_6, link_7, link_8
    HAVING count(*) >= $min_sessions
),
taken AS (
    SELECT paths.path_id, chains.user_id, chains.took, chains.is_blocked
    FROM chains
    JOIN paths
        ON paths.links = chains.links
        AND paths.link_1 = chains.link_1
        AND paths.link_2 = chains.link_2
        AND paths.link_3 = chains.link_3
        AND paths.link_4 = chains.link_4
        AND paths.link_5 = chains.link_5
        AND paths.link_6 = chains.link_6
        AND paths.link_7 = chains.link_7
        AND paths.link_8 = chains.link_8
),
path_users AS (
    SELECT path_id, count(*) AS users
    FROM (SELECT path_id, user_id FROM taken GROUP BY path_id, user_id) AS distinct_users
    GROUP BY path_id
),
path_figures AS (
    SELECT
        path_id,
        percentile_cont(5e-1) WITHIN GROUP (ORDER BY took) AS took,
        CAST(sum(is_blocked) AS DOUBLE) AS blocked
    FROM taken
    GROUP BY path_id
),
all_chains AS (
    SELECT count(*) AS sessions
    FROM chains
)
SELECT
    first.template || ' → ' || second.template
        || coalesce(' → ' || third.template, '')
        || coalesce(' → ' || fourth.template, '')
        || coalesce(' → ' || fifth.template, '')
        || coalesce(' → ' || sixth.template, '')
        || coalesce(' → ' || seventh.template, '')
        || coalesce(' → ' || eighth.template, '')
        || CASE WHEN paths.links > 8 THEN ' → …' ELSE '' END AS path,
    paths.sessions AS sessions,
    CAST(paths.sessions AS DOUBLE) * 100 / all_chains.sessions AS share,
    path_users.users AS users,
    CAST(paths.links AS BIGINT) AS links,
    CAST(path_figures.took AS DOUBLE) / 1000000 AS took_median,
    path_figures.blocked * 100 / paths.sessions AS ending_blocked,
    first.pattern_hash || ' ' || second.pattern_hash
        || coalesce(' ' || third.pattern_hash, '')
        || coalesce(' ' || fourth.pattern_hash, '')
        || coalesce(' ' || fifth.pattern_hash, '')
        || coalesce(' ' || sixth.pattern_hash, '')
        || coalesce(' ' || seventh.pattern_hash, '')
        || coalesce(' ' || eighth.pattern_hash, '') AS path_hashes
FROM paths
CROSS JOIN all_chains
JOIN path_users ON path_users.path_id = paths.path_id
JOIN path_figures ON path_figures.path_id = paths.path_id
JOIN pattern_names AS first ON first.pattern_id = paths.link_1
JOIN pattern_names AS second ON second.pattern_id = paths.link_2
LEFT JOIN pattern_names AS third ON third.pattern_id = paths.link_3
LEFT JOIN pattern_names AS fourth ON fourth.pattern_id = paths.link_4
LEFT JOIN pattern_names AS fifth ON fifth.pattern_id = paths.link_5
LEFT JOIN pattern_names AS sixth ON sixth.pattern_id = paths.link_6
LEFT JOIN pattern_names AS seventh ON seventh.pattern_id = paths.link_7
LEFT JOIN pattern_names AS eighth ON eighth.pattern_id = paths.link_8
ORDER BY sessions DESC, links DESC, path, path_hashes
