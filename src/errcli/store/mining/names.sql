-- names: where are texts equal but for several names each, so that these are values?
-- grain:  mining_found, as in leave_one_out
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_found AS
WITH named AS (
    -- where there are fewer than two names, leave_one_out has looked already
    SELECT text_id
    FROM mining_words
    SEMI JOIN mining_texts ON mining_texts.text_id = mining_words.text_id
    GROUP BY text_id
    HAVING count(*) FILTER (WHERE is_name OR is_bare) > 1 AND count(*) FILTER (WHERE is_plain) >= 3
),
marked AS (
    SELECT
        *,
        (is_name OR is_caps OR is_bare) AS is_part,
        -- and: here it stands between two names, more often than within one
        is_particle
        AND word <> 'and'
        AND coalesce(lag(is_name OR is_particle) OVER words AND lead(is_name OR is_particle) OVER words, false)
            AS is_inner
    FROM mining_words
    SEMI JOIN named ON named.text_id = mining_words.text_id
    WINDOW words AS (PARTITION BY mining_words.text_id ORDER BY place)
),
runs AS (
    SELECT
        *,
        is_part OR is_inner AS is_of_name,
        sum(CAST(NOT (is_part OR is_inner) AS INTEGER)) OVER (
            PARTITION BY text_id ORDER BY place ROWS UNBOUNDED PRECEDING
        ) AS words_before
    FROM marked
),
names AS (
    SELECT
        text_id,
        words_before,
        min(place) AS place,
        count(*) AS width,
        arg_min(lead_hash, place) AS lead_hash,
        arg_max(trail_hash, place) AS trail_hash,
        string_agg(word, ' ' ORDER BY place) AS value,
        arg_min(word, place) AS first_word
    FROM runs
    WHERE is_of_name
    GROUP BY text_id, words_before
),
outlines AS (
    SELECT words.text_id, words.outline, names.outline AS names_outline, words.plain, names.names
    FROM (
        SELECT
            text_id,
            sum(CAST(hash(words_before, word) >> 9 AS BIGINT)) AS outline,
            count(*) FILTER (WHERE is_plain) AS plain
        FROM runs
        WHERE NOT is_of_name
        GROUP BY text_id
    ) AS words
    JOIN (
        SELECT
            text_id,
            sum(CAST(hash(words_before, lead_hash, trail_hash) >> 9 AS BIGINT)) AS outline,
            count(*) AS names
        FROM names
        GROUP BY text_id
    ) AS names ON names.text_id = words.text_id
    WHERE names.names > 1 AND words.plain > names.names
),
grouped AS (
    SELECT outlines.*, hash(texts.group_id, outlines.outline, outlines.names_outline) AS key
    FROM outlines
    JOIN mining_texts AS texts ON texts.text_id = outlines.text_id
),
varied AS (
    SELECT
        grouped.key,
        names.words_before,
        -- a capital at the beginning makes no name: what all begin with is text
        count(DISTINCT names.first_word) = 1 AS is_begun_alike
    FROM grouped
    JOIN names ON names.text_id = grouped.text_id
    GROUP BY grouped.key, names.words_before
    HAVING count(DISTINCT names.value) > 1
        AND NOT (
            count(DISTINCT names.first_word) > 1
            AND bool_or(names.place = 1 AND (grouped.plain < 4 OR regexp_matches(names.value, '^[A-Za-z]+(?:ed|ing)$')))
        )
),
several AS (
    -- one name alone is left to leave_one_out
    SELECT *
    FROM varied
    SEMI JOIN (SELECT key FROM varied GROUP BY key HAVING count(*) > 1) AS several ON several.key = varied.key
),
found AS (
    SELECT names.text_id, names.place, names.width, CAST(names.place = 1 AND several.is_begun_alike AS INTEGER) AS kept
    FROM several
    JOIN grouped ON grouped.key = several.key
    JOIN names ON names.text_id = grouped.text_id AND names.words_before = several.words_before
)
SELECT text_id, place + kept AS place, width - kept AS width
FROM found
WHERE width > kept;
