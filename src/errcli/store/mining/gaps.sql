-- gaps: where do several values stand in one text, which differ all at once?
-- grain:  mining_found, as in leave_one_out
-- params: none
-- order:  none
-- A word that is several times rarer than the words of its text usually are, among texts of this length, may be a value; it
-- is one where texts that share the rest have enough others in its place.
CREATE OR REPLACE TEMP TABLE mining_found AS
WITH words AS (
    SELECT
        words.text_id, texts.group_id, words.place, words.word_hash, words.lead_hash, words.trail_hash, words.weight,
        words.is_bare, words.may_vary AND NOT words.is_wild AND words.weight > 0 AND NOT words.is_caps AS may_go,
        count(*) OVER (PARTITION BY words.text_id) AS length
    FROM mining_words AS words
    JOIN mining_texts AS texts ON texts.text_id = words.text_id
),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY group_id, length, place, word_hash) AS texts
    FROM words
),
usual AS (
    SELECT text_id, quantile_disc(texts, 0.6) FILTER (WHERE NOT is_bare) AS texts
    FROM counted
    GROUP BY text_id
),
marked AS (
    SELECT counted.*, counted.may_go AND counted.texts * 4 <= usual.texts AS goes
    FROM counted
    JOIN usual ON usual.text_id = counted.text_id
),
outlines AS (
    SELECT
        text_id,
        hash(
            any_value(group_id), any_value(length),
            sum(CAST(
                CASE WHEN goes THEN hash(place, lead_hash, trail_hash) ELSE hash(place, word_hash) END >> 9 AS BIGINT
            ))
        ) AS key,
        sum(CASE WHEN goes THEN 0 ELSE weight END) // 2 AS constants,
        count(*) FILTER (WHERE goes) AS values
    FROM marked
    GROUP BY text_id
    -- one value alone is left to leave_one_out
    HAVING count(*) FILTER (WHERE goes) > 1
),
places AS (
    SELECT outlines.key, marked.place, outlines.constants, outlines.values, count(DISTINCT marked.word_hash) AS variety
    FROM outlines
    JOIN marked ON marked.text_id = outlines.text_id AND marked.goes
    GROUP BY outlines.key, marked.place, outlines.constants, outlines.values
),
accepted AS (
    SELECT key
    FROM places
    GROUP BY key, constants, values
    -- a first word is often a verb
    HAVING min(CASE WHEN place = 1 THEN variety // 5 ELSE variety END) >= greatest(3, 8 - constants)
        AND (constants > values OR (constants = values AND min(variety) >= 20))
)
SELECT marked.text_id, marked.place, 1 AS width
FROM marked
JOIN outlines ON outlines.text_id = marked.text_id
JOIN accepted ON accepted.key = outlines.key
WHERE marked.goes;
