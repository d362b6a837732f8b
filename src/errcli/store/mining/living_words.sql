-- living_words: what is known of the words of texts that are still there?
-- grain:  as in words
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_read_words AS
FROM mining_read_words AS words
SEMI JOIN mining_texts ON mining_texts.text_id = words.text_id;
