-- alone: which events are looked at, where each is?
-- grain:  mining_chosen, as in chosen.sql, one row per event; the answer: as there
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_chosen AS
SELECT seq AS twin, seq, true AS is_sure
FROM to_shape;

SELECT count(*) AS chosen, coalesce(min(seq), 0) AS lowest, coalesce(max(seq), -1) AS highest
FROM mining_chosen;
