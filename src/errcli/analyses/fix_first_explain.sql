-- fix-first-explain: how does the harm of a pattern come about, term by term?
-- grain:  one row per term: those of the sum, the kinds of episodes whose weights make the mean, the patterns that it leads to
-- params: explain, since, until, gap, settle, low, medium, high, critical, blocked, workflow_failed, data_loss, downstream_cap
-- order:  section, then place: the sum as it is made, kinds of episodes and patterns by what they add to it
WITH
-- include _events
-- include _steps
-- include _episodes
-- include _runs
-- include _harm
target AS (
    SELECT
        scores.pattern_id, scores.users, scores.episodes, scores.not_recovered, scores.weight, scores.downstream,
        scores.own_harm, summed.harm, summed.harm_of_all, summed.rank
    FROM scores
    JOIN summed ON summed.pattern_id = scores.pattern_id
    JOIN pattern_names ON pattern_names.pattern_id = scores.pattern_id
    WHERE pattern_names.pattern_hash = $explain
),
terms AS (
    SELECT
        1 AS place, 'users' AS term, target.users AS count, CAST(NULL AS DOUBLE) AS share, CAST(NULL AS DOUBLE) AS value
    FROM target
    UNION ALL
    SELECT 2, 'x not recovered, of episodes', target.episodes, target.not_recovered * 100, NULL
    FROM target
    UNION ALL
    SELECT 3, 'x weight of an episode', NULL, NULL, target.weight
    FROM target
    UNION ALL
    SELECT 4, '= own harm', NULL, NULL, target.own_harm
    FROM target
    UNION ALL
    SELECT 5, '+ downstream credit', NULL, NULL, target.downstream
    FROM target
    UNION ALL
    SELECT 6, '= harm, its rank and share', target.rank, coalesce(target.harm * 100 / nullif(target.harm_of_all, 0), 0), target.harm
    FROM target
),
kinds AS (
    SELECT
        weighed.severity_rank,
        weighed.is_blocked,
        weighed.is_failed,
        weighed.is_lossy,
        count(*) AS episodes,
        max(weighed.severity * weighed.factor) AS weight
    FROM weighed
    JOIN target ON target.pattern_id = weighed.pattern_id
    GROUP BY weighed.severity_rank, weighed.is_blocked, weighed.is_failed, weighed.is_lossy
),
followers AS (
    SELECT
        pattern_names.template,
        pattern_names.pattern_hash,
        excesses.excess,
        totals.users * totals.not_recovered * totals.weight AS harm
    FROM excesses
    JOIN target ON target.pattern_id = excesses.pattern_id
    JOIN totals ON totals.pattern_id = excesses.next_pattern_id
    JOIN pattern_names ON pattern_names.pattern_id = excesses.next_pattern_id
    WHERE excesses.excess > 0
),
lines AS (
    SELECT 1 AS section, terms.place AS place, terms.term, terms.count, terms.share, terms.value, CAST(NULL AS STRING) AS leads_to_hash
    FROM terms
    UNION ALL
    SELECT
        2 AS section,
        row_number() OVER (
            ORDER BY
                round(kinds.episodes * kinds.weight, 9) DESC,
                kinds.severity_rank DESC, kinds.is_blocked DESC, kinds.is_failed DESC, kinds.is_lossy DESC
        ) AS place,
        CASE kinds.severity_rank WHEN 4 THEN 'critical' WHEN 3 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END
            || CASE kinds.is_blocked WHEN 1 THEN ', blocked' ELSE '' END
            || CASE kinds.is_failed WHEN 1 THEN ', workflow failed' ELSE '' END
            || CASE kinds.is_lossy WHEN 1 THEN ', data lost' ELSE '' END AS term,
        kinds.episodes AS count,
        CAST(kinds.episodes AS DOUBLE) * 100 / target.episodes AS share,
        kinds.weight AS value,
        NULL AS leads_to_hash
    FROM kinds
    CROSS JOIN target
    UNION ALL
    SELECT
        3 AS section,
        row_number() OVER (ORDER BY round(followers.excess * followers.harm, 9) DESC, followers.pattern_hash) AS place,
        followers.template AS term,
        NULL AS count,
        followers.excess * 100 AS share,
        followers.excess * followers.harm AS value,
        followers.pattern_hash AS leads_to_hash
    FROM followers
)
SELECT
    CASE section WHEN 1 THEN 'harm' WHEN 2 THEN 'kinds of episodes' ELSE 'leads to' END AS section,
    term AS term,
    count AS count,
    share AS share,
    value AS value,
    leads_to_hash AS leads_to_hash,
    place AS place
FROM lines
ORDER BY section, place
