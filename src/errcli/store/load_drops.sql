-- load_drops: how many of the arriving events does each rule drop?
-- grain:  one row per rule: rule, events
-- params: none
-- order:  by rule
SELECT rule, count(*) AS events
FROM known
WHERE rule IS NOT NULL
GROUP BY rule
ORDER BY rule;
