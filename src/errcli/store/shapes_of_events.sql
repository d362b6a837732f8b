-- shapes_of_events: which shape does each event have, and at which place did it happen?
-- grain:  kinds: one row per kind of event, of which several may share a shape and a place: kind (a hash, of no meaning
--         beyond this load), the columns of shapes, place_hash
-- params: none
-- order:  none
-- An event's own fingerprint wins, then what a rule of the settings says; these names stand for themselves, whatever the
-- type. Where there is no message, the code says what happened, or else the place.
CREATE OR REPLACE TEMP TABLE kinds AS
WITH examples AS (
    -- to count numbers and to look one event up is faster than to carry its words along; of one kind all have one shape
    SELECT kind, min(seq) AS seq, min(example) AS example
    FROM shaped
    GROUP BY kind
),
words_of_kinds AS (
    SELECT
        examples.kind,
        events.error_type,
        events.error_code,
        events.page,
        events.action,
        CASE
            WHEN trim(events.fingerprint) <> '' THEN 'fingerprint'
            WHEN named.rule IS NOT NULL THEN 'rule'
            WHEN example_shapes.shape <> '' THEN NULL
            WHEN events.error_code <> '' THEN 'code'
            ELSE 'place'
        END AS named_by,
        coalesce(nullif(trim(events.fingerprint), ''), named.rule, example_shapes.shape) AS words
    FROM examples
    JOIN temp.events_to_shape AS events ON events.seq = examples.seq
    JOIN example_shapes ON example_shapes.example = examples.example
    LEFT JOIN named ON named.seq = examples.seq
),
shapes_of_words AS (
    SELECT
        *,
        concat_ws(':', error_type, coalesce(page, '-'), coalesce(action, '-')) AS place,
        coalesce(named_by, 'code') = 'code' AS is_of_type
    FROM words_of_kinds
)
SELECT
    kind,
    named_by,
    CASE WHEN is_of_type THEN error_type END AS shape_type,
    CASE WHEN is_of_type THEN error_code END AS shape_code,
    CASE named_by WHEN 'code' THEN error_code WHEN 'place' THEN place ELSE words END AS shape,
    sha256(CAST(json_array(named_by, shape_type, shape_code, shape) AS VARCHAR)) AS shape_hash,
    -- the parts as a JSON array, nulls apart from text
    sha256(CAST(json_array(error_type, page, action) AS VARCHAR)) AS place_hash
FROM shapes_of_words;
