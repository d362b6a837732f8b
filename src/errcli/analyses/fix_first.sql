-- fix-first: which pattern does the most harm, so that it should be fixed first, and how sure is that?
-- grain:  one row per pattern with episodes in ($since, $until]
-- params: since, until, gap, settle, low, medium, high, critical, blocked, workflow_failed, data_loss, downstream_cap
-- order:  by rank: most harm first, then pattern_hash
-- The ranks are those of a bootstrap: users are in 256 groups by hash, and 100 draws give each group a weight that has a
-- Poisson distribution of mean 1, by the hash of group and draw, so that the same events give the same ranks.
WITH
-- include _events
-- include _steps
-- include _episodes
-- include _runs
-- include _harm
digits AS (
    SELECT digit
    FROM (VALUES ('0'), ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9')) AS one_to_nine (digit)
),
draws AS (
    SELECT tens.digit || ones.digit AS draw
    FROM digits AS tens
    CROSS JOIN digits AS ones
),
user_groups AS (
    SELECT
        pattern_id,
        substr(md5(user_id), 1, 2) AS user_group,
        count(*) AS users,
        CAST(sum(episodes) AS DOUBLE) AS episodes,
        CAST(sum(not_recovered) AS DOUBLE) AS not_recovered,
        CAST(sum(weight) AS DOUBLE) AS weight
    FROM harmed
    GROUP BY pattern_id, substr(md5(user_id), 1, 2)
),
group_hashes AS (
    SELECT groups.user_group, draws.draw, substr(md5(groups.user_group || draws.draw), 1, 8) AS chance
    FROM (SELECT DISTINCT user_group FROM user_groups) AS groups
    CROSS JOIN draws
),
group_draws AS (
    -- the inverse of the distribution, in hexadecimal
    SELECT
        user_group,
        draw,
        CASE
            WHEN chance < '5e2d58d8' THEN 0
            WHEN chance < 'bc5ab1b1' THEN 1
            WHEN chance < 'eb715e1d' THEN 2
            WHEN chance < 'fb239797' THEN 3
            WHEN chance < 'ff1025f5' THEN 4
            WHEN chance < 'ffd90f3b' THEN 5
            ELSE 6
        END AS weight
    FROM group_hashes
),
drawn AS (
    SELECT
        user_groups.pattern_id,
        group_draws.draw,
        sum(group_draws.weight * user_groups.users) AS users,
        sum(group_draws.weight * user_groups.episodes) AS episodes,
        sum(group_draws.weight * user_groups.not_recovered) AS not_recovered,
        sum(group_draws.weight * user_groups.weight) AS weight
    FROM user_groups
    JOIN group_draws ON group_draws.user_group = user_groups.user_group
    GROUP BY user_groups.pattern_id, group_draws.draw
),
drawn_ranks AS (
    SELECT
        drawn.pattern_id,
        row_number() OVER (
            PARTITION BY drawn.draw
            ORDER BY
                -- what no draw has hit does no harm in it; rounded, equal harm is equal
                round(coalesce(
                    drawn.users * drawn.not_recovered * drawn.weight
                    / nullif(drawn.episodes * drawn.episodes, 0)
                    * (1 + coalesce(scores.downstream / nullif(scores.own_harm, 0), 0)),
                    0
                ), 9) DESC,
                pattern_names.pattern_hash
        ) AS rank
    FROM drawn
    JOIN scores ON scores.pattern_id = drawn.pattern_id
    JOIN pattern_names ON pattern_names.pattern_id = drawn.pattern_id
),
ranges AS (
    SELECT
        pattern_id,
        percentile_cont(5e-2) WITHIN GROUP (ORDER BY rank) AS rank_low,
        percentile_cont(95e-2) WITHIN GROUP (ORDER BY rank) AS rank_high
    FROM drawn_ranks
    GROUP BY pattern_id
)
SELECT
    summed.rank AS rank,
    pattern_names.template AS pattern,
    pattern_names.pattern_hash AS pattern_hash,
    scores.users AS users,
    scores.episodes AS episodes,
    scores.not_recovered * 100 AS not_recovered,
    scores.severity AS severity,
    scores.blocked AS blocked,
    scores.failed AS workflow_failed,
    scores.lossy AS data_loss,
    scores.weight AS weight,
    scores.downstream AS downstream,
    summed.harm AS harm,
    coalesce(summed.harm * 100 / nullif(summed.harm_of_all, 0), 0) AS share,
    coalesce(summed.harm_so_far * 100 / nullif(summed.harm_of_all, 0), 0) AS cumulative,
    CAST(least(floor(ranges.rank_low), summed.rank) AS BIGINT) AS rank_low,
    CAST(greatest(ceil(ranges.rank_high), summed.rank) AS BIGINT) AS rank_high
FROM summed
JOIN scores ON scores.pattern_id = summed.pattern_id
JOIN ranges ON ranges.pattern_id = summed.pattern_id
JOIN pattern_names ON pattern_names.pattern_id = summed.pattern_id
ORDER BY rank
