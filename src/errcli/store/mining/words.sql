-- words: what kind of words are the texts made of?
-- grain:  mining_read_words: one row per word of a text: text_id, place, word, hashes, and what it looks like
-- params: none
-- order:  none
INSERT INTO mining_read_words
SELECT
    tokens.text_id,
    tokens.place,
    vocabulary.* EXCLUDE (lead, trail, core, is_noun)
        -- what a code is said to be is no value
        REPLACE (vocabulary.may_vary AND tokens.word_before <> '=' AS may_vary),
    tokens.word_before IN (SELECT word FROM mining_vocabulary WHERE is_noun) AS is_after_noun
FROM mining_tokens AS tokens
JOIN mining_vocabulary AS vocabulary ON vocabulary.word = tokens.word;
