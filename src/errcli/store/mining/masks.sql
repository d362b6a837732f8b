-- masks: what in a message is a value by its looks?
-- grain:  macros
-- params: none
-- order:  none
-- RE2 is fast where a pattern has no captures. To prepare one takes long: what is asked for is better asked for once.

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

-- The engine's own hash may be equal for texts that differ in two letters eight bytes apart, but not at two offsets as well.
CREATE OR REPLACE TEMP MACRO mining_hash(text) AS hash(text, CASE WHEN strlen(text) > 15 THEN '.' || text END);

-- As much of a message as counts; most are short, and to count letters takes time.
CREATE OR REPLACE TEMP MACRO mining_beginning(message) AS
    CASE WHEN strlen(message) <= 1000 THEN message ELSE left(message, 1000) END;

-- A text with the digits of other scripts as those of ASCII.
CREATE OR REPLACE TEMP MACRO mining_digits(text) AS CASE
    WHEN strlen(text) = length(text) OR NOT regexp_matches(text, '[٠-٩۰-۹०-९০-৯๐-๙０-９]') THEN text
    ELSE translate(
        text, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９', repeat('0123456789', 6)
    )
END;

-- A message like that, and without what marks places in it.
CREATE OR REPLACE TEMP MACRO mining_plain(message) AS CASE
    WHEN contains(message, chr(1)) OR contains(message, chr(2))
        THEN mining_digits(replace(replace(message, chr(1), ' '), chr(2), ' '))
    ELSE mining_digits(message)
END;

-- A number that is no value: 404 and 500 are two errors. `failure` is what the first digit of a failure of HTTP is. A word
-- alone is not enough: there are codes of towns and vouchers, and a status 200 is beside the point.
CREATE OR REPLACE TEMP MACRO mining_status_pattern_of(failure) AS concat_ws(
    '|',
    '\b(?i:'
    || '(?:HTTP(?:/[0-9.]+)?"?|SMTP|errno|signal|(?:HTTP|exit)[ _\-]?status|(?:responded|replied|answered|returned) with'
    || '|(?:exit|error|status|return|response|result|reason|failure|fault|stop|abort|termination|HTTP|RPC|SMTP|SQL|OS|system)'
    || '[ _\-]?codes?|(?:with|by) codes?|(?:MySQL|MariaDB|SQL|Winsock|OS|system) error)'
    || '(?: ?[:=] ?| ?[(\[]| )[#\-]?[0-9]{1,5}'
    || '|SQLSTATE(?: ?[:=] ?| ?[(\[]| )[0-9A-Z]{2,5}|ORA-[0-9]{5}'
    || '|status(?: ?= ?| ?[(\[]| )' || failure || '[0-9]{2}'
    || ')\b',
    '(?i:^codes? ?[:=] ?|[(\[,;:.] ?codes?(?: ?[:=] ?| ?[(\[]| ))[#\-]?[0-9]{1,5}\b',
    -- what stands behind it tells that it is no amount
    '\b(?i:failed with|failed|returned|responded|answered|replied|got|received|errors?)(?: ?: ?| ?\(| )' || failure
    || '[0-9]{2}(?:[.,;:)\]]|$| (?:for|from|on|at|by|in|to|while|when|after)\b)',
    '\b' || failure || '[0-9]{2} (?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed'
    || '|Not Acceptable|Request Time-?out|Conflict|Gone|Payload Too Large|Unprocessable (?:Entity|Content)|Too Many Requests'
    || '|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Time-?out)\b'
);

CREATE OR REPLACE TEMP MACRO mining_status_pattern() AS mining_status_pattern_of('[45]');

-- Whether a message may hold a status if its digits are others.
CREATE OR REPLACE TEMP MACRO mining_may_hold_status(message) AS
    regexp_matches(message, mining_status_pattern_of('[0-9]'));

-- The first status of a message that may hold one; '' where there is none.
CREATE OR REPLACE TEMP MACRO mining_status(message) AS regexp_extract(message, mining_status_pattern());

-- A message whose values are taken out, but for its status, NULL or '' where there is none.
CREATE OR REPLACE TEMP MACRO mining_masked(message, status) AS replace(
    regexp_replace(
        CASE WHEN status <> '' THEN replace(message, status, chr(1)) ELSE message END, mining_value_pattern(), '<*>', 'g'
    ),
    chr(1),
    coalesce(status, '')
);

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

-- Whether a text that a message repeats is a value: no truth, no list, long enough to be no accident, if it is no code of a
-- country or a language, and nothing that is masked by its looks anyway.
CREATE OR REPLACE TEMP MACRO mining_is_value(value) AS CASE
    WHEN strlen(value) NOT BETWEEN 2 AND 200 THEN false
    WHEN strlen(value) = 2 THEN regexp_matches(value, '^[A-Z]{2}$')
    ELSE
        value NOT IN ('true', 'false', 'null')
        AND regexp_matches(value, '[A-Za-z\x{80}-\x{10FFFF}]')
        AND NOT regexp_matches(
            value, '^[{\[]|^[^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）]*[0-9][^\s,;:=|<>()\[\]{}"''«»“”„「」『』（）]*$'
        )
END;

-- A text with a zero for each digit, as zeroed.py makes it.
CREATE OR REPLACE TEMP MACRO mining_zeroed_text(text) AS regexp_replace(text, '[1-9]', '0', 'g');
