-- vocabulary: what kind of word is each word?
-- grain:  mining_vocabulary: one row per word that ever was: its parts, their hashes, and what it looks like
-- params: none
-- order:  none
-- Ranges of letters and lower(x) <> x stand for classes of Unicode, which take the engine long to prepare.
CREATE OR REPLACE TEMP TABLE mining_parted_words AS
WITH led AS (
    SELECT word, mining_lead(word) AS lead
    FROM mining_fresh_words
),
trailed AS (
    SELECT word, lead, mining_trail(word, lead) AS trail
    FROM led
)
SELECT word, lead, trail, word[length(lead) + 1 : length(word) - length(trail)] AS core
FROM trailed;

INSERT INTO mining_vocabulary
WITH words AS (
    FROM mining_parted_words
    UNION
    -- what is left of a word where it turns out to be a value
    SELECT lead || '<*>' || trail AS word, lead, trail, '<*>' AS core
    FROM mining_parted_words
),
lettered AS (
    SELECT
        *,
        regexp_matches(core, '^[A-Za-z\x{C0}-\x{10FFFF}’''\-]+\.?$') AS is_alphabetic,
        regexp_matches(word, '[A-Za-z\x{C0}-\x{10FFFF}]') AS has_letter,
        lower(word) <> word AS has_upper,
        upper(core) <> core AS has_lower,
        -- d'Ivoire, O'Brien
        core[3:] AS behind_article,
        regexp_matches(core, '^[dlDLO][’'']') AS has_article
    FROM words
    ANTI JOIN mining_vocabulary AS known ON known.word = words.word
),
cased AS (
    SELECT
        *,
        lower(core[1]) <> core[1] OR (has_article AND lower(behind_article[1]) <> behind_article[1]) AS is_capital
    FROM lettered
),
seen AS (
    SELECT
        word,
        lead,
        trail,
        core,
        -- at two offsets, as mining_hash in masks.sql; sums of these stay far below the largest number
        CAST(hash(word, '.' || word) >> 9 AS BIGINT) AS word_hash,
        hash(lead) AS lead_hash,
        hash(trail) AS trail_hash,
        hash(lead, CASE WHEN ends_with(core, 's') THEN rtrim(core, 's') ELSE core END, trail) AS singular_hash,
        contains(word, '<*>') AS is_wild,
        -- of a script without blanks
        regexp_matches(word, '[぀-ヿ㐀-鿿]') AS is_sign,
        core = '<*>' AS is_bare,
        core <> '<*>' AND (regexp_matches(word, '[A-Za-z\x{C0}-\x{10FFFF}]{2}') OR is_sign) AS is_constant,
        CASE WHEN NOT is_constant THEN 0 WHEN is_sign THEN 1 ELSE 2 END AS weight,
        NOT contains(word, '=') AND NOT regexp_matches(word, '[0-9]') AND (contains(word, '<*>') OR has_letter) AS may_vary,
        (is_alphabetic AND is_capital AND has_lower)
            OR (is_capital AND length(core) = 1 AND starts_with(trail, '.'))
            OR regexp_matches(core, '^[a-z][A-Za-z]*[._][a-z][A-Za-z]*\.?$')
            OR (has_lower AND regexp_matches(core, '^[A-Za-z]+_[A-Za-z_]+$')) AS is_name,
        is_alphabetic AND is_capital AND NOT has_lower AND length(core) > 1 AS is_caps,
        has_letter AND NOT has_upper AND is_constant AS is_plain,
        ends_with(core, 'ed') OR ends_with(core, 'ing') AS is_participle,
        -- whether a name may go on behind it
        regexp_matches(word, '[A-Za-z\x{C0}-\x{10FFFF}>,.&]$') AS is_open,
        lead = '' AS may_follow,
        -- what programs are made of: snake_case, camelCase, dots, slashes
        regexp_matches(core, '^[a-z][A-Za-z\-]*(?:[._/+][a-z][A-Za-z\-]*)+$|^[a-z]+(?:[A-Z][a-z]+)+$') AS is_identifier,
        regexp_matches(core, '^[a-z]+(?:-[a-z]+)+$') AS is_hyphenated,
        -- of a script without capitals, but with blanks
        regexp_matches(core, '^[\x{590}-\x{EFF}\x{AC00}-\x{D7AF}]+$') AS is_caseless,
        word IN (
            'van', 'von', 'der', 'den', 'de', 'da', 'dos', 'del', 'di', 'la', 'le', 'al', 'el', 'bin', 'ibn', 'do', 'das', 'z',
            'and', 'of', '&'
        ) AS is_particle,
        mining_is_noun(core) AND trail IN ('', ':') AS is_noun
    FROM cased
)
SELECT
    word, lead, trail, core, word_hash, lead_hash, trail_hash, singular_hash, weight,
    -- the bits that mining_words has as columns: to put rows down takes longer the more columns they have
    CAST(is_wild AS INTEGER)
        + CAST(is_sign AS INTEGER) * 2
        + CAST(is_bare AS INTEGER) * 4
        + CAST(is_constant AS INTEGER) * 8
        + CAST(is_name AS INTEGER) * 16
        + CAST(is_caps AS INTEGER) * 32
        + CAST(is_plain AS INTEGER) * 64
        + CAST(is_participle AS INTEGER) * 128
        + CAST(is_open AS INTEGER) * 256
        + CAST(may_follow AS INTEGER) * 512
        + CAST(is_identifier AS INTEGER) * 1024
        + CAST(is_hyphenated AS INTEGER) * 2048
        + CAST(is_caseless AS INTEGER) * 4096
        + CAST(is_particle AS INTEGER) * 8192 AS looks,
    may_vary,
    is_noun
FROM seen;
