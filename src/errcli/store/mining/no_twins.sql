-- no_twins: no event is read yet.
-- grain:  mining_twins: one row per event: seq, kind; twin, a number that those have which are alike; is_exact,
--         whether they have the same shape for certain
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_twins (seq BIGINT, kind UBIGINT, twin BIGINT, is_exact BOOLEAN);
