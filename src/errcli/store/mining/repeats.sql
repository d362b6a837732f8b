-- repeats: where do texts repeat a word that others repeat another one in its stead, so that it is a value?
-- grain:  mining_found, as in leave_one_out
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_found AS
WITH cores AS (
    SELECT words.text_id, words.place, vocabulary.core
    FROM mining_words AS words
    SEMI JOIN mining_texts ON mining_texts.text_id = words.text_id
    JOIN mining_vocabulary AS vocabulary ON vocabulary.word = words.word
    WHERE (words.is_constant OR words.is_name)
        AND words.may_vary
        AND NOT words.is_wild
        AND (
            length(vocabulary.core) >= 4 OR words.is_name OR (words.is_particle AND words.word NOT IN ('of', 'and'))
        )
),
repeated AS (
    SELECT cores.text_id, cores.place, cores.core
    FROM cores
    JOIN (SELECT text_id, core FROM cores GROUP BY text_id, core HAVING count(*) > 1) AS often
        ON often.text_id = cores.text_id AND often.core = cores.core
),
marked AS (
    SELECT
        words.text_id,
        words.place,
        words.word,
        words.lead_hash,
        words.trail_hash,
        words.is_constant AND repeated.core IS NULL AS is_constant,
        repeated.core,
        sum(CAST(repeated.core IS NULL AS INTEGER)) OVER (
            PARTITION BY words.text_id ORDER BY words.place ROWS UNBOUNDED PRECEDING
        ) AS words_before
    FROM mining_words AS words
    LEFT JOIN repeated ON repeated.text_id = words.text_id AND repeated.place = words.place
    WHERE words.text_id IN (SELECT text_id FROM repeated)
),
outlines AS (
    SELECT
        marked.text_id,
        hash(
            any_value(texts.group_id),
            sum(CAST(hash(marked.words_before, marked.word) >> 9 AS BIGINT)) FILTER (WHERE marked.core IS NULL),
            count(DISTINCT marked.words_before) FILTER (WHERE marked.core IS NOT NULL),
            sum(DISTINCT marked.words_before) FILTER (WHERE marked.core IS NOT NULL)
        ) AS key,
        string_agg(marked.core, ' ' ORDER BY marked.place) AS value,
        count(*) FILTER (WHERE marked.is_constant) AS constants
    FROM marked
    JOIN mining_texts AS texts ON texts.text_id = marked.text_id
    GROUP BY marked.text_id
),
accepted AS (
    SELECT key
    FROM outlines
    GROUP BY key
    HAVING count(DISTINCT value) >= 2 AND min(constants) >= 4
)
SELECT marked.text_id, marked.place, 1 AS width
FROM marked
JOIN outlines ON outlines.text_id = marked.text_id
JOIN accepted ON accepted.key = outlines.key
WHERE marked.core IS NOT NULL;
