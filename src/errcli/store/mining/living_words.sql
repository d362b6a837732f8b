-- living_words: what is known of the words of texts that are still there?
-- grain:  as in words
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_words AS
FROM mining_words
SEMI JOIN mining_texts ON mining_texts.text_id = mining_words.text_id;
