-- Which events are in ($since, $until], and what do they say in words? Expressions to be included before _steps.
-- `details` has one row per page, action, message to the user, method of recovery and user's action that occur together, an
-- empty text being none; `place_id` is the same where page and action are, `message_id` where the message is,
-- and in the order of the messages. `logged` has one row per event, with the number of its detail: so what is sorted and
-- joined is as narrow as can be.
details AS (
    SELECT
        page, action, user_message, recovery_method, recovery_user_action, detail_id,
        min(detail_id) OVER (PARTITION BY page, action) AS place_id,
        min(detail_id) OVER (PARTITION BY user_message) AS message_id
    FROM (
        SELECT
            page, action, user_message, recovery_method, recovery_user_action,
            row_number() OVER (
                ORDER BY
                    user_message NULLS LAST, page NULLS LAST, action NULLS LAST, recovery_method NULLS LAST,
                    recovery_user_action NULLS LAST
            ) AS detail_id
        FROM (
            SELECT DISTINCT
                nullif(page, '') AS page,
                nullif(action, '') AS action,
                nullif(user_message, '') AS user_message,
                nullif(recovery_method, '') AS recovery_method,
                nullif(recovery_user_action, '') AS recovery_user_action
            FROM user_errors
            WHERE timestamp > $since
                AND timestamp <= $until
        ) AS combinations
    ) AS counted
),
logged AS (
    SELECT
        e.id, e.shape_id, e.user_id, e.session_id, e.timestamp, e.folded_until, e.occurrences, e.severity, e.user_blocked,
        e.workflow_failed, e.data_loss, e.recovery_attempted, e.recovery_successful,
        details.detail_id
    FROM user_errors AS e
    JOIN details
        ON details.page IS NOT DISTINCT FROM nullif(e.page, '')
        AND details.action IS NOT DISTINCT FROM nullif(e.action, '')
        AND details.user_message IS NOT DISTINCT FROM nullif(e.user_message, '')
        AND details.recovery_method IS NOT DISTINCT FROM nullif(e.recovery_method, '')
        AND details.recovery_user_action IS NOT DISTINCT FROM nullif(e.recovery_user_action, '')
    WHERE e.timestamp > $since
        AND e.timestamp <= $until
),
