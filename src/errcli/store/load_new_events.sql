-- load_new_events: at which place did each arriving event happen that is not known, and which shape does it have?
-- grain:  one row per event: the columns of arriving, place_hash and shape_id
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW new_events AS
SELECT arriving.*, kind_shapes.place_hash, kind_shapes.shape_id
FROM temp.arriving
JOIN shaped ON shaped.seq = arriving.seq
JOIN kind_shapes ON kind_shapes.kind = shaped.kind;
