-- add_twins: note the twins of a stretch.
-- grain:  the rows of mining_twins
-- params: none
-- order:  none
INSERT INTO mining_twins
FROM mining_part;
