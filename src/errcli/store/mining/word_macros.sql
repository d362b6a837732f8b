-- word_macros: where does a word of a text begin and end, and what may be told of it?
-- grain:  macros
-- params: none
-- order:  none

-- A text without the marks of where there was no blank, as begin.sql sets them.
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

-- The rows of a table, those with an even number and the others. The rows of a table are read by one thread each 122,880; so
-- two read even fewer.
CREATE OR REPLACE TEMP MACRO mining_in_halves(name, number) AS TABLE
    FROM query_table(name) WHERE number % 2 = 0
    UNION ALL
    FROM query_table(name) WHERE number % 2 = 1;

-- How many texts of a type and code are compared with each other: a few thousand tell what there is to be learned.
CREATE OR REPLACE TEMP MACRO mining_most() AS 10000;
