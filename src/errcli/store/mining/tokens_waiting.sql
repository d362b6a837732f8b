-- tokens_waiting: of which words are the texts made that wait?
-- grain:  one row per word: text_id, group_id, place (from 1), word
-- params: parts, how many parts there are; part, which one, from 0
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_tokens AS
SELECT text_id, group_id, unnest(words) AS word, CAST(generate_subscripts(words, 1) AS INTEGER) AS place
FROM (
    SELECT text_id, group_id, string_split(text, ' ') AS words
    FROM mining_waiting
    WHERE text_id % $parts = $part
) AS parted
WHERE len(words) <= 200;
