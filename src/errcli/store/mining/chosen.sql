-- chosen: of twins, which one is looked at?
-- grain:  one row per twin: twin; seq, the first; is_sure, whether it stands for all of them
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_chosen AS
SELECT twin, min(seq) AS seq, bool_and(is_exact) OR count(*) = 1 AS is_sure
FROM mining_twins
GROUP BY twin;
