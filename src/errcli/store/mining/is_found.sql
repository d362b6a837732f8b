-- is_found: has the pass found a value?
-- grain:  one row: is_found
-- params: none
-- order:  none
SELECT count(*) > 0 AS is_found
FROM mining_found;
