-- own_values: which words of a message does the event itself name?
-- grain:  mining_own: one row per event that does: seq, values; shaped: none yet
-- params: none
-- order:  none
-- That is user, session, a part of the page, workflow, agent, a scalar of the input data.
CREATE OR REPLACE TEMP TABLE mining_own AS
WITH named AS (
    SELECT seq, message, unnest([user_id, session_id, workflow_id, agent_id]) AS value
    FROM to_shape
    WHERE contains(message, user_id) OR contains(message, session_id)
        OR contains(message, workflow_id) OR contains(message, agent_id)
    UNION ALL
    SELECT seq, message, unnest(string_split(page, '/')) AS value
    FROM to_shape
    UNION ALL
    SELECT seq, message, unnest(json_extract_string(input_data, '$..*')) AS value
    FROM to_shape
    WHERE input_data IS NOT NULL
)
SELECT seq, list(value) AS values
FROM named
WHERE contains(message, value)
    AND mining_is_value(value)
GROUP BY seq;

CREATE OR REPLACE TEMP TABLE shaped (seq BIGINT, shape VARCHAR);
