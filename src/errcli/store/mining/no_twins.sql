-- no_twins: no event is read yet.
-- grain:  mining_twins: one row per event: seq, kind; twin, a hash; is_exact, whether twins have the same shape for
--         certain
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_twins (seq BIGINT, kind UBIGINT, twin UBIGINT, is_exact BOOLEAN);
