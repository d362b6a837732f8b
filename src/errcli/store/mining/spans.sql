-- spans: which words of a text, alone or some that stand together, may be a value?
-- grain:  mining_spans: one row per span: text_id, place, width (words), hashes of it, how many words of the text are constant
--         besides, `key`, which it shares with spans in whose texts the rest is equal, and `looks`, bits as those of words in
--         begin.sql, and 16384 behind a noun, 32768 the beginning of a text, 65536 a name of several words, 131072 at the
--         first word that is constant or before it
-- params: variety, how many spans have to have a key at least
-- order:  none
-- The key is the sum of the hashes of all other words, how many of them stand before and behind, and the punctuation
-- around the span. Several words are a span if they may be a name, the beginning of a text, or signs of a script
-- without blanks. Most spans have a key of their own and nothing to tell: these are left out.
CREATE OR REPLACE TEMP TABLE mining_spans AS
WITH RECURSIVE totals AS (
    SELECT
        text_id,
        count(*) AS length,
        CAST(sum(word_hash) AS BIGINT) AS text_hash,
        CAST(sum(weight) AS INTEGER) AS constants,
        CAST(sum(CAST(is_plain AS INTEGER)) AS INTEGER) AS plain,
        coalesce(min(place) FILTER (WHERE is_constant), 1000) AS first_constant
    FROM mining_words
    GROUP BY text_id
),
whole AS (
    SELECT totals.*, texts.group_id, texts.events
    FROM totals
    JOIN mining_texts AS texts ON texts.text_id = totals.text_id
),
parts AS (
    -- what a name may go on with is another part of it, a particle, a number. A text may begin with a value of several words
    -- of which only the first has a capital
    SELECT *, is_name OR is_particle OR is_bare OR is_caps AS is_part, is_open AND NOT is_wild AS may_begin
    FROM mining_words
    WHERE is_name OR is_particle OR is_bare OR is_caps OR is_sign OR is_caseless OR place <= 3
),
runs AS (
    -- two words that stand together
    SELECT
        one.text_id, one.place, 2 AS width, one.word_hash + two.word_hash AS span_hash,
        one.word_hash AS first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        (one.is_name OR one.is_caps) AND one.is_open AND two.is_part AND two.may_follow AS is_of_parts,
        one.is_sign AND two.is_sign AS is_of_signs,
        one.is_caseless AND two.is_caseless AND one.is_open AS is_of_caseless,
        one.place = 1 AND one.is_name AND one.may_begin AND two.may_begin AS is_beginning,
        CASE WHEN is_of_caseless THEN 4 ELSE one.weight + two.weight END AS constants,
        CASE WHEN is_of_caseless THEN 2 ELSE CAST(one.is_plain AS INTEGER) + CAST(two.is_plain AS INTEGER) END AS plain,
        one.is_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole,
        two.is_open AS goes_on,
        two.is_particle AS is_behind_particle
    FROM parts AS one
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + 1
    WHERE is_of_parts OR is_of_signs OR is_of_caseless OR is_beginning
    UNION ALL
    -- one word more: of a name up to five, as two given names, two particles, a family's name
    SELECT
        one.text_id, one.place, one.width + 1 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        one.is_of_parts AND one.goes_on AND (one.width < 4 OR one.is_behind_particle) AND two.is_part AND two.may_follow
            AS is_of_parts,
        one.is_of_signs AND two.is_sign AND one.width < 4 AS is_of_signs,
        false AS is_of_caseless,
        one.is_beginning AND two.may_begin AND one.width < 3 AS is_beginning,
        one.constants + two.weight AS constants,
        one.plain + CAST(two.is_plain AS INTEGER) AS plain,
        one.has_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole,
        two.is_open AS goes_on,
        two.is_particle AS is_behind_particle
    FROM runs AS one
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + one.width
    WHERE one.width < 5 AND (one.is_of_parts OR one.is_of_signs OR one.is_beginning)
),
longer AS (
    SELECT *, is_of_parts AND has_name AND is_whole AS is_name
    FROM runs
),
spans AS (
    SELECT
        text_id, place, 1 AS width,
        word_hash AS span_hash, word_hash AS first_hash, word_hash AS last_hash, singular_hash,
        lead_hash, trail_hash,
        weight AS constants, CAST(is_plain AS INTEGER) AS plain,
        looks + CASE WHEN is_after_noun THEN 16384 ELSE 0 END AS looks
    FROM mining_words
    WHERE may_vary
    UNION ALL
    SELECT
        text_id, place, width,
        span_hash, first_hash, last_hash, span_hash AS singular_hash, lead_hash, trail_hash, constants, plain, looks
    FROM (
        SELECT *, CASE WHEN is_name THEN 16 + 65536 ELSE 0 END AS looks
        FROM longer
        WHERE is_name OR is_of_signs OR is_of_caseless
        UNION ALL
        SELECT *, 32768 AS looks
        FROM longer
        WHERE is_beginning AND text_id IN (SELECT text_id FROM totals WHERE plain >= 6)
    ) AS several
),
keyed AS MATERIALIZED (
    SELECT
        spans.text_id, spans.place, spans.width, whole.events,
        spans.span_hash, spans.first_hash, spans.last_hash, spans.singular_hash,
        (whole.constants - spans.constants) // 2 AS constants,
        whole.plain - spans.plain AS plain,
        spans.looks + CASE WHEN spans.place <= whole.first_constant THEN 131072 ELSE 0 END AS looks,
        hash(
            whole.group_id, whole.text_hash - spans.span_hash, spans.place, whole.length - spans.place - spans.width,
            spans.lead_hash, spans.trail_hash
        ) AS key
    FROM spans
    JOIN whole ON whole.text_id = spans.text_id
)
FROM keyed
SEMI JOIN (SELECT key FROM keyed GROUP BY key HAVING count(*) >= $variety) AS shared ON shared.key = keyed.key;
