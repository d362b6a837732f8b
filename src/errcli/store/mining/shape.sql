-- shape: what is left of messages when their own values and what looks like one are taken out?
-- grain:  one row per event of mining_subjects: seq; shape, '' where there is no message; by_digits, whether twins may
--         have another
-- params: none
-- order:  none
-- The longest value goes first. Where nothing is left but values, the message stands for itself.
CREATE OR REPLACE TEMP TABLE mining_shapes AS
WITH shortened AS (
    SELECT
        subjects.seq,
        subjects.message,
        -- a letter may be written with digits in JSON
        coalesce(own.by_digits, false) OR coalesce(contains(subjects.input_data, '\u'), false) AS by_digits,
        CASE
            WHEN own.values IS NULL THEN NULL
            -- these two are needed to mark places
            WHEN contains(message, chr(1)) OR contains(message, chr(2)) THEN NULL
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
    FROM mining_subjects AS subjects
    LEFT JOIN mining_own AS own ON own.seq = subjects.seq
),
texts AS (
    SELECT
        seq,
        by_digits,
        CASE
            WHEN text IS NOT NULL AND regexp_matches(text, '[A-Za-z\x{80}-\x{10FFFF}]') THEN text
            ELSE message
        END AS text
    FROM shortened
),
masked AS (
    SELECT text, regexp_matches(text, mining_status_pattern()) AS has_status, mining_masked(text) AS shape
    FROM (SELECT DISTINCT text FROM texts)
)
SELECT
    texts.seq,
    coalesce(masked.shape, '') AS shape,
    texts.by_digits OR coalesce(masked.has_status, false) AS by_digits
FROM texts
LEFT JOIN masked ON masked.text = texts.text;
