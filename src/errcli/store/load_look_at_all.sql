-- load_look_at_all: look at each of the lines just read.
-- grain:  looked_at: one row per event: seq
-- params: first: the seq of the first line
-- order:  none
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT seq
FROM temp.arriving
WHERE plain AND seq >= $first;
