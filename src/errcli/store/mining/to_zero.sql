-- to_zero: what does each event say that its shape depends on, but for its digits?
-- grain:  one row per event of mining_unread: seq, kind; said, its message, page and input_data, one behind the other, and
--         nothing of one that is single; others, a hash of what else counts, also of where these end; is_single, whether
--         its message holds its user or session, or its input data is long: copies of it would take memory
-- params: none
-- order:  none
-- One text is handed over sooner than three.
WITH singled AS (
    SELECT
        *,
        CASE WHEN contains(message, user_id) THEN mining_is_value(user_id) ELSE false END
        OR CASE WHEN contains(message, session_id) THEN mining_is_value(session_id) ELSE false END
        OR coalesce(strlen(CAST(input_data AS VARCHAR)), 0) + coalesce(strlen(page), 0) > 4000 AS is_single
    FROM mining_unread
)
SELECT
    seq,
    kind,
    CASE
        WHEN is_single THEN ''
        ELSE concat(mining_beginning(message), page, CAST(input_data AS VARCHAR))
    END AS said,
    hash(
        mining_hash(workflow_id), mining_hash(agent_id), strlen(mining_beginning(message)), strlen(page)
    ) AS others,
    is_single
FROM singled;
