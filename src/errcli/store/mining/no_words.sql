-- no_words: what is known of the words of texts, before any is read?
-- grain:  as in words
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_words (
    text_id INTEGER, place INTEGER, word VARCHAR,
    word_hash BIGINT, lead_hash UBIGINT, trail_hash UBIGINT, singular_hash UBIGINT,
    is_wild BOOLEAN, is_sign BOOLEAN, is_bare BOOLEAN, is_constant BOOLEAN, weight INTEGER, may_vary BOOLEAN, is_name BOOLEAN, is_caps BOOLEAN,
    is_plain BOOLEAN, is_participle BOOLEAN, is_open BOOLEAN, may_follow BOOLEAN, is_identifier BOOLEAN, is_hyphenated BOOLEAN, is_caseless BOOLEAN, is_particle BOOLEAN, is_after_noun BOOLEAN
);
