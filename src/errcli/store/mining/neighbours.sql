-- neighbours: is there a text that has another one of its type and code to be compared with?
-- grain:  one row: has_neighbours
-- params: none
-- order:  none
SELECT count(*) > 0 AS has_neighbours
FROM (SELECT group_id FROM mining_texts GROUP BY group_id HAVING count(*) > 1) AS groups;
