-- How much harm does each pattern do? Expressions to be included behind _steps, _episodes and _runs.
-- `scores` has one row per pattern with episodes in ($since, $until]. Harm is users, times the share of their episodes that did
-- not recover, times the mean weight of an episode: that of its severity, and so many times more for what else came of it.
-- Downstream credit is the harm of each pattern that follows, by how much more often it follows on this one than on others,
-- and at most a share of the pattern's own harm. `summed` has their ranks, and the harm up to there and of all.
weighed AS (
    SELECT
        pattern_id,
        user_id,
        outcome,
        severity_rank,
        is_blocked,
        is_failed,
        is_lossy,
        CASE severity_rank WHEN 4 THEN $critical WHEN 3 THEN $high WHEN 2 THEN $medium ELSE $low END AS severity,
        1 + $blocked * is_blocked + $workflow_failed * is_failed + $data_loss * is_lossy AS factor
    FROM episodes
),
harmed AS (
    SELECT
        pattern_id,
        user_id,
        count(*) AS episodes,
        count(*) FILTER (WHERE outcome <> 'recovered') AS not_recovered,
        sum(severity) AS severity,
        sum(severity * factor) AS weight,
        sum(is_blocked) AS blocked,
        sum(is_failed) AS failed,
        sum(is_lossy) AS lossy
    FROM weighed
    GROUP BY pattern_id, user_id
),
totals AS (
    SELECT
        pattern_id,
        count(*) AS users,
        CAST(sum(episodes) AS BIGINT) AS episodes,
        CAST(sum(not_recovered) AS DOUBLE) / CAST(sum(episodes) AS DOUBLE) AS not_recovered,
        CAST(sum(severity) AS DOUBLE) / CAST(sum(episodes) AS DOUBLE) AS severity,
        CAST(sum(weight) AS DOUBLE) / CAST(sum(episodes) AS DOUBLE) AS weight,
        CAST(sum(blocked) AS DOUBLE) * 100 / CAST(sum(episodes) AS DOUBLE) AS blocked,
        CAST(sum(failed) AS DOUBLE) * 100 / CAST(sum(episodes) AS DOUBLE) AS failed,
        CAST(sum(lossy) AS DOUBLE) * 100 / CAST(sum(episodes) AS DOUBLE) AS lossy
    FROM harmed
    GROUP BY pattern_id
),
excesses AS (
    -- how much more often the one follows on the other than on what is neither of them
    SELECT
        transitions.pattern_id,
        transitions.next_pattern_id,
        CAST(transitions.times AS DOUBLE) / departures.runs
            - coalesce(
                CAST(arrivals.arrivals - transitions.times AS DOUBLE)
                / nullif(all_runs.runs - departures.runs - coalesce(own.runs, 0), 0),
                0
            ) AS excess
    FROM transitions
    CROSS JOIN all_runs
    JOIN departures ON departures.pattern_id = transitions.pattern_id
    JOIN arrivals ON arrivals.pattern_id = transitions.next_pattern_id
    LEFT JOIN departures AS own ON own.pattern_id = transitions.next_pattern_id
),
credits AS (
    SELECT
        excesses.pattern_id,
        sum(excesses.excess * totals.users * totals.not_recovered * totals.weight) AS credit
    FROM excesses
    JOIN totals ON totals.pattern_id = excesses.next_pattern_id
    WHERE excesses.excess > 0
    GROUP BY excesses.pattern_id
),
scores AS (
    SELECT
        totals.pattern_id,
        totals.users,
        totals.episodes,
        totals.not_recovered,
        totals.severity,
        totals.weight,
        totals.blocked,
        totals.failed,
        totals.lossy,
        least(
            coalesce(credits.credit, 0), $downstream_cap * totals.users * totals.not_recovered * totals.weight
        ) AS downstream,
        totals.users * totals.not_recovered * totals.weight AS own_harm
    FROM totals
    LEFT JOIN credits ON credits.pattern_id = totals.pattern_id
),
ranked AS (
    SELECT
        scores.pattern_id,
        scores.own_harm + scores.downstream AS harm,
        row_number() OVER (
            ORDER BY round(scores.own_harm + scores.downstream, 9) DESC, pattern_names.pattern_hash
        ) AS rank
    FROM scores
    JOIN pattern_names ON pattern_names.pattern_id = scores.pattern_id
),
summed AS (
    SELECT
        pattern_id,
        harm,
        rank,
        sum(harm) OVER (ORDER BY rank ROWS UNBOUNDED PRECEDING) AS harm_so_far,
        sum(harm) OVER () AS harm_of_all
    FROM ranked
),
