-- to_zero: what does each event say that its shape depends on, but for its digits?
-- grain:  one row per event of mining_unread: seq, kind; said, its message, page, input_data, workflow and agent, one behind
--         the other, and nothing where page and input_data are long, since copies would take memory; ends, a hash of how long
--         they are; is_single, whether its message holds its user or session, or nothing is said
-- params: none
-- order:  none
-- One text is handed over sooner than five.
WITH held AS (
    SELECT
        *,
        contains(message, user_id) AS holds_user,
        contains(message, session_id) AS holds_session
    FROM mining_unread
),
singled AS (
    SELECT
        *,
        coalesce(strlen(CAST(input_data AS VARCHAR)), 0) + coalesce(strlen(page), 0) > 4000 AS is_long,
        CASE
            -- few hold both, so that most are looked at once
            WHEN holds_user AND holds_session THEN mining_is_value(user_id) OR mining_is_value(session_id)
            WHEN holds_user OR holds_session
                THEN mining_is_value(CASE WHEN holds_user THEN user_id ELSE session_id END)
            ELSE false
        END
        OR is_long AS is_single
    FROM held
)
SELECT
    seq,
    kind,
    CASE
        WHEN is_long THEN ''
        ELSE concat(mining_beginning(message), page, CAST(input_data AS VARCHAR), workflow_id, agent_id)
    END AS said,
    hash(
        strlen(mining_beginning(message)), strlen(page), strlen(CAST(input_data AS VARCHAR)), strlen(workflow_id),
        strlen(agent_id)
    ) AS ends,
    is_single
FROM singled;
