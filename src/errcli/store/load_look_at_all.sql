-- load_look_at_all: look at every event that the engine has read.
-- grain:  looked_at: one row per such event: seq
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT seq
FROM temp.arriving
WHERE plain;
