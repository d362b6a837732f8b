-- crowds: how many texts has the type and code with the most, and are these more than are compared with each other?
-- grain:  one row: texts, is_crowded
-- params: none
-- order:  none
SELECT max(texts) AS texts, max(texts) > mining_most() AS is_crowded
FROM (SELECT count(*) AS texts FROM mining_texts GROUP BY group_id) AS groups;
