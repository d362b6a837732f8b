-- no_shapes: no event is looked at yet.
-- grain:  shaped: one row per event: seq; kind, a hash; example, which is an event that was looked at;
--         example_shapes: one row per such event: example, shape; by_digits, whether twins may have another
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE shaped (seq BIGINT, kind UBIGINT, example BIGINT);

CREATE OR REPLACE TEMP TABLE example_shapes (example BIGINT, shape VARCHAR, by_digits BOOLEAN);
