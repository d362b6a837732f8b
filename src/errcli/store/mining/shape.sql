-- shape: what is left of each message when its values are taken out?
-- grain:  one row per event: seq, shape; '' where there is no message
-- params: none
-- order:  none
-- A value is what the event itself names: user, session, parts of the page, workflow, agent, scalars of its input data;
-- and what looks like one. The longest goes first. Where nothing is left but values, the message stands for itself.
CREATE OR REPLACE TEMP TABLE mining_own AS
WITH named AS (
    SELECT seq, message, unnest([user_id, session_id, workflow_id, agent_id]) AS value
    FROM to_shape
    WHERE contains(message, user_id) OR contains(message, session_id)
        OR contains(message, workflow_id) OR contains(message, agent_id)
    UNION ALL
    SELECT seq, message, unnest(string_split(ltrim(page, '/'), '/')) AS value
    FROM to_shape
    UNION ALL
    SELECT seq, message, unnest(json_extract_string(input_data, '$..*')) AS value
    FROM to_shape
    WHERE input_data IS NOT NULL
),
repeated AS (
    SELECT
        seq,
        mining_beginning(any_value(message)) AS message,
        list(value ORDER BY strlen(value) DESC, value) AS values
    FROM named
    WHERE contains(message, value)
        AND mining_is_value(value)
        -- these two are needed to mark places
        AND NOT contains(message, chr(1))
        AND NOT contains(message, chr(2))
    GROUP BY seq
)
-- most repeat one value, for which no loop is needed
SELECT seq, mining_without(message, values[1]) AS text
FROM repeated
WHERE len(values) = 1
UNION ALL
SELECT seq, list_reduce(list_prepend(message, values), lambda text, value: mining_without(text, value)) AS text
FROM repeated
WHERE len(values) > 1;

CREATE OR REPLACE TEMP TABLE shaped AS
SELECT
    to_shape.seq,
    coalesce(
        mining_masked(
            CASE WHEN regexp_matches(own.text, '[A-Za-z\x{80}-\x{10FFFF}]') THEN own.text ELSE mining_beginning(to_shape.message) END
        ),
        ''
    ) AS shape
FROM to_shape
LEFT JOIN mining_own AS own ON own.seq = to_shape.seq;
