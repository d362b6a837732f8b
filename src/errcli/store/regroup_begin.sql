-- regroup_begin: nothing is looked at anew yet; how many rows are there to be?
-- grain:  regrouped_shapes: one row per shape that is found, with the columns of kinds but for the place, kind being its
--         number; regrouped_ways: one row per part, old shape and number of the new one: shape_id, NULL where there was none;
--         kind; looked_at, how many rows of regrouping went this way; events and errors, of those that are events;
--         regrouped_events: one row per event whose shape is another now: row_id, date (UTC), kind;
--         the answer: the highest row, -1 where there is none
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE regrouped_shapes (
    kind UBIGINT, named_by VARCHAR, shape_type VARCHAR, shape_code VARCHAR, shape VARCHAR, shape_hash VARCHAR
);

CREATE OR REPLACE TEMP TABLE regrouped_ways (shape_id INTEGER, kind UBIGINT, looked_at BIGINT, events BIGINT, errors BIGINT);

CREATE OR REPLACE TEMP TABLE regrouped_events (row_id BIGINT, date DATE, kind UBIGINT);

SELECT coalesce(max(rowid), -1) AS highest
FROM user_errors;
