-- word_macros: where does a word of a text begin and end, and what may be told of it?
-- grain:  macros
-- params: none
-- order:  none

-- A word may also begin after a colon or a bracket; where a script has no blanks, each sign is one. The mark tells where
-- there was no blank.
CREATE OR REPLACE TEMP MACRO mining_parted(text) AS regexp_replace(
    CASE
        WHEN strlen(text) = length(text) THEN text
        ELSE replace(
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
    END,
    '([:(])([A-Za-z\x{C0}-\x{10FFFF}])', e'\\1 \x01\\2', 'g'
);

CREATE OR REPLACE TEMP MACRO mining_joined(text) AS replace(text, e' \x01', '');

-- The punctuation before a word, and behind it.
CREATE OR REPLACE TEMP MACRO mining_lead(word) AS regexp_extract(word, e'^\x01?[(\\[{"''¿¡]*');

CREATE OR REPLACE TEMP MACRO mining_trail(word, lead) AS CASE
    WHEN length(lead) >= length(word) THEN ''
    -- a bracket that the word itself opens is a part of it
    WHEN regexp_matches(word, e'[^\x01(\\[{][(\\[{]') THEN regexp_extract(word, '["'',;:.!?…]*$')
    -- the dot of an abbreviation, too
    WHEN regexp_matches(word, '^(?:[A-Za-z]+\.){2,}$') THEN ''
    WHEN regexp_matches(word, '^(?:Ltd|Inc|Co|Corp|Bros|Jr|Sr|St|Dr|Mr|Mrs|Ms|Prof|Sp)\.')
        THEN regexp_extract(word, e'^[^.]*\\.(.*)$', 1)
    ELSE regexp_extract(word, e'[)\\]}"'',;:.!?…]*$')
END;

-- What is left of a word that is a value.
CREATE OR REPLACE TEMP MACRO mining_emptied(word) AS CASE
    WHEN regexp_matches(word, '^[A-Za-z]+$') THEN '<*>'
    ELSE mining_lead(word) || '<*>' || mining_trail(word, mining_lead(word))
END;

-- A word behind which a name or an id is to be expected.
CREATE OR REPLACE TEMP MACRO mining_is_noun(word) AS lower(word) IN (
    'user', 'users', 'username', 'login', 'account', 'customer', 'client', 'member', 'contact', 'person', 'author',
    'owner', 'admin', 'tenant', 'team', 'group', 'role', 'project', 'workspace', 'plan', 'product', 'category', 'tag',
    'agent', 'tool', 'model', 'workflow', 'job', 'task', 'queue', 'topic', 'worker', 'host', 'hostname', 'node',
    'server', 'device', 'region', 'city', 'country', 'bank', 'file', 'folder', 'directory', 'bucket', 'table',
    'column', 'field', 'database', 'package', 'module', 'class', 'function', 'plugin', 'named', 'called'
);

-- How many texts of a type and code are compared with each other: a few thousand tell what there is to be learned.
CREATE OR REPLACE TEMP MACRO mining_most() AS 10000;
