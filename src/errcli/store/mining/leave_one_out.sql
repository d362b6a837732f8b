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
        bit_or(looks) AS looks,
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
        bit_or(looks) AS looks,
        -- a name, nothing but a value, or what has an underscore or the like in it
        bool_and(looks & (16 + 4 + 1024 + 2048) > 0) AS is_names,
        bool_and(looks & 1024 > 0 OR looks & (64 + 4 + 1) = 64) AS is_identifiers_or_words,
        bool_and(looks & (64 + 4 + 1) = 64) AS is_words,
        sum(events) AS events,
        min(constants) AS constants,
        min(plain) AS plain,
        count(*) = 2 AND min(singular_hash) = max(singular_hash) AS is_plural
    FROM spans_of_values
    GROUP BY key
    -- what all begin or end with is text
    HAVING count(*) > 1 AND min(first_hash) <> max(first_hash) AND min(last_hash) <> max(last_hash)
),
seen AS (
    SELECT
        *,
        looks & 1 > 0 AS has_wild,
        looks & 4 > 0 AS has_bare,
        looks & 128 > 0 AS has_participle,
        looks & 1024 > 0 AND is_identifiers_or_words AS is_identifiers,
        looks & 16384 > 0 AS is_after_noun,
        looks & 32768 > 0 AS has_caption,
        looks & 65536 > 0 AS has_long_name,
        looks & 131072 > 0 AS is_first
    FROM keys
),
accepted AS (
    SELECT key, variety
    FROM seen
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
