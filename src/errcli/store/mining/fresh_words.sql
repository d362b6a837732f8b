-- fresh_words: which words are met for the first time?
-- grain:  mining_fresh_words: one row per word; the answer: how many there are
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_fresh_words AS
SELECT DISTINCT word
FROM mining_tokens
ANTI JOIN mining_vocabulary USING (word);
