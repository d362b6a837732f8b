-- known: of which events is it known which are their twins?
-- grain:  mining_known: one row per event: seq; the answer: how many there are
-- params: none
-- order:  none
-- Noted once: of many parts each would be held against all before it.
CREATE OR REPLACE TEMP TABLE mining_known AS
SELECT seq
FROM mining_twins;
