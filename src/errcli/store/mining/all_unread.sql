-- all_unread: which events are there, where it is known of none yet which are its twins?
-- grain:  as in unread
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW mining_unread AS
FROM to_shape;
