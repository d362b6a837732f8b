-- load_fresh: which staged events does the store not have yet?
-- grain:  one row per event to store: seq, its place in the file; of the same id the first
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT min(staged.seq) AS seq
FROM staged
WHERE staged.timestamp > coalesce((SELECT max(horizon) FROM prunes), '-infinity')
    AND NOT EXISTS (SELECT 1 FROM user_errors WHERE user_errors.id = CAST(staged.id AS UUID))
GROUP BY staged.id;
