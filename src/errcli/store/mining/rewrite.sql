-- rewrite: what are the texts once the values that were found are taken out?
-- grain:  mining_renamed: one row per text: text_id, group_id, text, events, is_new
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_renamed AS
WITH ends AS (
    SELECT found.text_id, found.place, found.width, first.lead || '<*>' || last.trail AS word
    FROM mining_found AS found
    JOIN mining_words AS first_words ON first_words.text_id = found.text_id AND first_words.place = found.place
    JOIN mining_vocabulary AS first ON first.word = first_words.word
    JOIN mining_words AS last_words
        ON last_words.text_id = found.text_id AND last_words.place = found.place + found.width - 1
    JOIN mining_vocabulary AS last ON last.word = last_words.word
),
words AS (
    SELECT words.text_id, words.place, words.word
    FROM mining_words AS words
    SEMI JOIN mining_found AS found ON found.text_id = words.text_id
),
marked AS (
    SELECT
        words.text_id,
        words.place,
        CASE WHEN ends.place IS NULL THEN words.word WHEN ends.place = words.place THEN ends.word END AS word
    FROM words
    LEFT JOIN ends
        ON ends.text_id = words.text_id
        AND words.place >= ends.place
        AND words.place < ends.place + ends.width
),
rewritten AS (
    SELECT
        text_id,
        regexp_replace(string_agg(word, ' ' ORDER BY place), e'<\\*>(?: \x01?<\\*>)+', '<*>', 'g') AS text
    FROM marked
    GROUP BY text_id
)
SELECT
    texts.text_id,
    texts.group_id,
    coalesce(rewritten.text, texts.text) AS text,
    texts.events,
    coalesce(rewritten.text <> texts.text, false) AS is_new
FROM mining_texts AS texts
LEFT JOIN rewritten ON rewritten.text_id = texts.text_id;
