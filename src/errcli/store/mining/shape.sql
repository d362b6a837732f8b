-- shape: what is left of messages when the values that their events name and what looks like one are taken out?
-- grain:  one row per event that is looked at, in example_shapes: example; shape, '' where there is no message; by_digits,
--         whether twins may have another
-- params: first, last: from which seq to which
-- order:  none
INSERT INTO example_shapes
WITH subjects AS MATERIALIZED (
    SELECT
        to_shape.seq,
        mining_plain(mining_beginning(to_shape.message)) AS message,
        -- an event whose message holds its user or session has no twins
        CASE
            WHEN contains(message, user_id) OR contains(message, session_id) THEN [user_id, session_id]
        END AS holders,
        mining_digits(to_shape.page) AS page,
        to_shape.workflow_id,
        to_shape.agent_id,
        mining_digits(CAST(to_shape.input_data AS VARCHAR)) AS input_data
    FROM to_shape
    SEMI JOIN mining_chosen AS chosen ON chosen.seq = to_shape.seq
    WHERE to_shape.seq BETWEEN $first AND $last
),
named AS (
    -- what the event itself names
    SELECT
        seq,
        message,
        unnest(
            list_concat(
                list_concat(holders, [workflow_id, agent_id]),
                list_concat(string_split(page, '/'), json_extract_string(input_data, '$..*'))
            )
        ) AS value
    FROM subjects
),
held AS (
    SELECT seq, message, value, contains(message, value) AS is_held, regexp_matches(value, '[0-9]') AS has_digit
    FROM named
),
own AS (
    SELECT seq, list(value) FILTER (WHERE is_held) AS values, bool_or(has_digit) AS by_digits
    FROM held
    WHERE CASE
        WHEN is_held OR has_digit THEN CASE
            -- a twin's message may hold its value
            WHEN mining_is_value(value) THEN CASE
                WHEN is_held THEN true
                ELSE contains(mining_zeroed_text(message), mining_zeroed_text(value))
            END
            ELSE false
        END
        ELSE false
    END
    GROUP BY seq
),
shortened AS (
    -- the longest value goes first
    SELECT
        subjects.seq,
        subjects.message,
        -- a letter may be written with digits in JSON
        coalesce(own.by_digits, false) OR coalesce(contains(subjects.input_data, '\u'), false) AS by_digits,
        CASE
            WHEN own.values IS NULL THEN NULL
            -- most repeat one value, for which no loop is needed
            WHEN len(own.values) = 1 THEN mining_without(message, own.values[1])
            ELSE list_reduce(
                list_prepend(
                    message,
                    list_select(
                        own.values,
                        list_grade_up(
                            list_transform(own.values, lambda value: {'length': -strlen(value), 'value': value})
                        )
                    )
                ),
                lambda text, value: mining_without(text, value)
            )
        END AS text
    FROM subjects
    LEFT JOIN own ON own.seq = subjects.seq
),
texts AS (
    -- where nothing is left but values, the message stands for itself
    SELECT
        seq,
        by_digits,
        CASE
            WHEN text IS NOT NULL AND regexp_matches(text, '[A-Za-z\x{80}-\x{10FFFF}]') THEN text
            ELSE message
        END AS text
    FROM shortened
),
distinct_texts AS (
    SELECT DISTINCT text
    FROM texts
),
candidates AS (
    SELECT text, mining_may_hold_status(text) AS may_hold_status
    FROM distinct_texts
),
statuses AS (
    -- few get as far as the second search
    SELECT *, CASE WHEN may_hold_status THEN mining_status(text) END AS status
    FROM candidates
),
masked AS (
    SELECT text, may_hold_status, mining_masked(text, status) AS shape
    FROM statuses
)
SELECT
    texts.seq AS example,
    coalesce(masked.shape, '') AS shape,
    texts.by_digits OR coalesce(masked.may_hold_status, false) AS by_digits
FROM texts
LEFT JOIN masked ON masked.text = texts.text;
