-- chosen: of twins, which one is looked at?
-- grain:  mining_chosen: one row per twin: twin; seq, the first; is_sure, whether it stands for all of them; the answer: how
--         many there are, and the lowest and highest seq, 0 and -1 where there are none
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_chosen AS
SELECT twin, min(seq) AS seq, bool_and(is_exact) OR count(*) = 1 AS is_sure
FROM mining_twins
GROUP BY twin;

SELECT count(*) AS chosen, coalesce(min(seq), 0) AS lowest, coalesce(max(seq), -1) AS highest
FROM mining_chosen;
