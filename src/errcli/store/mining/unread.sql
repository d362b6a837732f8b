-- unread: of which events is not known yet which are their twins?
-- grain:  mining_unread: one row per event, with the columns of to_shape
-- params: none
-- order:  none
-- What is known is noted once: of many parts each would be held against all before it.
CREATE OR REPLACE TEMP TABLE mining_known AS
SELECT seq
FROM mining_twins;

CREATE OR REPLACE TEMP VIEW mining_unread AS
FROM to_shape
ANTI JOIN mining_known ON mining_known.seq = to_shape.seq;
