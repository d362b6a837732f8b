-- begin: which texts are there to be compared?
-- grain:  mining_renamed: one row per shape, as in rewrite; mining_members: one row per shape: shape_id, text_id; and what
--         there is of words and of texts that wait, before any is read: nothing
-- params: none
-- order:  none
-- Masks that see shapes only, of which there are fewer than messages, one after the other; each looks first whether
-- there is anything for it to do.
CREATE OR REPLACE TEMP TABLE mining_renamed AS
WITH texts AS (
    SELECT DISTINCT shape AS original, shape AS text
    FROM shapes_to_mine
),
blanks AS (
    -- any white space is one blank
    SELECT
        original,
        regexp_replace(
            text,
            '[\s\v\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]{2,}'
            || '|[\t\n\v\f\r\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]',
            ' ', 'g'
        ) AS text
    FROM texts
),
hosts AS (
    -- the name of a host
    SELECT
        original,
        CASE WHEN contains(text, '.') THEN
            regexp_replace(
            text,
            '\b[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.(?:com|net|org|io|dev|cloud|example|local|internal|lan|de|fr|uk|eu|nl|pl|it|es|ch|at|se|us)([\s:,;/)\]"'']|$)',
            '<*>\1', 'g'
        )
        ELSE text END AS text
    FROM blanks
),
braces AS (
    -- a value in braces; @name
    SELECT
        original,
        CASE WHEN contains(text, '{') OR contains(text, '@') THEN
            regexp_replace(text, '\{<\*>\}|\B@[A-Za-z0-9_.\x{C0}-\x{10FFFF}\-]+', '<*>', 'g')
        ELSE text END AS text
    FROM hosts
),
dates AS (
    -- a month and a number
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+<\*>', '<*>', 'g')
        ELSE text END AS text
    FROM braces
),
lists AS (
    -- values that only signs part
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>(?:[.:,/\-_~+@#\\% ]*<\*>)+', '<*>', 'g')
        ELSE text END AS text
    FROM dates
),
months AS (
    -- a month between numbers
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+<\*>', '<*>', 'g')
        ELSE text END AS text
    FROM lists
),
amounts AS (
    -- an amount of money
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '[$¢£¥₩€₹₽₺]\s?<\*>|<\*>\s?[$¢£¥₩€₹₽₺]|\b(?:EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CAD|AUD|INR|CNY|BRL)\s<\*>|<\*>\s(?:EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CAD|AUD|INR|CNY|BRL)\b', '<*>', 'g')
        ELSE text END AS text
    FROM months
),
units AS (
    -- a number and its unit
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s?(?:(?:[KMGTkmgt]?i?[Bb]|[KMGTkmgt]?i?[Bb]ytes?|[mun]?s|[mM]illi[sS]ec(?:ond)?s?|MILLISECONDS|secs?|[sS]econds?|mins?|[mM]inutes?|[hH]ours?|[dD]ays?|[MGk]?Hz|[MGK]bps|[kcm]?m|[km]?g|m?[lL]|px|°[CF])\b|%)', '<*>', 'g')
        ELSE text END AS text
    FROM amounts
),
codes AS (
    -- a code in words is no value, and one that is still a number is a status: the mark keeps it from what follows
    SELECT
        original,
        CASE WHEN contains(text, '=') THEN
            regexp_replace(
                regexp_replace(text, '\b(codes?|status) ?= ?([A-Za-z])', e'\\1 \x02 \\2', 'g'),
                '(?i)(codes?|status) ?= ?(-?[0-9])', e'\\1 \x02 \\2', 'g'
            )
        ELSE text END AS text
    FROM units
),
pairs AS (
    -- key=value
    SELECT
        original,
        CASE WHEN contains(text, '=') THEN
            regexp_replace(text, '=(?:[ ]?<\*>|[ ]?"[^"]*"|[ ]?''[^'']*''|[^\s,;()\[\]{}"''=<>]+)', '=<*>', 'g')
        ELSE text END AS text
    FROM codes
),
honorifics AS (
    -- a name before an honorific that is written together with it
    SELECT
        original,
        CASE WHEN contains(text, '님') THEN
            regexp_replace(text, '[가-힣]{2,4}님', '<*>님', 'g')
        ELSE text END AS text
    FROM pairs
),
quotes AS (
    -- what stands in quotes, if it is short
    SELECT
        original,
        CASE WHEN regexp_matches(text, '[''"«“„「『]') THEN
            regexp_replace(text, '\B''[^''<>]{1,40}''|\B''<\*>(?:[^''<>]|<\*>){0,40}''|\B"(?:[^"<>]{1,40}|[a-z\x{DF}-\x{24F}](?:[^"<>]|<\*>){1,40})"|«[^»]{1,60}»|“[^”]{1,60}”|„[^“”]{1,60}[“”]|「[^」]{1,60}」|『[^』]{1,60}』', '''<*>''', 'g')
        ELSE text END AS text
    FROM honorifics
),
truths AS (
    -- a truth, or nothing, after a colon
    SELECT
        original,
        CASE WHEN contains(text, ':') THEN
            regexp_replace(text, ':[ ]?(?:true|false|True|False|TRUE|FALSE|null|NULL|None|nil|undefined)\b', ':<*>', 'g')
        ELSE text END AS text
    FROM quotes
),
empties AS (
    -- an empty slot is a value, too
    SELECT
        original,
        CASE WHEN contains(text, '()') THEN
            regexp_replace(text, '\(\)', '(<*>)', 'g')
        ELSE text END AS text
    FROM truths
),
ports AS (
    -- an address in brackets and a port
    SELECT
        original,
        CASE WHEN contains(text, '[<*>]:') THEN
            regexp_replace(text, '\[<\*>\]:<\*>', '<*>', 'g')
        ELSE text END AS text
    FROM empties
),
twice AS (
    -- a value, and the same in other words
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>\s?\(<\*>\)', '<*>', 'g')
        ELSE text END AS text
    FROM ports
),
again AS (
    -- values that only signs part, now that there are more
    SELECT
        original,
        CASE WHEN contains(text, '<*>') THEN
            regexp_replace(text, '<\*>(?:[.:,/\-_~+@#\\% ]*<\*>)+', '<*>', 'g')
        ELSE text END AS text
    FROM twice
)
SELECT
    shapes_to_mine.shape_id AS text_id,
    CAST(dense_rank() OVER (ORDER BY shapes_to_mine.error_type, shapes_to_mine.error_code NULLS FIRST) AS INTEGER)
        AS group_id,
    mining_parted(
        replace(
            CASE WHEN starts_with(again.text, ' ') OR ends_with(again.text, ' ') THEN trim(again.text) ELSE again.text END,
            chr(2), '='
        )
    ) AS text,
    shapes_to_mine.events,
    false AS is_new
FROM shapes_to_mine
JOIN again ON again.original = shapes_to_mine.shape;

CREATE OR REPLACE TEMP TABLE mining_members AS
SELECT shape_id, shape_id AS text_id
FROM shapes_to_mine;

CREATE OR REPLACE TEMP TABLE mining_words (
    text_id INTEGER, place INTEGER, word VARCHAR,
    word_hash BIGINT, lead_hash UBIGINT, trail_hash UBIGINT, singular_hash UBIGINT,
    is_wild BOOLEAN, is_sign BOOLEAN, is_bare BOOLEAN, is_constant BOOLEAN, weight INTEGER, may_vary BOOLEAN, is_name BOOLEAN, is_caps BOOLEAN,
    is_plain BOOLEAN, is_participle BOOLEAN, is_open BOOLEAN, may_follow BOOLEAN, is_identifier BOOLEAN, is_hyphenated BOOLEAN, is_caseless BOOLEAN, is_particle BOOLEAN, is_after_noun BOOLEAN
);

CREATE OR REPLACE TEMP TABLE mining_vocabulary (
    word VARCHAR, lead VARCHAR, trail VARCHAR, core VARCHAR,
    word_hash BIGINT, lead_hash UBIGINT, trail_hash UBIGINT, singular_hash UBIGINT,
    is_wild BOOLEAN, is_sign BOOLEAN, is_bare BOOLEAN, is_constant BOOLEAN, weight INTEGER, may_vary BOOLEAN, is_name BOOLEAN, is_caps BOOLEAN,
    is_plain BOOLEAN, is_participle BOOLEAN, is_open BOOLEAN, may_follow BOOLEAN, is_identifier BOOLEAN, is_hyphenated BOOLEAN, is_caseless BOOLEAN, is_particle BOOLEAN, is_noun BOOLEAN
);

CREATE OR REPLACE TEMP TABLE mining_waiting (text_id INTEGER, group_id INTEGER, text VARCHAR, events BIGINT);

CREATE OR REPLACE TEMP TABLE mining_waiting_members (shape_id INTEGER, text_id INTEGER);

CREATE OR REPLACE TEMP TABLE mining_matched (text_id INTEGER, template_id INTEGER);
