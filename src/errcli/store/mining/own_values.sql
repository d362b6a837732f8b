-- own_values: which words of a message does the event itself name?
-- grain:  one row per event of mining_subjects that does: seq, values; by_digits, whether that takes their digits
-- params: none
-- order:  none
-- That is user, session, a part of the page, workflow, agent, a scalar of the input data.
CREATE OR REPLACE TEMP TABLE mining_own AS
WITH named AS (
    -- an event whose message holds its user or session has no twins
    SELECT seq, message, unnest([user_id, session_id]) AS value
    FROM mining_subjects
    WHERE contains(message, user_id) OR contains(message, session_id)
    UNION ALL
    SELECT seq, message, unnest(list_concat([workflow_id, agent_id], string_split(page, '/'))) AS value
    FROM mining_subjects
    UNION ALL
    SELECT seq, message, unnest(json_extract_string(input_data, '$..*')) AS value
    FROM mining_subjects
    WHERE input_data IS NOT NULL
)
SELECT
    seq,
    list(value) FILTER (WHERE contains(message, value)) AS values,
    bool_or(regexp_matches(value, '[0-9]')) AS by_digits
FROM named
WHERE mining_is_value(value)
    AND CASE
        WHEN contains(message, value) THEN true
        -- a twin's message may hold its value
        WHEN regexp_matches(value, '[0-9]') THEN contains(mining_zeroed_text(message), mining_zeroed_text(value))
        ELSE false
    END
GROUP BY seq;
