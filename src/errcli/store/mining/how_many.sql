-- how_many: how many events are there, and of how many is it not known yet which are their twins?
-- grain:  one row: events, unread
-- params: none
-- order:  none
-- Numbers that are as many and have the same sum: to look for each takes longer, and is done only where they differ.
SELECT
    given.events,
    CASE
        WHEN given.events = known.events AND given.total IS NOT DISTINCT FROM known.total THEN 0
        ELSE greatest(given.events - known.events, 1)
    END AS unread
FROM (SELECT count(*) AS events, sum(seq) AS total FROM to_shape) AS given
CROSS JOIN (SELECT count(*) AS events, sum(seq) AS total FROM mining_twins) AS known;
