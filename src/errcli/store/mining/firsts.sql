-- firsts: of stretches that were read one by one, which events are the first of their twins?
-- grain:  mining_unread: one row per event, with the columns of to_shape; the answer: how many they are
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW mining_unread AS
FROM to_shape
SEMI JOIN mining_twins AS twins ON twins.twin = to_shape.seq;

SELECT count(DISTINCT twin)
FROM mining_twins;
