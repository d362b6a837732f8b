-- to_mask: what is left of messages when their own values are taken out?
-- grain:  one row per event of a stretch: seq, text; NULL where there is no message
-- params: first, last: from which seq to which
-- order:  none
-- The longest value goes first. Where nothing is left but values, the message stands for itself.
WITH beginnings AS (
    SELECT to_shape.seq, mining_beginning(to_shape.message) AS message, own.values
    FROM to_shape
    LEFT JOIN mining_own AS own ON own.seq = to_shape.seq
    WHERE to_shape.seq BETWEEN $first AND $last
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
    CASE
        WHEN text IS NOT NULL AND regexp_matches(text, '[A-Za-z\x{80}-\x{10FFFF}]') THEN text
        ELSE message
    END AS text
FROM shortened;
