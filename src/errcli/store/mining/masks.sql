-- masks: what in a message is a value by its looks?
-- grain:  macros
-- params: none
-- order:  none
-- RE2 is fast where a pattern has no captures.

-- What ends a value that has no blanks in it.
CREATE OR REPLACE TEMP MACRO mining_value_pattern() AS concat_ws(
    '|',
    -- an address on the web, of mail, of a file
    '[A-Za-z][A-Za-z0-9+.\-]*://[^\s"''<>()\[\]{},;]+',
    '[A-Za-z0-9_.+\-]+@[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+',
    '\B(?:/|\\\\)[^\s"''<>()\[\]{},;]+',
    '\b[A-Za-z]:\\[^\s"''<>()\[\]{},;]+',
    -- a word that holds a digit
    '[^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）぀-ヿ㐀-鿿]*[0-9][^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）぀-ヿ㐀-鿿]*'
);

-- As much of a message as counts; most are short, and to count letters takes time.
CREATE OR REPLACE TEMP MACRO mining_beginning(message) AS
    CASE WHEN strlen(message) <= 1000 THEN message ELSE left(message, 1000) END;

-- A number that is no value: 404 and 500 are two errors.
CREATE OR REPLACE TEMP MACRO mining_status_pattern() AS
    '\b(?i:HTTP|SMTP|SQLSTATE|errno|signal|codes?|(?:HTTP|exit) status|(?:responded|replied|answered|returned) with)'
    || ':? #?[0-9]{1,5}\b';

-- A message whose values are taken out, but for the first status.
CREATE OR REPLACE TEMP MACRO mining_masked(message) AS CASE
    WHEN regexp_matches(message, mining_status_pattern()) THEN replace(
        regexp_replace(
            replace(message, regexp_extract(message, mining_status_pattern()), chr(1)), mining_value_pattern(), '<*>', 'g'
        ),
        chr(1),
        regexp_extract(message, mining_status_pattern())
    )
    ELSE regexp_replace(message, mining_value_pattern(), '<*>', 'g')
END;

-- A message without one value, wherever that is no part of a longer word. Scripts without blanks have no such words.
CREATE OR REPLACE TEMP MACRO mining_without(message, value) AS CASE
    WHEN NOT regexp_matches(replace(message, value, chr(1)), e'[0-9A-Za-z_]\x01|\x01[0-9A-Za-z_]')
        THEN replace(message, value, '<*>')
    ELSE replace(
        replace(
            regexp_replace(
                regexp_replace(
                    replace(message, value, chr(1)),
                    CASE WHEN regexp_matches(value, '^[0-9A-Za-z_]') THEN e'([0-9A-Za-z_])\x01' ELSE e'(\x02)\x01' END,
                    e'\\1\x02', 'g'
                ),
                CASE WHEN regexp_matches(value, '[0-9A-Za-z_]$') THEN e'\x01([0-9A-Za-z_])' ELSE e'\x01(\x02)' END,
                e'\x02\\1', 'g'
            ),
            chr(2), value
        ),
        chr(1), '<*>'
    )
END;

-- Whether a text that a message repeats is a value: no truth, no list, long enough to be no accident, and nothing that is
-- masked by its looks anyway.
CREATE OR REPLACE TEMP MACRO mining_is_value(value) AS (
    strlen(value) BETWEEN 3 AND 200
    AND value NOT IN ('true', 'false', 'null')
    AND regexp_matches(value, '[A-Za-z\x{80}-\x{10FFFF}]')
    AND NOT regexp_matches(
        value, '^[{\[]|^[^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）]*[0-9][^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）]*$'
    )
);

-- A text with a zero for each digit, as zeroed.py makes it.
CREATE OR REPLACE TEMP MACRO mining_zeroed_text(text) AS regexp_replace(text, '[1-9]', '0', 'g');
