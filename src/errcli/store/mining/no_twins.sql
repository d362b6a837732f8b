-- no_twins: no event is looked at yet.
-- grain:  mining_twins: one row per event: seq, kind; twin, a hash; is_exact, whether twins have the same shape for
--         certain; shaped: one row per event: seq; kind, a hash; example, which is an event that was looked at;
--         example_shapes: one row per such event: example, shape; by_digits, whether twins may have another
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_twins (seq BIGINT, kind UBIGINT, twin UBIGINT, is_exact BOOLEAN);

CREATE OR REPLACE TEMP TABLE shaped (seq BIGINT, kind UBIGINT, example BIGINT);

CREATE OR REPLACE TEMP TABLE example_shapes (example BIGINT, shape VARCHAR, by_digits BOOLEAN);
