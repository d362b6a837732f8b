-- crowds: is there a type and code with more texts than are compared with each other?
-- grain:  one row: is_crowded
-- params: none
-- order:  none
SELECT count(*) > 0 AS is_crowded
FROM (SELECT group_id FROM mining_texts GROUP BY group_id HAVING count(*) > mining_most()) AS crowds;
