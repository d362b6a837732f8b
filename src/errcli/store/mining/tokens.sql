-- tokens: of which words are the texts made of which that is not known yet?
-- grain:  one row per word of such a text: text_id, place (from 1), word, word_before
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_tokens AS
WITH parted AS (
    SELECT text_id, string_split(text, ' ') AS words
    FROM mining_in_halves('mining_texts', text_id) AS texts
    ANTI JOIN mining_read_words AS words ON words.text_id = texts.text_id
)
SELECT
    text_id,
    unnest(words) AS word,
    unnest(list_prepend('', words[: len(words) - 1])) AS word_before,
    CAST(generate_subscripts(words, 1) AS INTEGER) AS place
FROM parted
-- what is longer is compared with nothing
WHERE len(words) <= 200;
