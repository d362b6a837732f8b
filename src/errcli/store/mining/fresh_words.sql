-- fresh_words: which words are met for the first time?
-- grain:  one row per word
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_fresh_words AS
SELECT DISTINCT word
FROM mining_tokens
ANTI JOIN mining_vocabulary USING (word);

SELECT count(*) > 0 AS is_any
FROM mining_fresh_words;
