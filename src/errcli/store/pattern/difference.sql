-- difference: what do these events have more often than all others?
-- grain:  one row per field and value: section, name (the field), value, errors (events here), share (here, of the events
--         that have the field), elsewhere (likewise), score
-- params: since, until, least, the score from which on a difference is shown; most, rows
-- order:  highest score first, then name, value
-- The score is the z-score of the log-odds ratio with an informative Dirichlet prior of ten events (after Monroe,
-- Colaresi, Quinn: Fightin' Words, Political Analysis 16, 2008), its variance that of two proportions: small numbers
-- cannot make it large, on neither side. Of very many events a sample of a hundred thousand is looked at, chosen by id.
-- Fields that make the pattern, type and code, are left out.
WITH here AS (
    SELECT true AS is_here, *
    FROM (
        SELECT
            id, page, action, severity, user_blocked, workflow_failed, data_loss, workflow_id, agent_id, release,
            recovery_method, input_data
        FROM pattern_events
    )
    ORDER BY hash(id)
    LIMIT 100000
),
others AS (
    SELECT false AS is_here, *
    FROM (
        SELECT
            e.id, e.page, e.action, e.severity, e.user_blocked, e.workflow_failed, e.data_loss, e.workflow_id, e.agent_id,
            e.release, e.recovery_method, e.input_data
        FROM user_errors AS e
        WHERE e.timestamp > $since AND e.timestamp <= $until
    ) AS e
    ANTI JOIN pattern_events ON pattern_events.id = e.id
    ORDER BY hash(id)
    LIMIT 100000
),
sampled AS (FROM here UNION ALL FROM others),
input_keys AS (
    SELECT key
    FROM (SELECT unnest(json_keys(input_data)) AS key FROM here WHERE json_type(input_data) = 'OBJECT')
    GROUP BY key
    ORDER BY count(*) DESC, key
    LIMIT 20
),
inputs AS (
    SELECT sampled.is_here, 'input_data.' || input_keys.key AS name,
        json_extract_string(sampled.input_data, '$."' || input_keys.key || '"') AS value
    FROM sampled
    CROSS JOIN input_keys
    WHERE sampled.input_data IS NOT NULL AND NOT contains(input_keys.key, '"')
),
fields AS (
    SELECT is_here, name, value
    FROM (
        UNPIVOT (
            SELECT
                is_here, page, action, severity, workflow_id, agent_id, release, recovery_method,
                CAST(user_blocked AS VARCHAR) AS user_blocked, CAST(workflow_failed AS VARCHAR) AS workflow_failed,
                CAST(data_loss AS VARCHAR) AS data_loss
            FROM sampled
        ) ON page, action, severity, workflow_id, agent_id, release, recovery_method, user_blocked, workflow_failed, data_loss
        INTO NAME name VALUE value
    )
    UNION ALL
    SELECT is_here, name, value FROM inputs WHERE value IS NOT NULL
),
counted AS (
    SELECT
        name, value,
        count(*) FILTER (WHERE is_here) AS y_here,
        count(*) FILTER (WHERE NOT is_here) AS y_there
    FROM fields
    GROUP BY name, value
),
totals AS (
    SELECT
        *,
        CAST(sum(y_here) OVER (PARTITION BY name) AS DOUBLE) AS n_here,
        CAST(sum(y_there) OVER (PARTITION BY name) AS DOUBLE) AS n_there
    FROM counted
),
priors AS (
    SELECT *, 10 * (y_here + y_there) / (n_here + n_there) AS prior
    FROM totals
    WHERE y_here > 0 AND n_there > 0
),
odds AS (
    SELECT
        *,
        y_here + prior AS with_here,
        n_here - y_here + 10 - prior AS without_here,
        y_there + prior AS with_there,
        n_there - y_there + 10 - prior AS without_there
    FROM priors
    -- what all events have everywhere tells nothing
    WHERE y_here + y_there < n_here + n_there
),
scored AS (
    SELECT
        *,
        (ln(with_here / without_here) - ln(with_there / without_there))
            / sqrt(1 / with_here + 1 / without_here + 1 / with_there + 1 / without_there) AS score
    FROM odds
)
SELECT
    'different' AS section,
    name,
    value,
    y_here AS errors,
    NULL AS users,
    y_here * 100 / n_here AS share,
    y_there * 100 / n_there AS elsewhere,
    score,
    NULL AS timestamp
FROM scored
WHERE score >= $least
ORDER BY score DESC, name, value
LIMIT $most
