-- to_zero: what does each event say that its shape depends on, but for its digits?
-- grain:  one row per event of a stretch: seq, kind; message, page, input_data; others, a hash; is_single, whether its
--         message holds its user or session
-- params: first, last: from which seq to which
-- order:  none
SELECT
    seq,
    kind,
    mining_beginning(message) AS message,
    page,
    CAST(input_data AS VARCHAR) AS input_data,
    hash(workflow_id, agent_id) AS others,
    CASE WHEN contains(message, user_id) THEN mining_is_value(user_id) ELSE false END
        OR CASE WHEN contains(message, session_id) THEN mining_is_value(session_id) ELSE false END AS is_single
FROM to_shape
WHERE seq BETWEEN $first AND $last;
