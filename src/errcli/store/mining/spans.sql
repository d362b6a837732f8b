-- spans: which words of a text, alone or some that stand together, may be a value?
-- grain:  mining_spans: one row per span: text_id, place, width (words), hashes of it, what it looks like, how many
--         words of the text are constant besides, and `key`, which it shares with spans in whose texts the rest is equal
-- params: none
-- order:  none
-- The key is the sum of the hashes of all other words, how many of them stand before and behind, and the punctuation
-- around the span. Several words are a span if they may be a name, the beginning of a text, or signs of a script
-- without blanks. Most spans have a key of their own and nothing to tell: the keys are counted before the rest is read.
CREATE OR REPLACE TEMP TABLE mining_spans AS
WITH totals AS (
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
parts AS (
    -- what a name may go on with: another part of it, a particle, a number
    SELECT *
    FROM mining_words
    WHERE is_name OR is_particle OR is_bare OR is_caps
),
pairs AS (
    SELECT
        one.text_id, one.place, 2 AS width, one.word_hash + two.word_hash AS span_hash,
        one.word_hash AS first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        one.weight + two.weight AS constants,
        CAST(one.is_plain AS INTEGER) + CAST(two.is_plain AS INTEGER) AS plain,
        one.is_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole
    FROM parts AS one
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + 1 AND two.may_follow
    WHERE (one.is_name OR one.is_caps) AND one.is_open
),
triples AS (
    SELECT
        one.text_id, one.place, 3 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        one.constants + two.weight AS constants,
        one.plain + CAST(two.is_plain AS INTEGER) AS plain,
        one.has_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole
    FROM pairs AS one
    JOIN parts AS inside ON inside.text_id = one.text_id AND inside.place = one.place + 1
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + 2 AND two.may_follow
    WHERE inside.is_open
),
fours AS (
    SELECT
        one.text_id, one.place, 4 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        one.constants + two.weight AS constants,
        one.plain + CAST(two.is_plain AS INTEGER) AS plain,
        one.has_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole
    FROM triples AS one
    JOIN parts AS inside ON inside.text_id = one.text_id AND inside.place = one.place + 2
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + 3 AND two.may_follow
    WHERE inside.is_open
),
fives AS (
    -- two given names, two particles, a family's name
    SELECT
        one.text_id, one.place, 5 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        one.constants + two.weight AS constants,
        one.plain + CAST(two.is_plain AS INTEGER) AS plain,
        one.has_name OR two.is_name AS has_name,
        two.is_name OR two.is_bare OR two.is_caps AS is_whole
    FROM fours AS one
    JOIN parts AS inside ON inside.text_id = one.text_id AND inside.place = one.place + 3
    JOIN parts AS two ON two.text_id = one.text_id AND two.place = one.place + 4 AND two.may_follow
    WHERE inside.is_open AND inside.is_particle
),
signs AS (
    SELECT text_id, place, word_hash, lead_hash, trail_hash, weight, is_plain
    FROM mining_words
    WHERE is_sign
),
sign_pairs AS (
    SELECT
        one.text_id, one.place, 2 AS width, one.word_hash + two.word_hash AS span_hash,
        one.word_hash AS first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        2 AS constants, 2 AS plain
    FROM signs AS one
    JOIN signs AS two ON two.text_id = one.text_id AND two.place = one.place + 1
),
sign_triples AS (
    SELECT
        one.text_id, one.place, 3 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        3 AS constants, 3 AS plain
    FROM sign_pairs AS one
    JOIN signs AS two ON two.text_id = one.text_id AND two.place = one.place + 2
),
sign_fours AS (
    SELECT
        one.text_id, one.place, 4 AS width, one.span_hash + two.word_hash AS span_hash,
        one.first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        4 AS constants, 4 AS plain
    FROM sign_triples AS one
    JOIN signs AS two ON two.text_id = one.text_id AND two.place = one.place + 3
),
caseless_pairs AS (
    SELECT
        one.text_id, one.place, 2 AS width, one.word_hash + two.word_hash AS span_hash,
        one.word_hash AS first_hash, two.word_hash AS last_hash, one.lead_hash, two.trail_hash,
        4 AS constants, 2 AS plain
    FROM mining_words AS one
    JOIN mining_words AS two ON two.text_id = one.text_id AND two.place = one.place + 1
    WHERE one.is_caseless AND two.is_caseless AND one.is_open
),
captions AS (
    -- a text may begin with a value of several words of which only the first has a capital
    SELECT
        one.text_id, one.place, last.place AS width, CAST(sum(inside.word_hash) AS BIGINT) AS span_hash,
        one.word_hash AS first_hash, last.word_hash AS last_hash, one.lead_hash, last.trail_hash,
        CAST(sum(inside.weight) AS INTEGER) AS constants,
        CAST(sum(CAST(inside.is_plain AS INTEGER)) AS INTEGER) AS plain
    FROM mining_words AS one
    JOIN totals ON totals.text_id = one.text_id
    JOIN mining_words AS last ON last.text_id = one.text_id AND last.place BETWEEN 2 AND 3
    JOIN mining_words AS inside ON inside.text_id = one.text_id AND inside.place <= last.place
    WHERE one.place = 1 AND one.is_name AND totals.plain >= 6
    GROUP BY one.text_id, one.place, last.place, one.word_hash, last.word_hash, one.lead_hash, last.trail_hash
    HAVING bool_and(inside.is_open AND NOT inside.is_wild)
),
spans AS (
    SELECT
        text_id, place, 1 AS width,
        word_hash AS span_hash, word_hash AS first_hash, word_hash AS last_hash, singular_hash,
        lead_hash, trail_hash,
        weight AS constants, CAST(is_plain AS INTEGER) AS plain,
        is_bare, is_wild, is_name, false AS is_caption, is_after_noun, is_participle,
        is_plain AND NOT is_bare AND NOT is_wild AS is_word, is_identifier, is_hyphenated
    FROM mining_words
    WHERE may_vary
    UNION ALL
    SELECT
        text_id, place, width,
        span_hash, first_hash, last_hash, span_hash AS singular_hash, lead_hash, trail_hash, constants, plain,
        false AS is_bare, false AS is_wild, true AS is_name, false AS is_caption, false AS is_after_noun,
        false AS is_participle, false AS is_word, false AS is_identifier, false AS is_hyphenated
    FROM (FROM pairs UNION ALL FROM triples UNION ALL FROM fours UNION ALL FROM fives) AS longer
    WHERE has_name AND is_whole
    UNION ALL
    SELECT
        text_id, place, width,
        span_hash, first_hash, last_hash, span_hash AS singular_hash, lead_hash, trail_hash, constants, plain,
        false AS is_bare, false AS is_wild, false AS is_name, true AS is_caption, false AS is_after_noun,
        false AS is_participle, false AS is_word, false AS is_identifier, false AS is_hyphenated
    FROM captions
    UNION ALL
    SELECT
        text_id, place, width,
        span_hash, first_hash, last_hash, span_hash AS singular_hash, lead_hash, trail_hash, constants, plain,
        false AS is_bare, false AS is_wild, false AS is_name, false AS is_caption, false AS is_after_noun,
        false AS is_participle, false AS is_word, false AS is_identifier, false AS is_hyphenated
    FROM (
        FROM sign_pairs UNION ALL FROM sign_triples UNION ALL FROM sign_fours UNION ALL FROM caseless_pairs
    ) AS signs
),
keyed AS NOT MATERIALIZED (
    SELECT
        spans.text_id, spans.place, spans.width, texts.events,
        spans.span_hash, spans.first_hash, spans.last_hash, spans.singular_hash,
        spans.is_bare, spans.is_wild, spans.is_name, spans.is_caption, spans.is_after_noun, spans.is_participle, spans.is_word,
        spans.is_identifier, spans.is_hyphenated,
        (totals.constants - spans.constants) // 2 AS constants,
        totals.plain - spans.plain AS plain,
        spans.place <= totals.first_constant AS is_first,
        hash(
            texts.group_id, totals.text_hash - spans.span_hash, spans.place, totals.length - spans.place - spans.width,
            spans.lead_hash, spans.trail_hash
        ) AS key
    FROM spans
    JOIN totals ON totals.text_id = spans.text_id
    JOIN mining_texts AS texts ON texts.text_id = spans.text_id
)
FROM keyed
SEMI JOIN (SELECT key FROM keyed GROUP BY key HAVING count(*) > 1) AS shared ON shared.key = keyed.key;
