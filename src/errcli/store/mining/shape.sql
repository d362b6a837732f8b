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

CREATE OR REPLACE TEMP TABLE shaped AS
WITH beginnings AS (
    SELECT to_shape.seq, mining_beginning(to_shape.message) AS message, own.values
    FROM to_shape
    LEFT JOIN mining_own AS own ON own.seq = to_shape.seq
),
shortened AS (
    SELECT
        seq,
        message,
        CASE
            WHEN values IS NULL THEN NULL
            -- these two are needed to mark places
            WHEN contains(message, chr(1)) OR contains(message, chr(2)) THEN NULL
            -- most repeat one value, for which no loop is needed
            WHEN len(values) = 1 THEN mining_without(message, values[1])
            ELSE list_reduce(
                list_prepend(
                    message,
                    list_select(
                        values,
                        list_grade_up(
                            list_transform(values, lambda value: {'length': -strlen(value), 'value': value})
                        )
                    )
                ),
                lambda text, value: mining_without(text, value)
            )
        END AS text
    FROM beginnings
)
SELECT
    seq,
    coalesce(
        mining_masked(
            CASE
                WHEN text IS NOT NULL AND regexp_matches(text, '[A-Za-z\x{80}-\x{10FFFF}]') THEN text
                ELSE message
            END
        ),
        ''
    ) AS shape
FROM shortened;
