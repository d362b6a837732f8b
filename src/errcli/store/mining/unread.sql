-- unread: of which events is it not known yet which are their twins?
-- grain:  mining_unread: one row per event, with the columns of to_shape
-- params: none
-- order:  none
-- What is known is noted once: of many parts each would be held against all before it.
CREATE OR REPLACE TEMP TABLE mining_known AS
SELECT seq
FROM mining_twins;

-- the engine makes a column of to_shape once for this join, and else anew wherever to_zero mentions it
CREATE OR REPLACE TEMP VIEW mining_unread AS
FROM to_shape
ANTI JOIN mining_known ON mining_known.seq = to_shape.seq;
