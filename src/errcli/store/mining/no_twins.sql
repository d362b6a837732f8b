-- no_twins: no event is looked at yet.
-- grain:  mining_twins: one row per event: seq; twin, a hash; is_exact, whether twins have the same shape for certain;
--         shaped: one row per event: seq, shape
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_twins (seq BIGINT, twin UBIGINT, is_exact BOOLEAN);

CREATE OR REPLACE TEMP TABLE shaped (seq BIGINT, shape VARCHAR);
