-- severity-audit: do the severities that the application declares fit what became of its users?
-- grain:  one row per pattern and declared severity with at least $min_episodes episodes in ($since, $until] that are over
-- params: since, until, gap, settle, min_episodes
-- order:  most episodes first, then pattern_hash, then severity
-- Only episodes in sessions count, for only there is seen whether a user goes on, and those that are open do not. An episode
-- stopped if no other pattern follows in the session and the log says no recovery; what it was declared plays no part in that.
-- A severity that is missing or unknown is medium. The verdict is made from the counts, and not here.
WITH
-- include _events
-- include _steps
-- include _episodes
observed AS (
    SELECT
        pattern_id,
        user_id,
        severity_rank,
        is_blocked,
        CASE WHEN outcome = 'recovered' THEN 1 ELSE 0 END AS is_recovered,
        CASE WHEN outcome IN ('dead end', 'quiet') THEN 1 ELSE 0 END AS is_stopped
    FROM episodes
    WHERE session_id IS NOT NULL AND outcome <> 'open'
),
by_user AS (
    SELECT
        pattern_id,
        severity_rank,
        count(*) AS episodes,
        sum(is_blocked) AS blocked,
        sum(is_recovered) AS recovered,
        sum(is_stopped) AS stopped,
        sum(is_blocked * (1 - is_stopped)) AS blocked_going_on
    FROM observed
    GROUP BY pattern_id, severity_rank, user_id
),
declared AS (
    SELECT
        pattern_id,
        severity_rank,
        CAST(sum(episodes) AS BIGINT) AS episodes,
        count(*) AS users,
        CAST(sum(blocked) AS BIGINT) AS blocked,
        CAST(sum(recovered) AS BIGINT) AS recovered,
        CAST(sum(stopped) AS BIGINT) AS stopped,
        CAST(sum(blocked_going_on) AS BIGINT) AS blocked_going_on
    FROM by_user
    GROUP BY pattern_id, severity_rank
),
levels AS (
    SELECT
        severity_rank,
        CAST(sum(episodes) AS BIGINT) AS episodes,
        CAST(sum(stopped) AS BIGINT) AS stopped
    FROM declared
    GROUP BY severity_rank
)
SELECT
    pattern_names.template AS pattern,
    pattern_names.pattern_hash AS pattern_hash,
    CASE declared.severity_rank WHEN 4 THEN 'critical' WHEN 3 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END AS severity,
    CAST('' AS STRING) AS verdict,
    declared.episodes AS episodes,
    declared.users AS users,
    CAST(declared.blocked AS DOUBLE) * 100 / declared.episodes AS blocked,
    CAST(declared.recovered AS DOUBLE) * 100 / declared.episodes AS recovered,
    CAST(declared.episodes - declared.recovered - declared.stopped AS DOUBLE) * 100 / declared.episodes AS went_on,
    CAST(declared.stopped AS DOUBLE) * 100 / declared.episodes AS stopped,
    CAST(levels.stopped - declared.stopped AS DOUBLE) * 100 / nullif(levels.episodes - declared.episodes, 0)
        AS stopped_elsewhere,
    CAST(NULL AS DOUBLE) AS q,
    CAST(declared.blocked_going_on AS DOUBLE) * 100 / nullif(declared.blocked, 0) AS blocked_going_on,
    declared.stopped AS episodes_stopped,
    levels.episodes - declared.episodes AS episodes_elsewhere,
    levels.stopped - declared.stopped AS episodes_stopped_elsewhere,
    declared.blocked AS episodes_blocked,
    declared.blocked_going_on AS episodes_blocked_going_on
FROM declared
JOIN levels ON levels.severity_rank = declared.severity_rank
JOIN pattern_names ON pattern_names.pattern_id = declared.pattern_id
WHERE declared.episodes >= $min_episodes
ORDER BY episodes DESC, pattern_hash, severity NULLS LAST
