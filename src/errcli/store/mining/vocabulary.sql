-- vocabulary: what kind of word is each word?
-- grain:  mining_vocabulary: one row per word that ever was: its parts, their hashes, and what it looks like
-- params: none
-- order:  none
INSERT INTO mining_vocabulary
WITH led AS (
    SELECT word, regexp_extract(word, e'^\x01?[(\\[{"''¿¡]*') AS lead
    FROM mining_fresh_words
),
trailed AS (
    SELECT
        word,
        lead,
        CASE
            WHEN length(lead) >= length(word) THEN ''
            -- a bracket that the word itself opens is a part of it
            WHEN regexp_matches(word, e'[^\x01(\\[{][(\\[{]') THEN regexp_extract(word, '["'',;:.!?…]*$')
            -- the dot of an abbreviation, too
            WHEN regexp_matches(word, '^(?:\pL+\.){2,}$') THEN ''
            WHEN regexp_matches(word, '^(?:Ltd|Inc|Co|Corp|Bros|Jr|Sr|St|Dr|Mr|Mrs|Ms|Prof|Sp)\.')
                THEN regexp_extract(word, e'^[^.]*\\.(.*)$', 1)
            ELSE regexp_extract(word, e'[)\\]}"'',;:.!?…]*$')
        END AS trail
    FROM led
),
parted AS (
    SELECT word, lead, trail, word[length(lead) + 1 : length(word) - length(trail)] AS core
    FROM trailed
    UNION
    -- what is left of it where it turns out to be a value
    SELECT lead || '<*>' || trail AS word, lead, trail, '<*>' AS core
    FROM trailed
)
SELECT
    word,
    lead,
    trail,
    core,
    -- sums of these stay far below the largest number
    CAST(hash(word) >> 9 AS BIGINT) AS word_hash,
    hash(lead) AS lead_hash,
    hash(trail) AS trail_hash,
    hash(lead, regexp_replace(core, 's$', ''), trail) AS singular_hash,
    contains(word, '<*>') AS is_wild,
    -- of a script without blanks
    regexp_matches(word, '[぀-ヿ㐀-鿿]') AS is_sign,
    core = '<*>' AS is_bare,
    core <> '<*>' AND (regexp_matches(word, '[\pL]{2}') OR is_sign) AS is_constant,
    CASE WHEN NOT is_constant THEN 0 WHEN is_sign THEN 1 ELSE 2 END AS weight,
    NOT contains(word, '=') AND NOT regexp_matches(word, '[0-9]') AND (contains(word, '<*>') OR regexp_matches(word, '\pL'))
        AS may_vary,
    regexp_matches(core, '^(?:(?:[dlDLO][’''])?\p{Lu}[\pL''’\-]*\p{Ll}[\pL''’\-]*[.]?|\p{Lu}|\p{Ll}\pL*[._]\p{Ll}\pL*[.]?|\pL+_\pL*\p{Ll}[\pL_]*)$')
        AND (length(core) > 1 OR starts_with(trail, '.')) AS is_name,
    regexp_matches(core, '^\p{Lu}[\p{Lu}\-]+$') AS is_caps,
    regexp_matches(word, '\pL') AND NOT regexp_matches(word, '\p{Lu}') AND is_constant AS is_plain,
    regexp_matches(core, '(?:ed|ing)$') AS is_participle,
    -- whether a name may go on behind it
    regexp_matches(word, '[\pL>,.&]$') AS is_open,
    lead = '' AS may_follow,
    -- what programs are made of: snake_case, camelCase, dots, slashes
    regexp_matches(core, '^\p{Ll}[\pL\-]*(?:[._/+]\p{Ll}[\pL\-]*)+$|^\p{Ll}+(?:\p{Lu}\p{Ll}+)+$') AS is_identifier,
    regexp_matches(core, '^\p{Ll}+(?:-\p{Ll}+)+$') AS is_hyphenated,
    -- of a script without capitals, but with blanks
    regexp_matches(core, '^[\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Hangul}\p{Thai}]+$') AS is_caseless,
    word IN ('van', 'von', 'der', 'den', 'de', 'da', 'dos', 'del', 'di', 'la', 'le', 'al', 'el', 'bin', 'ibn', 'and', 'of', '&', 'do', 'das', 'z')
        AS is_particle,
    mining_is_noun(core) AND trail IN ('', ':') AS is_noun
FROM parted
ANTI JOIN mining_vocabulary AS known ON known.word = parted.word;
