-- leave_one_out: where are texts equal in all words but some that stand together, so that these are values?
-- grain:  mining_found: one row per span of words that is a value: text_id, place, width; the
--         answer: how many there are
-- params: names, whether values have to look like names; variety, how many different words there have to be
-- order:  none
-- The more constant words there are around a place, the fewer different words tell that they are values; at the beginning
-- of a text, and of plain words, it takes more.
CREATE OR REPLACE TEMP TABLE mining_found AS
WITH spans_of_values AS (
    SELECT
        key,
        span_hash,
        min(singular_hash) AS singular_hash,
        min(first_hash) AS first_hash,
        min(last_hash) AS last_hash,
        sum(events) AS events,
        bool_or(is_bare) AS is_bare,
        bool_or(is_wild) AS is_wild,
        bool_or(is_name) AS is_name,
        bool_or(is_name AND width > 1) AS is_long_name,
        bool_or(is_caption) AS is_caption,
        bool_or(is_after_noun) AS is_after_noun,
        bool_or(is_participle) AS is_participle,
        bool_or(is_word) AS is_word,
        bool_or(is_identifier) AS is_identifier,
        bool_or(is_hyphenated) AS is_hyphenated,
        bool_or(is_first) AS is_first,
        min(constants) AS constants,
        min(plain) AS plain
    FROM mining_spans
    GROUP BY key, span_hash
),
keys AS (
    SELECT
        key,
        count(*) AS variety,
        max(events) > 4 * (sum(events) - max(events)) AS is_mostly_one,
        bool_or(is_bare) AS has_bare,
        bool_or(is_wild) AS has_wild,
        bool_and(is_name OR is_bare OR is_identifier OR is_hyphenated) AS is_names,
        bool_or(is_identifier) AND bool_and(is_word OR is_identifier) AS is_identifiers,
        bool_or(is_long_name) AS has_long_name,
        bool_or(is_caption) AS has_caption,
        bool_or(is_after_noun) AS is_after_noun,
        bool_or(is_participle) AS has_participle,
        bool_and(is_word) AS is_words,
        sum(events) AS events,
        bool_or(is_first) AS is_first,
        min(constants) AS constants,
        min(plain) AS plain,
        count(*) = 2 AND min(singular_hash) = max(singular_hash) AS is_plural
    FROM spans_of_values
    GROUP BY key
    -- what all begin or end with is text
    HAVING count(*) > 1 AND min(first_hash) <> max(first_hash) AND min(last_hash) <> max(last_hash)
),
accepted AS (
    SELECT key, variety
    FROM keys
    WHERE variety >= $variety AND variety >= CASE
        WHEN is_first THEN CASE
            WHEN has_bare AND constants >= 2 THEN 2
            WHEN is_names AND plain >= 4 AND plain * 2 > constants THEN CASE WHEN has_long_name THEN 2 ELSE 3 END
            WHEN is_names AND plain >= 3 AND plain * 2 > constants AND has_long_name THEN 4
            WHEN has_caption THEN 3
            WHEN $names OR constants <= 1 THEN 1000000
            WHEN constants = 2 THEN 20
            WHEN constants = 3 THEN 10
            WHEN constants < 6 THEN 6
            ELSE 3
        END
        WHEN has_wild AND constants >= 2 THEN 2
        WHEN is_names AND plain >= 2 AND plain * 2 > constants AND NOT is_mostly_one THEN 2
        WHEN is_identifiers AND constants >= 4 AND plain >= 3 AND NOT has_participle AND NOT is_mostly_one THEN 2
        WHEN is_plural AND constants >= 3 THEN 2
        WHEN $names THEN 1000000
        WHEN is_after_noun AND NOT has_participle AND NOT is_mostly_one
            THEN greatest(CASE WHEN constants >= 5 THEN 2 ELSE 3 END, 7 - constants)
        -- few words, each of them often, are an enumeration
        WHEN is_words AND variety <= 4 AND events > 8 * variety THEN 1000000
        WHEN is_words THEN CASE WHEN constants >= 8 THEN 2 ELSE greatest(4, 9 - constants) END
        ELSE greatest(3, 9 - constants)
    END
),
candidates AS (
    SELECT spans.text_id, spans.place, spans.width, accepted.variety
    FROM mining_spans AS spans
    JOIN accepted ON accepted.key = spans.key
)
SELECT one.text_id, one.place, one.width
FROM candidates AS one
ANTI JOIN candidates AS better
    ON better.text_id = one.text_id
    AND better.place < one.place + one.width
    AND one.place < better.place + better.width
    AND (better.variety, better.width, -better.place) > (one.variety, one.width, -one.place);
