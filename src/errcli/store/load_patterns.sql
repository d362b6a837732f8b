-- load_patterns: to which pattern does each arriving event belong that is not known?
-- grain:  arriving_patterns: one row per (error_type, page, action); new_events: one row per event, with pattern_hash
-- params: none
-- order:  none
-- A pattern's lasting id is the SHA-256 of its parts as a JSON array, nulls apart from text.
CREATE OR REPLACE TEMP TABLE arriving_patterns AS
SELECT *, sha256(CAST(json_array(error_type, page, action) AS VARCHAR)) AS pattern_hash
FROM (SELECT DISTINCT error_type, page, action FROM temp.arriving) AS places;

CREATE OR REPLACE TEMP VIEW new_events AS
SELECT arriving.*, arriving_patterns.pattern_hash
FROM temp.arriving
JOIN arriving_patterns
    ON arriving_patterns.error_type = arriving.error_type
    AND arriving_patterns.page IS NOT DISTINCT FROM arriving.page
    AND arriving_patterns.action IS NOT DISTINCT FROM arriving.action
ANTI JOIN known ON known.seq = arriving.seq;
