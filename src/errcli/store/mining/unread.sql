-- unread: of which events is it not known yet which are their twins?
-- grain:  mining_unread: one row per event, with the columns of to_shape
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW mining_unread AS
FROM to_shape
ANTI JOIN mining_known ON mining_known.seq = to_shape.seq;
