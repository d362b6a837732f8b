-- tokens_waiting: of which words are the texts made that wait?
-- grain:  one row per word: text_id, group_id, place (from 1), word
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_tokens AS
SELECT text_id, group_id, unnest(words) AS word, CAST(generate_subscripts(words, 1) AS INTEGER) AS place
FROM (SELECT text_id, group_id, string_split(text, ' ') AS words FROM mining_waiting) AS parted
WHERE len(words) <= 200;
