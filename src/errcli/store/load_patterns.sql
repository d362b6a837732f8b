-- load_patterns: to which pattern does each place of the arriving events belong?
-- grain:  one row per (error_type, page, action)
-- params: none
-- order:  none
-- A pattern's lasting id is the SHA-256 of its parts as a JSON array, nulls apart from text.
CREATE OR REPLACE TEMP TABLE arriving_patterns AS
SELECT *, sha256(CAST(json_array(error_type, page, action) AS VARCHAR)) AS pattern_hash
FROM (SELECT DISTINCT error_type, page, action FROM memory.arriving) AS places;
