-- load_sort: put the arriving events into the order of time.
-- grain:  one row per arriving event
-- params: none
-- order:  by time, then as in the file
CREATE OR REPLACE TEMP TABLE arriving AS
FROM temp.arriving
ORDER BY timestamp, seq;
