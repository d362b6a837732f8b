-- begin: which texts are there to be compared?
-- grain:  mining_texts: one row per distinct text of a type and code: text_id, group_id, text; events, as often.sql counts
--         them; shapes, a list of their numbers; and what there is of words and of texts that wait, before any is read: nothing
-- params: none
-- order:  none
-- Masks that see shapes only, of which there are fewer than messages, one after the other; each looks first whether
-- there is anything for it to do.
CREATE OR REPLACE TEMP TABLE mining_texts AS
WITH groups AS (
    SELECT error_type, error_code, CAST(row_number() OVER () AS INTEGER) AS group_id
    FROM (SELECT DISTINCT error_type, error_code FROM shapes_to_mine) AS kinds
),
texts AS (
    SELECT shape_id, error_type, error_code, shape AS text, mining_often(events) AS events
    FROM mining_in_halves('shapes_to_mine', shape_id)
),
blanks AS (
    -- any white space is one blank
    SELECT * REPLACE (
        regexp_replace(
            text,
            '[\s\v\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]{2,}'
            || '|[\t\n\v\f\r\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]',
            ' ', 'g'
        ) AS text
    )
    FROM texts
),
hosts AS (
    -- the name of a host
    SELECT * REPLACE (
        CASE WHEN contains(text, '.') THEN
            regexp_replace(
            text,
            '\b[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.(?:com|net|org|io|dev|cloud|example|local|internal|lan|de|fr|uk|eu|nl|pl|it|es|ch|at|se|us)([\s:,;/)\]"'']|$)',
            '<*>\1', 'g'
        )
        ELSE text END AS text
    )
    FROM blanks
),
braces AS (
    -- a value in braces; @name
    SELECT * REPLACE (
        CASE WHEN contains(text, '{') OR contains(text, '@') THEN
            regexp_replace(text, '\{<\*>\}|\B@[A-Za-z0-9_.\x{C0}-\x{10FFFF}\-]+', '<*>', 'g')
        ELSE text END AS text
    )
    FROM hosts
),
dates AS (
    -- a month and a number
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+<\*>', '<*>', 'g')
        ELSE text END AS text
    )
    FROM braces
),
lists AS (
    -- values that only signs part
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>(?:[.:,/\-_~+@#\\% ]*<\*>)+', '<*>', 'g')
        ELSE text END AS text
    )
    FROM dates
),
months AS (
    -- a month between numbers
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+<\*>', '<*>', 'g')
        ELSE text END AS text
    )
    FROM lists
),
amounts AS (
    -- an amount of money
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '[$¢£¥₩€₹₽₺]\s?<\*>|<\*>\s?[$¢£¥₩€₹₽₺]|\b(?:EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CAD|AUD|INR|CNY|BRL)\s<\*>|<\*>\s(?:EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CAD|AUD|INR|CNY|BRL)\b', '<*>', 'g')
        ELSE text END AS text
    )
    FROM months
),
units AS (
    -- a number and its unit
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s?(?:(?:[KMGTkmgt]?i?[Bb]|[KMGTkmgt]?i?[Bb]ytes?|[mun]?s|[mM]illi[sS]ec(?:ond)?s?|MILLISECONDS|secs?|[sS]econds?|mins?|[mM]inutes?|[hH]ours?|[dD]ays?|[MGk]?Hz|[MGK]bps|[kcm]?m|[km]?g|m?[lL]|px|°[CF])\b|%)', '<*>', 'g')
        ELSE text END AS text
    )
    FROM amounts
),
codes AS (
    -- a code in words is no value, and one that is still a number is a status: the mark keeps it from what follows
    SELECT * REPLACE (
        CASE WHEN contains(text, '=') THEN
            regexp_replace(
                regexp_replace(text, '\b(codes?|status) ?= ?([A-Za-z])', e'\\1 \x02 \\2', 'g'),
                '(?i)(codes?|status) ?= ?(-?[0-9])', e'\\1 \x02 \\2', 'g'
            )
        ELSE text END AS text
    )
    FROM units
),
pairs AS (
    -- key=value
    SELECT * REPLACE (
        CASE WHEN contains(text, '=') THEN
            regexp_replace(text, '=(?:[ ]?<\*>|[ ]?"[^"]*"|[ ]?''[^'']*''|[^\s,;()\[\]{}"''=<>]+)', '=<*>', 'g')
        ELSE text END AS text
    )
    FROM codes
),
honorifics AS (
    -- a name before an honorific that is written together with it
    SELECT * REPLACE (
        CASE WHEN contains(text, '님') THEN
            regexp_replace(text, '[가-힣]{2,4}님', '<*>님', 'g')
        ELSE text END AS text
    )
    FROM pairs
),
quotes AS (
    -- what stands in quotes, if it is short; `.` takes half as long to prepare as all but one letter
    SELECT * REPLACE (
        CASE WHEN regexp_matches(text, '[''"«“„「『]') THEN
            regexp_replace(text, '\B''[^''<>]{1,40}''|\B''<\*>(?:[^''<>]|<\*>){0,40}''|\B"(?:[^"<>]{1,40}|[a-z\x{DF}-\x{24F}](?:[^"<>]|<\*>){1,40})"|«[^»].{0,59}?»|“[^”].{0,59}?”|„[^“”].{0,59}?[“”]|「[^」].{0,59}?」|『[^』].{0,59}?』', '''<*>''', 'g')
        ELSE text END AS text
    )
    FROM honorifics
),
truths AS (
    -- a truth, or nothing, after a colon
    SELECT * REPLACE (
        CASE WHEN contains(text, ':') THEN
            regexp_replace(text, ':[ ]?(?:true|false|True|False|TRUE|FALSE|null|NULL|None|nil|undefined)\b', ':<*>', 'g')
        ELSE text END AS text
    )
    FROM quotes
),
empties AS (
    -- an empty slot is a value, too
    SELECT * REPLACE (
        CASE WHEN contains(text, '()') THEN
            regexp_replace(text, '\(\)', '(<*>)', 'g')
        ELSE text END AS text
    )
    FROM truths
),
ports AS (
    -- an address in brackets and a port
    SELECT * REPLACE (
        CASE WHEN contains(text, '[<*>]:') THEN
            regexp_replace(text, '\[<\*>\]:<\*>', '<*>', 'g')
        ELSE text END AS text
    )
    FROM empties
),
twice AS (
    -- a value, and the same in other words
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s?\(<\*>\)', '<*>', 'g')
        ELSE text END AS text
    )
    FROM ports
),
again AS (
    -- values that only signs part, now that there are more
    SELECT * REPLACE (
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>(?:[.:,/\-_~+@#\\% ]*<\*>)+', '<*>', 'g')
        ELSE text END AS text
    )
    FROM twice
),
trimmed AS (
    SELECT * REPLACE (
        replace(CASE WHEN starts_with(text, ' ') OR ends_with(text, ' ') THEN trim(text) ELSE text END, chr(2), '=') AS text
    )
    FROM again
),
signs AS (
    -- where a script has no blanks, each sign is a word. A mark tells where there was no blank
    SELECT * REPLACE (
        CASE WHEN strlen(text) > length(text) THEN
            replace(
                ltrim(
                    replace(
                        regexp_replace(
                            regexp_replace(text, '([぀-ヿ㐀-鿿])', e'\x02\\1', 'g'),
                            e'([぀-ヿ㐀-鿿])([^\\s\x02])', e'\\1\x02\\2', 'g'
                        ),
                        e' \x02', ' '
                    ),
                    chr(2)
                ),
                chr(2), e' \x01'
            )
        ELSE text END AS text
    )
    FROM trimmed
),
parted AS (
    -- a word may also begin after a colon or a bracket
    SELECT * REPLACE (
        CASE WHEN contains(text, ':') OR contains(text, '(') THEN
            regexp_replace(text, '([:(])([A-Za-z\x{C0}-\x{10FFFF}])', e'\\1 \x01\\2', 'g')
        ELSE text END AS text
    )
    FROM signs
)
SELECT
    min(texts.shape_id) AS text_id,
    groups.group_id,
    texts.text,
    CAST(sum(texts.events) AS BIGINT) AS events,
    list(texts.shape_id) AS shapes
FROM parted AS texts
LEFT JOIN groups ON groups.error_type = texts.error_type AND groups.error_code IS NOT DISTINCT FROM texts.error_code
GROUP BY groups.group_id, texts.text;

-- for texts that come to be: numbers that no shape has, and no text had before
CREATE OR REPLACE TEMP SEQUENCE mining_numbers START 1073741824;

CREATE OR REPLACE TEMP TABLE mining_read_words (
    text_id INTEGER, place INTEGER, word VARCHAR, word_hash BIGINT, lead_hash UBIGINT, trail_hash UBIGINT, singular_hash UBIGINT,
    weight INTEGER, looks INTEGER, may_vary BOOLEAN, is_after_noun BOOLEAN
);

-- what words look like, taken apart: it is kept as one number
CREATE OR REPLACE TEMP VIEW mining_words AS
SELECT
    *,
    looks & 1 > 0 AS is_wild,
    looks & 2 > 0 AS is_sign,
    looks & 4 > 0 AS is_bare,
    looks & 8 > 0 AS is_constant,
    looks & 16 > 0 AS is_name,
    looks & 32 > 0 AS is_caps,
    looks & 64 > 0 AS is_plain,
    looks & 128 > 0 AS is_participle,
    looks & 256 > 0 AS is_open,
    looks & 512 > 0 AS may_follow,
    looks & 1024 > 0 AS is_identifier,
    looks & 2048 > 0 AS is_hyphenated,
    looks & 4096 > 0 AS is_caseless,
    looks & 8192 > 0 AS is_particle
FROM mining_read_words;

CREATE OR REPLACE TEMP TABLE mining_vocabulary (
    word VARCHAR, lead VARCHAR, trail VARCHAR, core VARCHAR,
    word_hash BIGINT, lead_hash UBIGINT, trail_hash UBIGINT, singular_hash UBIGINT,
    weight INTEGER, looks INTEGER, may_vary BOOLEAN, is_noun BOOLEAN
);

CREATE OR REPLACE TEMP TABLE mining_waiting (
    text_id INTEGER, group_id INTEGER, text VARCHAR, events BIGINT, shapes INTEGER[]
);

CREATE OR REPLACE TEMP TABLE mining_matched (text_id INTEGER, template_id INTEGER);
